"""Home, sections and policy articles, and the resolver that finds every Wagtail page."""
