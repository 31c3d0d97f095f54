"""What the page of results offers beside the results: kinds with counts, filters, orders, and ways out of nothing."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, NamedTuple

from django.utils.translation import gettext

from base.shell import formats
from search import narrowing, registry
from search.documents import Results, Value
from search.engines.base import Sort
from search.facets import FACETS, KIND
from search.finding import Chosen, how_many
from search.narrowing import AS_TYPED, address

MOST_WAYS: Final = 6
"""So many choices are offered for dropping with their counts: each count is a search of its own."""


@dataclass(frozen=True, slots=True)
class Chip:
    """A link that changes the choice. `count` is None where none was taken."""

    label: object
    url: str
    count: int | None = None
    is_current: bool = False


class Option(NamedTuple):
    """One line of a choice in the form."""

    value: str
    label: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Group:
    """One facet in the form, with its values."""

    name: str
    label: object
    values: Sequence[Value]

    @property
    def is_chosen(self) -> bool:
        """Whether any of its values is chosen; then it stands open."""
        return any(value.is_chosen for value in self.values)


@dataclass(frozen=True, slots=True)
class Form:
    """The form behind "Filter": what is kept as it is, and what can be chosen."""

    kept: Sequence[tuple[str, str]]
    groups: Sequence[Group]
    sorts: Sequence[Option]
    communes: Sequence[Option]
    has_prices: bool
    least: str
    most: str
    is_ready: bool
    is_place_missing: bool
    """The nearest was asked for without saying nearest to what."""


@dataclass(frozen=True, slots=True)
class _Dropped:
    """Something that was chosen or understood, and the question without it."""

    label: str
    question: str
    chosen: Chosen

    @property
    def url(self) -> str:
        return address(self.question, self.chosen)


def kinds(found: Results, chosen: Chosen) -> Sequence[Chip]:
    """Return a chip for every kind that has results, and one for all."""
    values = found.facets.get(KIND, ())
    total = sum(value.count for value in values)
    if not total:
        return ()
    current = chosen.filters.values.get(KIND, ())

    def chip(label: object, kind: str, count: int, is_current: bool) -> Chip:
        number = count if found.is_counted else None
        return Chip(label, address(found.text, chosen, loai=kind), number, is_current)

    everything = chip(gettext("All"), "", total, not current)
    each = (
        chip(value.label, value.value, value.count, value.is_chosen)
        for value in values
        if value.count or value.is_chosen
    )
    return (everything, *each)


def chips(found: Results, chosen: Chosen) -> Sequence[Chip]:
    """Return what was chosen or understood, each with the address without it. Kinds have chips of their own."""
    return [Chip(one.label, one.url) for one in _droppable(found, chosen)]


def ways_out(found: Results, chosen: Chosen, languages: Sequence[str]) -> Sequence[Chip]:
    """Return, where nothing was found, what would be found without one of the choices."""
    ways = [*_droppable(found, chosen), *_kinds_dropped(found, chosen)][:MOST_WAYS]
    counts = how_many([(way.question, way.chosen) for way in ways], languages=languages)
    return [Chip(way.label, way.url, count) for way, count in zip(ways, counts, strict=True) if count]


def form(found: Results, chosen: Chosen) -> Form:
    """Return the form: only what makes a difference to these results, and what is chosen already."""
    filters = chosen.filters
    kept = [(KIND, kind) for kind in filters.values.get(KIND, ())]
    groups = [
        Group(name, facet.label, values)
        for name, facet in FACETS.items()
        if name != KIND
        and (values := found.facets.get(name, ()))
        and (len(values) > 1 or any(value.is_chosen for value in values))
    ]
    has_prices = any(
        registry.has_prices(value.value)
        for value in found.facets.get(KIND, ())
        if value.is_chosen or not kept
    )
    communes = _communes(found, chosen)
    useless = {
        *([] if has_prices else [Sort.CHEAPEST]),
        *([] if communes else [Sort.NEAREST]),
    }
    return Form(
        kept=[*kept, *([(AS_TYPED, "1")] if chosen.is_as_typed else [])],
        groups=groups,
        sorts=[
            Option(sort.value, label, sort is chosen.sort)
            for sort, label in _sort_labels().items()
            if sort is chosen.sort or sort not in useless
        ],
        communes=communes,
        has_prices=has_prices or filters.has_price or filters.ready_by is not None,
        least="" if filters.least_vnd is None else str(filters.least_vnd),
        most="" if filters.most_vnd is None else str(filters.most_vnd),
        is_ready=filters.ready_by is not None,
        is_place_missing=chosen.sort is Sort.NEAREST and not chosen.commune,
    )


def price_words(least: int | None, most: int | None) -> str:
    """Return bounds as people say them: "dưới 50.000 ₫"."""
    if least is None or least <= 0:
        return "" if most is None else gettext("up to %(most)s") % {"most": formats.vnd(most)}
    if most is None:
        return gettext("from %(least)s") % {"least": formats.vnd(least)}
    return gettext("%(least)s to %(most)s") % {"least": formats.number(least), "most": formats.vnd(most)}


def _sort_labels() -> dict[Sort, str]:
    return {
        Sort.RELEVANCE: gettext("Best match first"),
        Sort.CHEAPEST: gettext("Cheapest first"),
        Sort.NEWEST: gettext("Newest first"),
        Sort.NEAREST: gettext("Nearest to me first"),
    }


def _communes(found: Results, chosen: Chosen) -> Sequence[Option]:
    """Return the communes where something was found, and the reader's own: those she can say she is in."""
    options = {value.value: value.label for value in found.facets.get("xa", ())}
    if chosen.commune and (place := narrowing.place_of(chosen.commune)):
        options.setdefault(chosen.commune, place.name)
    return [Option(code, name, code == chosen.commune) for code, name in options.items()]


