"""The slug function that the settings name for Oscar (``OSCAR_SLUG_FUNCTION``); pages use the same."""

from base.shell.slugs import slugify

__all__ = ["slugify"]
