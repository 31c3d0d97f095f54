"""Commands: ``forget_pages``."""