def _droppable(found: Results, chosen: Chosen) -> Iterator[_Dropped]:
    text, filters = found.text, chosen.filters

    def without(label: str, **changes: object) -> _Dropped:
        return _Dropped(label, text, replace(chosen, cursor="", filters=replace(filters, **changes)))  # type: ignore[arg-type]  # fields by name

    if found.price_vnd is not None and (words := price_words(*found.price_vnd)):
        yield _Dropped(words, found.without_price, replace(chosen, cursor=""))
    for name in FACETS:
        for value in found.facets.get(name, ()):
            if value.is_chosen and name != KIND:
                rest = tuple(one for one in filters.values[name] if one != value.value)
                kept = {**filters.values, name: rest} if rest else _but(filters.values, name)
                yield without(value.label, values=kept)
    if words := price_words(filters.least_vnd, filters.most_vnd):
        yield without(words, least_vnd=None, most_vnd=None)
    if filters.ready_by is not None:
        yield without(gettext("Ready now"), ready_by=None)
    if chosen.is_as_typed:
        yield _Dropped(gettext("Exactly as typed"), text, replace(chosen, cursor="", is_as_typed=False))
    if chosen.sort not in (Sort.RELEVANCE, Sort.NEAREST):
        yield _Dropped(_sort_labels()[chosen.sort], text, replace(chosen, cursor="", sort=Sort.RELEVANCE))
    if place := narrowing.place_of(chosen.commune):
        label = gettext("Near %(place)s") % {"place": place.name}
        sort = Sort.RELEVANCE if chosen.sort is Sort.NEAREST else chosen.sort
        yield _Dropped(label, text, replace(chosen, cursor="", sort=sort, commune="", province=""))


def _kinds_dropped(found: Results, chosen: Chosen) -> Iterator[_Dropped]:
    filters = chosen.filters
    for value in found.facets.get(KIND, ()):
        if value.is_chosen:
            kept = replace(filters, values=_but(filters.values, KIND))
            yield _Dropped(value.label, found.text, replace(chosen, cursor="", filters=kept))


def _but(values: Mapping[str, tuple[str, ...]], name: str) -> dict[str, tuple[str, ...]]:
    return {one: kept for one, kept in values.items() if one != name}


Whom = Callable[[], Sequence[Chip]]
_whom: list[Whom] = []


def register_whom_to_ask(whom: Whom) -> None:
    """Say whom one can ask when search finds nothing: an app gives links, in one query."""
    _whom.append(whom)


def whom_to_ask() -> Sequence[Chip]:
    """Return whom one can ask."""
    return [chip for whom in _whom for chip in whom()]
