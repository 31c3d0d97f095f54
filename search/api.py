"""Search as JSON: /api/v1/tim for programs of others, /tim/goi-y/ for the script of the search box.

Both show what the search page shows and nothing else, so anybody's program may read them from anywhere: there is
nothing in an answer that a signed-in person would see differently, and no cookie is read (docs/api.md).
"""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import wraps
from typing import Any, Final

from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.views.decorators.csrf import csrf_exempt

from base.access import rates
from base.access.client import client_ip
from base.pagecache import expires_at, public_page, visitors_own
from base.shell import icons
from search import narrowing, pictures
from search.documents import Hit, Results, Value
from search.facets import FACETS
from search.finding import PAGE_SIZE, Chosen, find
from search.indexing import STAMP
from search.openapi import MOST_A_MINUTE, MOST_RESULTS, SIZE, document
from search.suggest import LONGEST, Suggestion, suggest

SUGGESTIONS_A_MINUTE: Final = 900
"""Of one address, which a whole commune may share; a fast typist makes four a second. Kept answers are not counted."""
SUGGESTIONS_KEPT: Final = dt.timedelta(minutes=10)
MINUTE_S: Final = 60
STAMPS: Final = (STAMP, "market", "pages", pictures.STAMP)
View = Callable[[HttpRequest], HttpResponseBase]


def reading(scope: str, most: int) -> Callable[[View], View]:
    """Make a view readable from other sites, by GET only, and at most so often a minute from one address.

    Stands outside `public_page`, which hides the visitor: what the page cache answers is neither counted nor refused.
    """

    def decorate(view: View) -> View:
        @csrf_exempt  # nothing is written here: any other method gets the answer of a program, not a page
        @wraps(view)
        def guarded(request: HttpRequest) -> HttpResponseBase:
            if request.method not in ("GET", "HEAD"):
                return refusal(
                    405, "method", gettext("This address can only be read (GET)."), Allow="GET, HEAD"
                )
            if not rates.hit(scope, client_ip(request), most, MINUTE_S):
                words = gettext("Too many requests from your address. Wait a minute, then try again.")
                return refusal(429, "too_many", words, **{"Retry-After": str(MINUTE_S)})
            return view(request)

        guarded.is_read_only = True  # type: ignore[attr-defined]  # for the test that looks for views without a token
        return guarded

    return decorate


@reading("api.suggestions", SUGGESTIONS_A_MINUTE)
@public_page(stamps=STAMPS, query=("q",))
def suggestions(request: HttpRequest) -> HttpResponse:
    """Complete what was typed: {"label", "suggestions": [{"text", "kind", "url", …}], "icons"}."""
    typed = request.GET.get("q", "")
    if len(typed) > LONGEST:
        visitors_own(request)  # nothing is completed, and nothing kept
    expires_at(request, timezone.now() + SUGGESTIONS_KEPT)
    is_saving = request.headers.get("Save-Data", "").lower() == "on"
    found = suggest(typed, narrowing.reading_languages(), with_pictures=not is_saving)
    drawn = {one.icon for one in found if not one.image}
    return _json(
        {
            "label": gettext("Suggestions"),
            "suggestions": [_suggestion(one) for one in found],
            "icons": {name: icons.path(name) for name in sorted(drawn)},
        }
    )


SIZES: Final = {str(number) for number in range(1, MOST_RESULTS + 1)}


