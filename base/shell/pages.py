"""Addresses of Wagtail pages, worked out from the row alone: no query, and in the language that is being read."""

from typing import Any

from django.urls import reverse
from django.utils import translation


def page_path(page: Any, language: str | None = None) -> str:
    """Return the path of a page ("/chinh-sach/vay-von/"), under the prefix of `language` or of the active one.

    One site, so the first part of ``url_path`` is the home page of some language. Wagtail's own ``page.url`` always
    answers in the page's own language, which would throw a reader of fallback content out of hers.
    """
    below_home = page.url_path.lstrip("/").partition("/")[2]
    if language is None:
        return reverse("wagtail_serve", args=[below_home])
    with translation.override(language):
        return reverse("wagtail_serve", args=[below_home])
