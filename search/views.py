"""The search page: one box over everything, one ranked list, a chip with its count for each kind."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_safe

from base.pagecache import expires_at, public_page
from search import registry
from search.documents import Results
from search.engines.base import Filters
from search.facets import KIND
from search.finding import PAGE_SIZE, Chosen, find
from search.indexing import STAMP

PAGE_SIZE_SAVE_DATA = 8


@dataclass(frozen=True, slots=True)
class Chip:
    """A choice above the results."""

    label: object
    count: int
    url: str
    is_current: bool


@public_page(stamps=(STAMP, "market", "pages"), query=("q", "loai", "tiep"))
@require_safe
def results(request: HttpRequest) -> HttpResponse:
    """Show a page of results; without a question, what can be asked."""
    kind = request.GET.get("loai", "")
    save_data = request.headers.get("Save-Data", "").lower() == "on"
    chosen = Chosen(
        filters=Filters({KIND: (kind,)} if kind and registry.get(kind) else {}),
        cursor=request.GET.get("tiep", "")[:60],
        page_size=PAGE_SIZE_SAVE_DATA if save_data else PAGE_SIZE,
    )
    languages = tuple({get_language() or settings.LANGUAGE_CODE, settings.LANGUAGE_CODE})
    found = find(request.GET.get("q", ""), chosen, languages=languages)
    for hit in (*found.hits, *found.nearest):
        expires_at(request, hit.card.until)
    context = {
        "results": found,
        "chips": _chips(found, kind),
        "next_url": _url(found.text, kind, found.next_cursor) if found.next_cursor else "",
    }
    return render(request, "search/results.html", context)


def _chips(found: Results, kind: str) -> Sequence[Chip]:
    values = found.facets.get(KIND, ())
    total = sum(value.count for value in values)
    if not total:
        return ()
    everything = Chip(gettext("All"), total, _url(found.text), is_current=not kind)
    return (
        everything,
        *(Chip(value.label, value.count, _url(found.text, value.value), value.is_chosen) for value in values),
    )


def _url(question: str, kind: str = "", cursor: str = "") -> str:
    query = QueryDict(mutable=True)
    for name, value in (("q", question), ("loai", kind), ("tiep", cursor)):
        if value or name == "q":
            query[name] = value
    return f"?{query.urlencode()}"
