"""What a person chose beside the words, read from the address of the page, and written back into addresses.

Whatever stands in an address gives a page: what is not understood is left out, and what is left reads the same again.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final, NamedTuple
from urllib.parse import urlencode

from django.conf import settings
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import get_language

from base.pagecache import generations
from base.places.models import Commune
from search import prices, registry
from search.cursor import Cursor
from search.documents import Results
from search.engines.base import Filters, Sort
from search.facets import FACETS, KIND
from search.finding import Chosen

QUESTION: Final = "q"
LEAST: Final = "gia-tu"
MOST: Final = "gia-den"
READY: Final = "san"
SORT: Final = "sap"
NEAR: Final = "o"
"""Code of the commune where the reader is."""
AS_TYPED: Final = "dung"
"""Look for exactly what was typed, without repairs."""
CURSOR: Final = "tiep"
NAMES: Final = (QUESTION, *FACETS, LEAST, MOST, READY, SORT, NEAR, AS_TYPED, CURSOR)
"""Every parameter of the page, in the order in which addresses hold them."""

MOST_VALUES: Final = 8
"""Values of one facet that are used: nobody chooses more, and each costs the engines a term."""
ALL_KINDS: Final = (KIND, "nhom", "tinh", "xa", "chu-de")
"""What is counted while no kind is chosen."""
LONGEST_VALUE: Final = 60
_COMMUNE: Final = re.compile(r"[0-9]{5}")
_CURSOR_LENGTH: Final = 60
_DEAREST: Final = 10**12
_PLACES_KEPT_S: Final = 3600


def chosen_from(query: QueryDict, *, page_size: int) -> Chosen:
    """Return what was chosen, the question (`q`) apart. Never raises: what makes no sense counts as not there."""
    values = {name: found for name in FACETS if (found := _values(name, query.getlist(name)))}
    least, most = _vnd(query.get(LEAST, "")), _vnd(query.get(MOST, ""))
    if least is not None and most is not None and least > most:
        least, most = most, least
    commune = query.get(NEAR, "")
    place = place_of(commune)
    sort = query.get(SORT, "")
    cursor = query.get(CURSOR, "")[:_CURSOR_LENGTH]
    kinds = values.get(KIND, ())
    return Chosen(
        filters=Filters(
            values, least, most, ready_by=timezone.localdate() if query.get(READY) == "1" else None
        ),
        sort=Sort(sort) if sort in list(Sort) else Sort.RELEVANCE,
        commune=commune if place else "",
        province=place.province if place else "",
        cursor=cursor if Cursor.parse(cursor) else "",
        facets=counted(kinds, values),
        page_size=page_size,
        is_as_typed=query.get(AS_TYPED) == "1",
    )


def parameters(question: str, chosen: Chosen) -> dict[str, Sequence[str]]:
    """Return what stands in the address for this question and choice, without what was not chosen."""
    filters = chosen.filters
    found: dict[str, Sequence[str]] = {
        QUESTION: [question],
        **{name: filters.values.get(name, ()) for name in FACETS},
        LEAST: [] if filters.least_vnd is None else [str(filters.least_vnd)],
        MOST: [] if filters.most_vnd is None else [str(filters.most_vnd)],
        READY: ["1"] if filters.ready_by else [],
        SORT: [chosen.sort.value] if chosen.sort else [],
        NEAR: [chosen.commune] if chosen.commune else [],
        AS_TYPED: ["1"] if chosen.is_as_typed else [],
        CURSOR: [chosen.cursor] if chosen.cursor else [],
    }
    return {name: values for name, values in found.items() if values}


def address(question: str, chosen: Chosen, **changes: str | Sequence[str]) -> str:
    """Return the address of this question and choice with some parameters changed; "" or () leaves one out.

    It leads to the first page unless the cursor is among the changes. Names with a dash: ``**{"gia-tu": ""}``.
    """
    found = parameters(question, replace(chosen, cursor=""))
    for name, value in changes.items():
        found[name] = [value] if isinstance(value, str) else value
    return "?" + urlencode(
        [(name, value) for name in NAMES for value in found.get(name, ()) if value or name == QUESTION]
    )


def is_canonical(query: QueryDict, question: str, chosen: Chosen) -> bool:
    """Tell whether the address says this and nothing else: only such pages are kept, so made-up ones are not.

    What a form sends along empty does not count.
    """
    said = {name: kept for name, values in query.lists() if (kept := [value for value in values if value])}
    meant = {
        name: kept
        for name, values in parameters(question, chosen).items()
        if (kept := [value for value in values if value])
    }
    return said == meant


def is_worth_keeping(query: QueryDict, found: Results, chosen: Chosen) -> bool:
    """Tell whether this is an address of ours: made-up values and spellings of one would fill the cache."""
    named = {
        (name, value.value) for name, values in found.facets.items() for value in values if value.is_chosen
    }
    return is_canonical(query, found.text, chosen) and all(
        (name, value) in named for name, values in chosen.filters.values.items() for value in values
    )


def counted(kinds: Sequence[str], chosen: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    """Return the facets to count: kinds, what matters for the chosen ones, and whatever is chosen."""
    names = dict.fromkeys(ALL_KINDS if not kinds else (KIND,))
    for kind in kinds:
        names.update(dict.fromkeys(getattr(registry.get(kind), "narrowed_by", ())))
    return tuple(name for name in FACETS if name in names or name in chosen)


class Place(NamedTuple):
    """A commune: what it is called, and the code of its province."""

    name: str
    province: str


def reading_languages() -> tuple[str, ...]:
    """Return in which languages things are found for this reader: the one of the page, and the site's own."""
    return tuple({get_language() or settings.LANGUAGE_CODE, settings.LANGUAGE_CODE})


def place_of(commune: str) -> Place | None:
    """Return the commune with this code. Kept for an hour: the map seldom changes."""
    if not _COMMUNE.fullmatch(commune):
        return None
    key = f"search.place:{commune}"
    known: tuple[str, str] | None = generations.kept(key)
    if known is None:
        known = Commune.objects.filter(pk=commune).values_list("full_name", "province_id").first()
        if known is None:
            return None
        generations.keep(key, tuple(known), _PLACES_KEPT_S)
    return Place(*known)


def _values(name: str, raw: Sequence[str]) -> tuple[str, ...]:
    """Return the values that could be some, in a fixed order, so that one choice has one address."""
    known = {value for value in raw[: 4 * MOST_VALUES] if value.isprintable() and _fits(value)}
    if name == KIND:
        known = {value for value in known if registry.get(value)}
    return tuple(sorted(known)[:MOST_VALUES])


def _fits(value: str) -> bool:
    return 0 < len(value) <= LONGEST_VALUE and value == value.strip()


def _vnd(raw: str) -> int | None:
    """Return an amount in whole đồng: "50000", "50.000", "50 000", or with a unit as people say it, "50k"."""
    digits = re.sub(r"[.,\s₫]", "", raw[:20])
    is_number = digits.isascii() and digits.isdecimal()
    vnd = int(digits) if is_number else prices.amount(raw[:20])
    return None if vnd is None else min(vnd, _DEAREST)
