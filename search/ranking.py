"""Ranking for people, not only words: what is multiplied to the score of the words, and why. One table.

The engine gives the best matches by words; these are put in order here, the same for both engines.
"""

import datetime as dt
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Final, NamedTuple

from search.analysis import number
from search.documents import Stock
from search.engines.base import Clause, Row, Signals, Sort

SOON: Final = dt.timedelta(days=7)
STEP: Final = 10_000.0
"""Above any score of words, and small enough for the engines' 32-bit scores to keep what is behind it."""
FAR: Final = 1e6
"""Above any score after the factors."""


@dataclass(frozen=True, slots=True)
class Reader:
    """What is known of the person who asks, and of this question, besides its words."""

    today: dt.date
    kind: str = ""
    """The kind that was named in words."""
    commune: str = ""
    province: str = ""


class Signal(NamedTuple):
    """One reason to rank higher or lower."""

    name: str
    factor: Callable[[Signals, Reader], float]
    reason: str


def _stock(signals: Signals, reader: Reader) -> float:
    return {int(Stock.NONE): 0.4, int(Stock.FEW): 0.95}.get(signals.stock, 1.0)


def _ready(signals: Signals, reader: Reader) -> float:
    days = signals.ready_on - reader.today.toordinal()
    if not signals.ready_on or days <= 0:
        return 1.0
    return 0.9 if days <= SOON.days else 0.75


def _near(signals: Signals, reader: Reader) -> float:
    if reader.commune and signals.commune == number(reader.commune):
        return 1.3
    return 1.15 if reader.province and signals.province == number(reader.province) else 1.0


SIGNALS: Final = (
    Signal("boost", lambda signals, reader: signals.boost, "what its app says of it"),
    Signal("stock", _stock, "in stock before nearly gone before gone"),
    Signal("ready", _ready, "ready before ready later"),
    Signal(
        "in force",
        lambda signals, reader: 1.0 if signals.is_in_force else 0.5,
        "the law that holds before the one that has expired",
    ),
    Signal(
        "kind",
        lambda signals, reader: 1.5 if reader.kind and signals.kind == number(reader.kind) else 1.0,
        "the kind that was named: “khóa học …”",
    ),
    Signal("near", _near, "the reader's commune, then her province"),
)
"""Exactly this name comes first by a clause of its own (`queries.WHOLE_TITLE`), which is part of the words' score."""


class Ranked(NamedTuple):
    """A row with its place: by score, best first; what is equal in a fixed order."""

    score: float
    tie: int
    row: Row
    together: float = 1.0
    """What was multiplied to the score because the words of a whole question stand together (together.py)."""


def rank(rows: Sequence[Row], reader: Reader, sort: Sort = Sort.RELEVANCE) -> list[Ranked]:
    """Return the rows best first; sorted by price or date, that is the score."""
    worth = _WORTH.get(sort) or _by_score(reader)
    if sort is Sort.NEAREST:
        worth = _by_distance(reader, worth)
    ranked = [Ranked(worth(row), row.signals.tie, row) for row in rows]
    return sorted(ranked, key=lambda one: (-one.score, one.tie))


def needed(reader: Reader, sort: Sort = Sort.RELEVANCE) -> frozenset[str]:
    """Return the names of the signals that `rank` looks at."""
    return frozenset(("tie", *_what_counts(reader), *_SORTED_BY.get(sort, ())))


def _what_counts(reader: Reader) -> tuple[str, ...]:
    """Return the names of the signals that change a score."""
    kind = ("kind",) if reader.kind else ()
    places = ("commune", "province") if reader.commune or reader.province else ()
    return ("boost", "stock", "ready_on", "is_in_force", *kind, *places)


def _by_score(reader: Reader) -> Callable[[Row], float]:
    """Return the score of the words times every factor. Most rows share their signals, so factors are remembered."""
    known: dict[tuple[float, ...], float] = {}
    what_counts = attrgetter(*_what_counts(reader))

    def worth(row: Row) -> float:
        alike = what_counts(row.signals)
        factor = known.get(alike)
        if factor is None:
            factor = known[alike] = math.prod(signal.factor(row.signals, reader) for signal in SIGNALS)
        return row.score * factor

    return worth


def near_clauses(reader: Reader) -> tuple[Clause, ...]:
    """Return what an engine adds to the scores so that its best are the nearest: the commune, then its province."""
    places = (("xa", reader.commune), ("tinh", reader.province))
    return tuple(Clause(field, code, STEP) for field, code in places if code)


def _by_distance(reader: Reader, worth: Callable[[Row], float]) -> Callable[[Row], float]:
    """Return the same order within each step: the reader's commune, the rest of her province, elsewhere."""
    commune, province = number(reader.commune), number(reader.province)

    def stepped(row: Row) -> float:
        places = (bool(reader.commune) and row.signals.commune == commune) + (
            bool(reader.province) and row.signals.province == province
        )
        return places * FAR + worth(row._replace(score=row.score - places * STEP))

    return stepped


_SORTED_BY: Final[dict[Sort, tuple[str, ...]]] = {
    Sort.CHEAPEST: ("price_vnd",),
    Sort.NEWEST: ("published_at",),
    Sort.NEAREST: ("commune", "province"),
}
_WORTH: Final[dict[Sort, Callable[[Row], float]]] = {
    Sort.CHEAPEST: lambda row: -float(row.signals.price_vnd),
    Sort.NEWEST: lambda row: float(row.signals.published_at),
}


def explain(signals: Signals, reader: Reader) -> list[tuple[Signal, float]]:
    """Return every signal with its factor."""
    return [(signal, signal.factor(signals, reader)) for signal in SIGNALS]
