"""Small pictures of what was found, from the kinds of things that have some."""

from collections import defaultdict
from collections.abc import Callable, Mapping

from search import registry
from search.documents import Card, Key

Pictures = Callable[[Mapping[str, Card]], Mapping[str, str]]
"""A source may have such a method `pictures`: from its cards to addresses of small square pictures, in one query."""


def pictures_of(cards: Mapping[Key, Card]) -> Mapping[Key, str]:
    """Return the addresses of pictures: one query for each kind that has some."""
    by_kind: dict[str, dict[str, Card]] = defaultdict(dict)
    for key, card in cards.items():
        by_kind[key.kind][key.object_id] = card
    found: dict[Key, str] = {}
    for kind, its_cards in by_kind.items():
        pictures: Pictures | None = getattr(registry.get(kind), "pictures", None)
        if pictures is not None:
            found.update((Key(kind, pk), address) for pk, address in pictures(its_cards).items())
    return found
