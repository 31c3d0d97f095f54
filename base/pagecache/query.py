"""Which query names public pages read, and a request's query in one settled order."""

from __future__ import annotations

from typing import Final
from urllib.parse import parse_qsl

from django.http import HttpRequest
from django.urls import get_resolver

MAX_LENGTH: Final = 512  # a longer query is answered but not kept
MAX_FIELDS: Final = 20

known_names: Final[set[str]] = set()  # filled by @public_page when the views are imported


def pairs(request: HttpRequest) -> list[tuple[str, str]] | None:
    """Return the pairs whose name some public page reads, sorted by name; None if there are too many.

    Repeated names keep their order among themselves, since ``?a=1&a=2`` and ``?a=2&a=1`` may differ.
    """
    raw = request.META.get("QUERY_STRING", "")
    if not raw:
        return []
    get_resolver(getattr(request, "urlconf", None)).url_patterns  # noqa: B018  (imports every view, once)
    if len(raw) > MAX_LENGTH:
        return None
    try:
        found = parse_qsl(raw, keep_blank_values=True, max_num_fields=MAX_FIELDS)
    except ValueError:
        return None
    return sorted((pair for pair in found if pair[0] in known_names), key=lambda pair: pair[0])
