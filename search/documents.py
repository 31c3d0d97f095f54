"""What an app hands to search (`SearchDocument`, `Card`) and what it gets back (`Hit`, `Results`)."""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol


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


@dataclass(frozen=True, slots=True)
class SearchDocument:
    """One public thing as it is indexed. Nothing in it may be secret from anybody."""

    kind: str
    object_id: str | int
    title: str
    body: str = ""
    url: str = ""
    language: str = "vi"
    summary: str = ""
    boost: float = 1.0
    """Multiplies the score: 0.5 for goods that cannot be had now, 1 for most things. From 0.125 to 8."""
    facets: Mapping[str, str | Sequence[str]] = field(default_factory=dict)

    @property
    def key(self) -> Key:
        return Key(self.kind, str(self.object_id))

    @property
    def facet_terms(self) -> list[str]:
        """Facets as one list of "name=value"."""
        return [
            f"{name}={value}"
            for name, values in self.facets.items()
            for value in ((values,) if isinstance(values, str) else values)
        ]


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
    score: float
    title: Sequence[Piece]
    excerpt: Sequence[Piece]


@dataclass(frozen=True, slots=True)
class KindCount:
    """How many things of one kind match."""

    kind: str
    label: object
    count: int


@dataclass(frozen=True, slots=True)
class Results:
    """One page of answers. `total` counts the chosen kind, `counts` every kind, `total_all` all of them."""

    text: str
    """The question as it is kept in the form."""
    kind: str | None
    hits: Sequence[Hit]
    total: int
    total_all: int
    counts: Sequence[KindCount]
    page: int
    has_next: bool
    engine: str
    is_relaxed: bool = False
    """Nothing held enough of the words; these hold at least one."""
