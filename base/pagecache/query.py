"""Which query names public pages read, and a request's query in one settled order."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from django.http import HttpRequest
from django.urls import get_resolver

MAX_LENGTH: Final = 512  # a longer query is answered but not kept

known_names: Final[set[str]] = set()  # filled by @public_page when the views are imported


def pairs(request: HttpRequest, names: Collection[str]) -> list[tuple[str, str]]:
    """Return the query's pairs with one of these names, sorted by name.

    Read from ``request.GET``, so that the key and the view can never decode the same bytes differently. Repeated
    names keep their order among themselves, since ``?a=1&a=2`` and ``?a=2&a=1`` may differ.
    """
    return [
        (name, value) for name in sorted(names & request.GET.keys()) for value in request.GET.getlist(name)
    ]


def pairs_for_key(request: HttpRequest) -> list[tuple[str, str]] | None:
    """Return the pairs whose name some public page reads; None if the query is too long to keep a page for it."""
    raw = request.META.get("QUERY_STRING", "")
    if not raw:
        return []
    if len(raw) > MAX_LENGTH:
        return None
    get_resolver(getattr(request, "urlconf", None)).url_patterns  # noqa: B018  (imports every view, once)
    return pairs(request, known_names)
