"""What an engine must do, and the question and answer it does it with."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

from search.documents import Key, SearchDocument


class EngineAway(Exception):
    """The engine cannot be reached, or is too slow to wait for."""


class Clause(NamedTuple):
    """One token looked for in one field; what it is worth there."""

    field: str
    token: str
    weight: float


@dataclass(frozen=True, slots=True)
class Query:
    """A question in tokens. Engines match tokens exactly; nothing here is parsed again."""

    words: tuple[Clause, ...]
    """The different words; a document must hold `required` of them to be found. They count for the score."""
    required: int
    extras: tuple[Clause, ...] = ()
    """What only adds to the score: pairs, titles, words as written."""
    kind: str | None = None
    languages: tuple[str, ...] = ()
    """Only documents in one of these; empty: in any."""
    offset: int = 0
    limit: int = 12


class RawHit(NamedTuple):
    """A found document before its row is read. `body` is kept for the excerpt."""

    key: Key
    score: float
    body: str


@dataclass(frozen=True, slots=True)
class RawResults:
    """Hits of the chosen kind; counts of all kinds whatever kind was chosen."""

    hits: Sequence[RawHit] = ()
    counts: Mapping[str, int] = field(default_factory=dict)
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

    def search(self, query: Query) -> RawResults:
        """Return the best matches. Raises EngineAway."""
        ...

    def rebuild(self, documents: Iterable[SearchDocument], read_again: ReadAgain) -> int:
        """Build anew beside the live index, swap, and return how many documents it holds.

        What is written to the live index meanwhile is read again and written to the new one.
        """
        ...

    def count(self) -> int:
        """Return the number of documents."""
        ...
