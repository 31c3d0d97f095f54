"""``{{ page|page_path }}``: the address of a Wagtail page in the language that is being read, without a query."""

from typing import Any

from django import template

from base.shell import pages

register = template.Library()


@register.filter
def page_path(page: Any) -> str:
    """The path of a page."""
    return pages.page_path(page)
