"""The search page: one box over everything, one ranked list, kinds with their counts, filters in the address."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_safe

from base.pagecache import expires_at, public_page, touches, visitors_own
from search import choices, missed, pictures
from search.engines.base import NO_FILTERS
from search.facets import KIND
from search.finding import PAGE_SIZE, Chosen, find
from search.indexing import STAMP
from search.narrowing import (
    AS_TYPED,
    CURSOR,
    NAMES,
    QUESTION,
    address,
    chosen_from,
    is_worth_keeping,
    reading_languages,
)

PAGE_SIZE_SAVE_DATA = 8


@public_page(stamps=(STAMP, "market", "pages"), query=NAMES)
@require_safe
def results(request: HttpRequest) -> HttpResponse:
    """Show a page of results; without a question, what can be asked."""
    save_data = request.headers.get("Save-Data", "").lower() == "on"
    chosen = chosen_from(request.GET, page_size=PAGE_SIZE_SAVE_DATA if save_data else PAGE_SIZE)
    languages = reading_languages()
    # Of a mixed list each kind costs a query already (at most six a page); of one kind there is room for its pictures.
    with_pictures = len(chosen.filters.values.get(KIND, ())) == 1 and not save_data
    asked = request.GET.get(QUESTION, "")
    found = find(asked, chosen, languages=languages, with_pictures=with_pictures)
    if with_pictures:
        touches(request, pictures.STAMP)
    for hit in (*found.hits, *found.nearest):
        expires_at(request, hit.card.until)
    if chosen.filters == NO_FILTERS and not (chosen.sort or chosen.cursor or chosen.is_as_typed):
        missed.note(found)
    if not is_worth_keeping(request.GET, found, chosen):
        visitors_own(request)
    is_nothing = found.is_understood and not (found.hits or found.nearest)
    if is_nothing and chosen.cursor:  # what the last page ended with, and all behind it, has gone
        return HttpResponseRedirect(address(found.text, chosen))
    context = {
        "results": found,
        "kinds": choices.kinds(found, chosen),
        "chips": choices.chips(found, chosen),
        "form": choices.form(found, chosen) if found.is_understood else None,
        "next_url": address(found.text, chosen, **{CURSOR: found.next_cursor}) if found.next_cursor else "",
        "meant_url": address(found.meant, chosen),
        "as_typed_url": address(found.text, chosen, **{AS_TYPED: "1"}),
        "plain_url": plain if (plain := address(found.text, Chosen())) != address(found.text, chosen) else "",
        "is_nothing": is_nothing,
        "ways_out": choices.ways_out(found, chosen, languages) if is_nothing else (),
        "whom_to_ask": choices.whom_to_ask() if is_nothing else (),
    }
    return render(request, "search/results.html", context)
