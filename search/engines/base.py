"""What an engine must do, and the question and answer it does it with."""

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, NamedTuple, Protocol

from search.documents import Key, SearchDocument

MOST_ROWS: Final = 600
"""Nobody turns so many pages; asking an engine for the thousandth costs what all before it cost."""


class EngineAway(Exception):
    """The engine cannot be reached, or is too slow to wait for."""


class Clause(NamedTuple):
    """One token looked for in one field; what it is worth there."""

    field: str
    token: str
    weight: float


Group = tuple[Clause, ...]
"""One word of the question with what may stand for it (repairs, synonyms): any of them will do."""


class Sort(StrEnum):
    """Orders of a list, as they stand in the address."""

    RELEVANCE = ""
    CHEAPEST = "re"
    NEWEST = "moi"
    NEAREST = "gan"


@dataclass(frozen=True, slots=True)
class Filters:
    """What a result must be: for each facet any of its values; a price within the bounds, both included."""

    values: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    least_vnd: int | None = None
    most_vnd: int | None = None
    priced_only: bool = True
    """Whether what has no price is out when there are bounds."""
    ready_by: dt.date | None = None
    """Only goods that are there and can be had on this day."""

    @property
    def has_price(self) -> bool:
        """Whether the price matters."""
        return self.least_vnd is not None or self.most_vnd is not None


NO_FILTERS: Final = Filters()


class Signals(NamedTuple):
    """What ranking knows of a document besides its words. Zero: does not apply, or not known."""

    boost: float = 1.0
    stock: int = 0
    ready_on: int = 0
    """`date.toordinal()`."""
    is_in_force: int = 1
    kind: int = 0
    """`analysis.number` of the kind."""
    commune: int = 0
    province: int = 0
    price_vnd: int = -1
    published_at: int = 0
    """Seconds since 1970."""
    tie: int = 0
    """Fixed for each document: orders what is otherwise equal."""


@dataclass(frozen=True, slots=True)
class Query:
    """A question in tokens. Engines match tokens exactly; nothing here is parsed again."""

    groups: tuple[Group, ...] = ()
    """A document must match all of them, or any of them (`needs_all`). Without groups every document matches."""
    needs_all: bool = True
    extras: tuple[Clause, ...] = ()
    """What only adds to the score: pairs, titles, words as written."""
    do_extras_match: bool = False
    """Whether one of the extras will do, too. A plain union of everything is what engines answer by skipping; where
    the extras are within the words, and of a long question, it finds the same."""
    required: tuple[Clause, ...] = ()
    """Pairs of words in quotes."""
    excluded: tuple[Clause, ...] = ()
    filters: Filters = NO_FILTERS
    sort: Sort = Sort.RELEVANCE
    near: tuple[Clause, ...] = ()
    """Facet values whose weights, far above any score of words, put the list in steps (`Sort.NEAREST`)."""
    start: int = 0
    limit: int = 12
    """Rows `start` to `start + limit` in the engine's own order."""
    signals: Collection[str] = Signals._fields
    """Those that are read; in the rows the others stand at nothing."""


class Row(NamedTuple):
    """A found document, before anything of it is read. `handle` is the engine's own."""

    score: float
    signals: Signals
    handle: object


class RawHit(NamedTuple):
    """A found document before its row is read: what is kept of its texts beside the index."""

    key: Key
    body: str
    title: str
    """As written, or folded: its words are what counts."""


def _nothing(rows: Sequence[Row]) -> Sequence[RawHit]:
    return ()


@dataclass(frozen=True, slots=True)
class Found:
    """Rows in the engine's order, and the way to read those that are shown."""

    rows: Sequence[Row] = ()
    counts: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    """For each facet asked for, how many have which value, given all filters but the facet's own."""
    load: Callable[[Sequence[Row]], Sequence[RawHit]] = _nothing
    """Read these rows, in this order; what vanished meanwhile is left out. Raises EngineAway."""
    engine: str = ""


class Changes(NamedTuple):
    """What to write: documents that are public now, keys of what is not."""

    upserts: Sequence[SearchDocument]
    deletes: Sequence[Key]


ReadAgain = Callable[[Sequence[Key]], Changes]
"""Reads the present state of these things from the database."""


class Engine(Protocol):
    """An index that can be written, asked, and built anew beside the live one."""

    @property
    def name(self) -> str:
        """Word for the log and the readiness page."""
        ...

    def write(self, changes: Changes) -> None:
        """Make the changes durable and visible to the next search. Repeating a write changes nothing."""
        ...

    def search(self, query: Query, facets: Sequence[str] = ()) -> Found:
        """Return the best matches, and the counts of these facets. Raises EngineAway."""
        ...

    def rebuild(self, documents: Iterable[SearchDocument], read_again: ReadAgain) -> int:
        """Build anew beside the live index, swap, and return how many documents it holds.

        What is written to the live index meanwhile is read again and written to the new one.
        """
        ...

    def count(self) -> int:
        """Return the number of documents."""
        ...

    def is_built(self) -> bool:
        """Return whether there is an index of the present form that was built whole, not only written to."""
        ...
