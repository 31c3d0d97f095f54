"""How much of a question stands together in one place of a text, which a score by words alone does not see.

The score adds up words wherever they stand, so a long law that has them all somewhere comes before the paragraph that
answers. Of whole questions the first results are read, and lifted by the best few words in a row that they hold
(passage-level evidence: Callan, SIGIR 1994). Figures: docs/decisions/0018-words-together.md.
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from search import text
from search.engines.base import Group
from search.lexicon import Reading
from search.ranking import Ranked

WIDTH: Final = 20
"""Words in a row that are looked at together: about a sentence."""
WORTH: Final = 0.5
"""What a text gains that has all of the question in one place. A longer question is given as many words as it has."""
STEEPNESS: Final = 4
"""Half of a question in one place is next to nothing: many texts have that."""
MOST_READ: Final = 20
"""So many of the best are read, 0.1 ms each."""


class Wanted(NamedTuple):
    """The words of a question as they are looked for in a text."""

    places: Mapping[str, Sequence[int]]
    """Of each folded word or pair which word of the question it is, or which ones it may stand for."""
    worth: Sequence[float]
    """Of each word of the question, by how rare it is; together 1, or 0 when the index holds none of them."""


def wanted(groups: Sequence[Group], reading: Reading | None) -> Wanted:
    """Return the words of a question; rarer ones are worth more (the idf of BM25). Without an index all are alike."""
    written = [[text.fold(clause.token) for clause in group] for group in groups]
    own = {group[0] for group in written}
    places: dict[str, list[int]] = defaultdict(list)
    for place, group in enumerate(written):
        for word in dict.fromkeys(group):
            if word == group[0] or word not in own:
                places[word].append(place)
    worth = [_worth(group, reading) for group in written]
    total = sum(worth) or 1.0
    return Wanted(places, [one / total for one in worth])


def share(wanted: Wanted, title: str, body: str) -> float:
    """Return how much of a question stands in one place of a text, 0 to 1. The title stands beside every place."""
    titled = {place for _, place in _held(wanted, title)}
    inside = [(position, place) for position, place in _held(wanted, body) if place not in titled]
    return min(sum(wanted.worth[place] for place in titled) + _best(inside, wanted.worth), 1.0)


def factor(share: float) -> float:
    """Return what the score of such a text is multiplied by, 1 to 1 + WORTH."""
    return 1.0 + WORTH * share**STEEPNESS


class Shown(NamedTuple):
    """The last row of the page before: with which score it was shown."""

    score: float
    tie: int


def first(ranked: Sequence[Ranked], last: Shown | None = None) -> list[Ranked]:
    """Return the rows whose texts are to be read."""
    return [
        one
        for place, one in enumerate(ranked)
        if place < MOST_READ or (last is not None and one.tie == last.tie)
    ]


def lifted(ranked: Iterable[Ranked], shares: Mapping[int, float], last: Shown | None = None) -> list[Ranked]:
    """Return the rows in their new order, by what those that were read (by `tie`) hold in one place.

    What was shown last is lifted if it was then, although it may have come to stand on the other side of the first
    `MOST_READ`: else the page behind it would begin far from where the one before it ended.
    """
    rows = []
    for one in ranked:
        by = factor(shares.get(one.tie, 0.0))
        higher = one._replace(score=one.score * by, together=by)
        is_as_shown = last is None or one.tie != last.tie or _is_nearer(last.score, higher.score, one.score)
        rows.append(higher if is_as_shown else one)
    return sorted(rows, key=lambda one: (-one.score, one.tie))


def _is_nearer(to: float, one: float, other: float) -> bool:
    return abs(one - to) <= abs(other - to)


def _worth(group: Iterable[str], reading: Reading | None) -> float:
    """Return the worth of a word that the index holds, or of the rarest that may stand for it."""
    if reading is None:
        return 1.0
    own, *others = map(reading.frequency, group)
    if not (frequency := own or min(filter(None, others), default=0)):
        return 0.0
    without = max(reading.documents - frequency, 0)  # a frequency counts withdrawn texts, too, for a while
    return math.log1p((without + 0.5) / (frequency + 0.5))


def _held(wanted: Wanted, piece: str) -> Iterator[tuple[int, int]]:
    """Yield where a word of the question stands in a text, in order, and which word it is."""
    words = text.fold_words(text.split(piece))
    has_pairs = any(map(text.is_pair, wanted.places))
    for position, word in enumerate(words):
        for place in wanted.places.get(word, ()):
            yield position, place
        if has_pairs and position:
            for place in wanted.places.get(text.pair(words[position - 1], word), ()):
                yield position, place


def _best(inside: Sequence[tuple[int, int]], worth: Sequence[float]) -> float:
    """Return the most that a sentence of words in a row is worth, each word of the question once."""
    width = max(WIDTH, len(worth))
    best = current = 0.0
    held = [0] * len(worth)
    start = 0
    for position, place in inside:
        held[place] += 1
        if held[place] == 1:
            current += worth[place]
        while inside[start][0] <= position - width:
            left = inside[start][1]
            held[left] -= 1
            if not held[left]:
                current -= worth[left]
            start += 1
        best = max(best, current)
    return best
