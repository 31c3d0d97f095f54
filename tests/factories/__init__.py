"""Makes what tests need, one module per part of the site."""
