"""What an app hands to search (`SearchDocument`, `Card`) and what it gets back (`Hit`, `Results`)."""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Final, NamedTuple, Protocol

from search.facets import FACETS, KIND, LANGUAGE

APART: Final = " · "
"""Between the parts of a body that are no running text: no pair of words crosses it."""


class Key(NamedTuple):
    """Names one thing in the index. As text, "product:12", it is also the key of its outbox entries."""

    kind: str
    object_id: str

    def __str__(self) -> str:
        return f"{self.kind}:{self.object_id}"

    @classmethod
    def parse(cls, raw: str) -> "Key":
        """Return the key written as "kind:id". Raises ValueError when there is no kind or no id."""
        kind, sign, object_id = raw.partition(":")
        if not (kind and sign and object_id):
            raise ValueError(f"not a search key: {raw!r}")
        return cls(kind, object_id)


class Stock(IntEnum):
    """How much is left, as coarse as people need it: the index changes only when this does."""

    NONE = 1
    FEW = 2
    PLENTY = 3


@dataclass(frozen=True, slots=True)
class SearchDocument:
    """One public thing as it is indexed. Nothing in it may be secret from anybody."""

    kind: str
    object_id: str | int
    title: str
    body: str = ""
    """What it says. What else is known of it, as a name or a place, stands `APART`."""
    url: str = ""
    language: str = "vi"
    summary: str = ""
    boost: float = 1.0
    """Multiplies the score by what nothing below says. From 0.125 to 8; 1 for most things."""
    facets: Mapping[str, str | Sequence[str]] = field(default_factory=dict)
    """By the names of `search.facets.FACETS`; kind, language, commune and province are added by themselves."""
    price_vnd: int | None = None
    stock: "Stock | None" = None
    ready_on: dt.date | None = None
    """When it can be had, if that is known and not yet past."""
    is_in_force: bool = True
    """False for a law that has expired: still found, after what holds now."""
    published_at: dt.datetime | None = None
    commune: str = ""
    """Code of the commune it comes from or is about; its first wish when a reader's commune is known."""
    province: str = ""

    @property
    def key(self) -> Key:
        return Key(self.kind, str(self.object_id))

    def facet_values(self) -> dict[str, list[str]]:
        """Return the values it has, by facet; a facet of which it has none is left out."""
        given = {"xa": self.commune, "tinh": self.province, **self.facets}
        given[KIND], given[LANGUAGE] = self.kind, self.language
        return {
            name: [values] if isinstance(values, str) else list(values)
            for name in FACETS
            if (values := given.get(name))
        }


@dataclass(frozen=True, slots=True)
class Card:
    """What a result shows of a thing that is public at this moment. `extra` is for the kind's own template."""

    title: str
    url: str
    summary: str = ""
    language: str = "vi"
    extra: Mapping[str, object] = field(default_factory=dict)
    until: dt.datetime | None = None
    """When it reads differently by itself (a window opens, an article ends); kept pages end then, too."""


class DocumentSource(Protocol):
    """One kind of thing: which rows anybody may see, and how they look in a list of results."""

    @property
    def kind(self) -> str:
        """Lower-case ASCII word, stands in addresses: "product"."""
        ...

    @property
    def label(self) -> object:
        """What people call the kind, in the plural, lazily translated: "Hàng"."""
        ...

    @property
    def template_name(self) -> str:
        """Draws one `hit`; "search/card.html" unless the kind has something of its own to show."""
        ...

    def public(self, ids: Collection[str] | None = None) -> Iterable[SearchDocument]:
        """Yield what anybody may see now, of these ids or of all."""
        ...

    def cards(self, ids: Collection[str]) -> Mapping[str, Card]:
        """Return cards of those of these ids that anybody may see now, in one query."""
        ...


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text that matches what was asked, or does not."""

    text: str
    is_match: bool = False


@dataclass(frozen=True, slots=True)
class Hit:
    """One result, ready to be drawn."""

    key: Key
    label: object
    template_name: str
    card: Card
    title: Sequence[Piece]
    excerpt: Sequence[Piece]
    image: str = ""
    """Address of a small square picture, if it has one and pictures were wanted."""


class Price(NamedTuple):
    """Bounds in đồng that were asked for in words."""

    least_vnd: int | None = None
    most_vnd: int | None = None


@dataclass(frozen=True, slots=True)
class Value:
    """One value of a facet: how many have it, and whether it is chosen."""

    value: str
    label: str
    count: int
    is_chosen: bool = False


@dataclass(frozen=True, slots=True)
class Results:
    """One page of answers."""

    text: str
    """The question as it is kept in the form."""
    hits: Sequence[Hit]
    """What holds all the words that decide."""
    nearest: Sequence[Hit]
    """What holds some of them, best first: filled up on a first page that would otherwise be short."""
    total: int
    """How many hold all words and pass all filters; 0 for a whole question, of which only what is nearest is known."""
    facets: Mapping[str, Sequence[Value]]
    """Values of each facet asked for, counted over what holds all words and passes the other filters."""
    is_counted: bool = True
    """Whether that is what the counts say. Those of a whole question are of the nearest 60 only."""
    meant: str = ""
    """What was probably meant, when a word was in nothing at all."""
    next_cursor: str = ""
    """Where the next page begins; empty on the last one."""
    engine: str = ""
    is_understood: bool = True
    """False when nothing that was typed is a word."""
    price_vnd: "Price | None" = None
    """A price that was asked for in words, for the page to say so."""
    without_price: str = ""
    """The question without the words of that price."""
    kind: str = ""
    """The kind that was named in words."""
