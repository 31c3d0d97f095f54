"""Small pictures of what was found, from the kinds of things that have some."""

from collections.abc import Callable, Mapping
from typing import Final

from search import registry
from search.documents import Card, Key

STAMP: Final = "photos"
"""Page-cache stamp of pages with such pictures: a picture that is not rendered yet comes later."""

Pictures = Callable[[Mapping[str, Card]], Mapping[str, str]]
"""A source may have such a method `pictures`: from its cards to addresses of small square pictures, in one query."""


def pictures_of(cards: Mapping[Key, Card]) -> Mapping[Key, str]:
    """Return the addresses of pictures: one query for each kind that has some."""
    found: dict[Key, str] = {}
    for source, ids in registry.by_source(cards):
        pictures: Pictures | None = getattr(source, "pictures", None)
        if pictures is not None:
            its_cards = {pk: cards[Key(source.kind, pk)] for pk in ids}
            found.update((Key(source.kind, pk), address) for pk, address in pictures(its_cards).items())
    return found
