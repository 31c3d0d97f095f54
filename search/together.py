"""How much of a question stands together in one place of a text, which a score by words alone does not see.

The score adds up words wherever they stand, so a long law that has them all somewhere comes before the paragraph that
answers. Of whole questions the first results are read, and lifted by the best few words in a row that they hold
(passage-level evidence: Callan, SIGIR 1994). Figures: docs/decisions/0018-words-together.md.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Final, NamedTuple

from search import text
from search.engines.base import Group
from search.lexicon import Reading

WIDTH: Final = 20
"""Words in a row that are looked at together: about a sentence."""
WORTH: Final = 0.5
"""What a text gains that has all of the question in one place."""
STEEPNESS: Final = 4
"""Half of a question in one place is next to nothing: many texts have that."""
MOST_READ: Final = 20
"""So many of the best are read, 0.1 ms each."""


class Wanted(NamedTuple):
    """The words of a question as they are looked for in a text."""

    places: Mapping[str, int]
    """Of each folded word, also of one that may stand for another, which word of the question it is."""
    worth: Sequence[float]
    """Of each word of the question, by how rare it is; together 1, or 0 when the index holds none of them."""


def wanted(groups: Sequence[Group], reading: Reading | None) -> Wanted:
    """Return the words of a question; rarer ones are worth more (the idf of BM25). Without an index all are alike."""
    written = [[text.fold(clause.token) for clause in group] for group in groups]
    places = {group[0]: place for place, group in enumerate(written)}
    for place, group in enumerate(written):
        for word in group[1:]:
            places.setdefault(word, place)
    worth = [_worth(group, reading) for group in written]
    total = sum(worth) or 1.0
    return Wanted(places, [one / total for one in worth])


def share(wanted: Wanted, title: str, body: str) -> float:
    """Return how much of a question stands in one place of a text, 0 to 1. The title stands beside every place."""
    titled = {wanted.places[word] for word in _words(title) if word in wanted.places}
    inside = [
        (position, place)
        for position, word in enumerate(_words(body))
        if (place := wanted.places.get(word)) is not None and place not in titled
    ]
    return sum(wanted.worth[place] for place in titled) + _best(inside, wanted.worth)


def factor(share: float) -> float:
    """Return what the score of such a text is multiplied by, 1 to 1 + WORTH."""
    return 1.0 + WORTH * share**STEEPNESS


def _worth(group: Iterable[str], reading: Reading | None) -> float:
    """Return the worth of a word that the index holds, or of the rarest that may stand for it."""
    if reading is None:
        return 1.0
    own, *others = map(reading.frequency, group)
    frequency = own or min(filter(None, others), default=0)
    return math.log1p((reading.documents - frequency + 0.5) / (frequency + 0.5)) if frequency else 0.0


def _best(inside: Sequence[tuple[int, int]], worth: Sequence[float]) -> float:
    """Return the most that `WIDTH` words in a row are worth, each word of the question once."""
    best = current = 0.0
    held = [0] * len(worth)
    start = 0
    for position, place in inside:
        held[place] += 1
        if held[place] == 1:
            current += worth[place]
        while inside[start][0] <= position - WIDTH:
            left = inside[start][1]
            held[left] -= 1
            if not held[left]:
                current -= worth[left]
            start += 1
        best = max(best, current)
    return best


def _words(piece: str) -> list[str]:
    return text.fold_words(text.split(piece))
