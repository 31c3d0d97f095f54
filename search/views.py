"""The search page: one box over everything, one ranked list, a chip with its count for each kind."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_safe

from base.pagecache import expires_at, public_page
from search.documents import Results
from search.indexing import STAMP
from search.queries import LAST_PAGE, PAGE_SIZE, search

PAGE_SIZE_SAVE_DATA = 8


@dataclass(frozen=True, slots=True)
class Chip:
    """A choice above the results."""

    label: object
    count: int
    url: str
    is_current: bool


@public_page(stamps=(STAMP, "market", "pages"), query=("q", "loai", "trang"))
@require_safe
def results(request: HttpRequest) -> HttpResponse:
    """Show a page of results; without a question, what can be asked."""
    kind = request.GET.get("loai", "")
    save_data = request.headers.get("Save-Data", "").lower() == "on"
    page_size = PAGE_SIZE_SAVE_DATA if save_data else PAGE_SIZE
    found = search(
        request.GET.get("q", ""),
        kind or None,
        _page_number(request.GET.get("trang", "")),
        languages=tuple({get_language() or settings.LANGUAGE_CODE, settings.LANGUAGE_CODE}),
        page_size=page_size,
    )
    for hit in found.hits:
        expires_at(request, hit.card.until)
    context = {"results": found, "chips": _chips(found), "page": _page(found, page_size)}
    return render(request, "search/results.html", context)


def _page_number(raw: str) -> int:
    return int(raw) if raw.isascii() and raw.isdigit() and len(raw) < 6 else 1


def _page(found: Results, page_size: int) -> Page[int]:
    """Return the page's number among all as Django's own object, for the shell's pagination. It holds no results."""
    numbers = range(min(found.total, LAST_PAGE * page_size))
    return Page([], found.page, Paginator(numbers, page_size))


def _chips(found: Results) -> Sequence[Chip]:
    if not found.total_all:
        return ()
    everything = Chip(gettext("All"), found.total_all, _url(found.text), is_current=found.kind is None)
    kinds = [
        Chip(count.label, count.count, _url(found.text, count.kind), is_current=count.kind == found.kind)
        for count in found.counts
    ]
    return (everything, *kinds)


def _url(question: str, kind: str = "") -> str:
    query = QueryDict(mutable=True)
    query["q"] = question
    if kind:
        query["loai"] = kind
    return f"?{query.urlencode()}"
