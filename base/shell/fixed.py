"""Pages that stay where they are and shown: the front page, and those to which it and the frame of every page link."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _
from wagtail.models import Page, Site

from base.shell.pages import SOURCE_LANGUAGE

SEGMENTS: Final = ("chinh-sach", "gioi-thieu", "hoc")  # addresses.py and the front page lead there
DEPTH: Final = 3  # Wagtail: 1 the root, 2 a home page, 3 the first segment of an address


def fixed_among(pages: Iterable[Any]) -> list[Any]:
    """Return those of the pages that are fixed. One query. Translations are not: Vietnamese answers in their place."""
    candidates = list(pages)
    front = Exists(Site.objects.filter(root_page=OuterRef("pk")))
    shelf = Q(depth=DEPTH, slug__in=SEGMENTS, locale__language_code=SOURCE_LANGUAGE)
    fixed = set(
        Page.objects.filter(front | shelf, pk__in=[page.pk for page in candidates]).values_list(
            "pk", flat=True
        )
    )
    return [page for page in candidates if page.pk in fixed]


def refusal(page: Any) -> str:
    """Return why a fixed page cannot be moved, deleted, unpublished or let end."""
    words = _(
        "“%(title)s” must stay here and be shown: the front page and the links on every page lead to it. "
        "Change its text instead."
    )
    return words % {"title": page.title}