@reading("api.found", MOST_A_MINUTE)
@public_page(stamps=STAMPS, query=(*narrowing.NAMES, SIZE))
def found(request: HttpRequest) -> HttpResponse:
    """Answer a question with the same parameters as the search page."""
    query = request.GET.copy()
    raw_size = query.pop(SIZE, [str(PAGE_SIZE)])[-1]
    if raw_size not in SIZES:  # 012 would be kept beside 12
        words = gettext("“%(name)s” is how many results to show: a number from 1 to %(most)d.")
        return refusal(400, "page_size", words % {"name": SIZE, "most": MOST_RESULTS})
    size = int(raw_size)
    chosen = narrowing.chosen_from(query, page_size=size)
    answer = find(
        query.get(narrowing.QUESTION, ""), chosen, languages=narrowing.reading_languages(), with_pictures=True
    )
    if not narrowing.is_worth_keeping(query, answer, chosen):
        visitors_own(request)  # answered, but not kept: there is no end to what could stand in an address
    hits = (*answer.hits, *answer.nearest)
    for hit in hits:
        expires_at(request, hit.card.until)
    return _readable(
        _json(
            {
                "question": answer.text,
                "meant": answer.meant,
                "total": answer.total,
                "results": [_result(request, hit) for hit in answer.hits],
                "nearest": [_result(request, hit) for hit in answer.nearest],
                "facets": [_facet(name, values) for name, values in answer.facets.items() if values],
                "next": _next(request, answer, chosen),
                "engine": answer.engine,
            }
        )
    )


@reading("api.description", MOST_A_MINUTE)
@public_page()
def description(request: HttpRequest) -> HttpResponse:
    """Describe the API in OpenAPI 3.1."""
    return _readable(_json(document()))


def unknown(request: HttpRequest, rest: str) -> HttpResponse:
    """Say to a program, in its own form, that there is no such address."""
    return refusal(404, "not_found", gettext("There is no such address. /api/v1/openapi.json lists all."))


def refusal(status: int, code: str, message: str, **headers: str) -> HttpResponse:
    """Return an error: a word for programs, a sentence for people."""
    body = {"error": {"code": code, "message": message}}
    return _readable(_json(body, status=status, headers={"Cache-Control": "no-store", **headers}))


def _suggestion(one: Suggestion) -> Mapping[str, str]:
    shown = {"text": one.text, "kind": one.label, "url": one.url}
    if one.language != get_language():
        shown["lang"] = one.language
    return shown | ({"image": one.image} if one.image else {"icon": one.icon})


def _result(request: HttpRequest, hit: Hit) -> Mapping[str, object]:
    card = hit.card
    shown: dict[str, object] = {
        "kind": hit.key.kind,
        "id": hit.key.object_id,
        "title": card.title,
        "url": request.build_absolute_uri(card.url),
        "summary": card.summary,
        "language": card.language,
    }
    shown.update((name, card.extra[name]) for name in ("price_vnd", "unit", "place") if card.extra.get(name))
    if hit.image:
        shown["image"] = request.build_absolute_uri(hit.image)
    return shown


def _facet(name: str, values: Sequence[Value]) -> Mapping[str, object]:
    return {
        "parameter": name,
        "label": str(FACETS[name].label),
        "values": [
            {"value": one.value, "label": one.label, "count": one.count, "is_chosen": one.is_chosen}
            for one in values
        ],
    }


def _next(request: HttpRequest, answer: Results, chosen: Chosen) -> str | None:
    if not answer.next_cursor:
        return None
    onward = replace(chosen, cursor="")
    size = f"&{SIZE}={chosen.page_size}" if chosen.page_size != PAGE_SIZE else ""
    address = narrowing.address(answer.text, onward, **{narrowing.CURSOR: answer.next_cursor})
    return request.build_absolute_uri(f"{request.path}{address}{size}")


def _json(body: Mapping[str, Any], **more: Any) -> JsonResponse:
    written = {"ensure_ascii": False, "separators": (",", ":")}
    return JsonResponse(body, json_dumps_params=written, **more)


def _readable(response: HttpResponse) -> HttpResponse:
    """Let programs of any site read it, and say how often they may ask."""
    response["Access-Control-Allow-Origin"] = "*"
    response["Access-Control-Expose-Headers"] = "ETag, RateLimit-Policy, Retry-After"
    response["RateLimit-Policy"] = f'"address";q={MOST_A_MINUTE};w={MINUTE_S}'
    return response
