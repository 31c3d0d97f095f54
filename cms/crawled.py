"""The public pages of every app for sitemaps: each in its own language, an alias only by what it is an alias of."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet
from wagtail.models import Page

from base.shell.crawlers import Shelf
from base.shell.pages import ShownPageQuerySet, path_from_url_path
from cms.moved import is_below_withdrawn
from cms.resolver import HOME_DEPTH


def _pages() -> QuerySet[Any, Any]:
    shown = (
        ShownPageQuerySet(Page).shown().filter(~is_below_withdrawn(), alias_of=None, depth__gte=HOME_DEPTH)
    )
    return shown.order_by("path")


def _paths(start: int, stop: int) -> Iterator[str]:
    for url_path, language in _pages().values_list("url_path", "locale__language_code")[start:stop]:
        yield path_from_url_path(url_path, language)


SHELF = Shelf(kind="trang", stamp="pages", count=lambda: _pages().count(), paths=_paths)
