"""Repairs what was mistyped: words that the index lacks, and words that do not fit between their neighbours.

Vietnamese syllables are short, so one slip often makes another real word; then only the neighbours tell. Nothing is
replaced: what might have been meant is looked for beside what was typed, so a repair cannot lose what is there.
Figures: docs/decisions/0012-search-ranking.md.
"""

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from itertools import repeat

from search import text
from search.lexicon import Candidate, Reading
from search.telex import untyped

MOST_NEAR = 128
"""So many neighbours of a word are judged by their pairs; a short word can have more."""
MOST_CANDIDATES = 8
MOST_FITTING = 3
UNKNOWN_WEIGHTS = (0.9, *repeat(0.6, MOST_CANDIDATES - 1))
"""Of the likeliest thing that may be meant by an unknown word, and of the others (docs/decisions/0020)."""
HALF_WEIGHT = 0.7
"""Of what half a last word may become."""
UNFIT_WEIGHT = 0.35
"""Of what fits where a known word does not."""
SHORTEST = 2
"""Letters."""
LONG_WORD = 8
"""From so many letters on, two edits are repaired."""
PAIR_WORTH, SECOND_EDIT_COSTS = 2.0, 3.0


@dataclass(frozen=True, slots=True)
class Repair:
    """What may stand for each word, as tokens with their weights; and what was probably meant."""

    alternatives: Sequence[Sequence[tuple[str, float]]]
    pairs: Sequence[tuple[str, float]] = ()
    meant: Sequence[tuple[str, ...]] = field(default=())
    """For each word what was meant, folded: several of one typed without its spaces. Empty when all words are known."""


def repair(
    words: Sequence[str],
    lexicon: Reading,
    understood: Collection[int] = (),
    written: Sequence[str] | None = None,
) -> Repair:
    """Return alternatives of folded words, for each position; none for words that are right as far as we can tell.

    The words at the places `understood` are right though the index may lack them: a synonym stands for them. `written`
    are the words with their marks.
    """
    return _Repairing(words, lexicon, understood, written or words).done()


class _Repairing:
    def __init__(
        self, words: Sequence[str], lexicon: Reading, understood: Collection[int], written: Sequence[str]
    ) -> None:
        self.words = words
        self.written = written
        self.understood = understood
        self.lexicon = lexicon
        self.is_known = [lexicon.frequency(word) > 0 for word in words]
        self.pair_counts = [lexicon.frequency(pair) for pair in text.pairs(words)]

    def done(self) -> Repair:
        alternatives: list[list[tuple[str, float]]] = []
        pairs: list[tuple[str, float]] = []
        meant = list(self.words)
        for index, word in enumerate(self.words):
            if index in self.understood:
                found = []
            elif self.is_known[index]:
                found = [(one, UNFIT_WEIGHT) for one in self._fitting(index) or self._half(index)]
            else:
                begun = self._completed(index)
                weights = repeat(HALF_WEIGHT) if begun else UNKNOWN_WEIGHTS
                found = list(zip(self._candidates(index, begun), weights, strict=False))
                meant[index] = found[0][0] if found else word
            alternatives.append(found)
            for one, weight in found:
                pairs += [(pair, weight) for pair in self._pairs_with(index, one)]
        is_changed = meant != list(self.words)
        return Repair(alternatives, pairs, [_parts(word) for word in meant] if is_changed else ())

    def _candidates(self, index: int, begun: Sequence[str]) -> list[str]:
        """Return what may be meant by an unknown word, best first; before all else what it is the beginning of."""
        word = self.words[index]
        plain = untyped(word)
        found = [*begun, *([plain] if plain != word and self.lexicon.frequency(plain) else [])]
        if len(word) < SHORTEST or not word.isascii() or word.isdigit():
            return found[:MOST_CANDIDATES]
        found += self._split(word)
        distance = 2 if len(word) >= LONG_WORD else 1
        near = self.lexicon.near(word, distance, self.written[index])[:MOST_NEAR]
        near.sort(key=lambda candidate: self._worth(index, candidate), reverse=True)
        return list(dict.fromkeys((*found, *(candidate.word for candidate in near))))[:MOST_CANDIDATES]

    def _completed(self, index: int) -> list[str]:
        """Return what the last word is the beginning of, best first; what follows its neighbour, if anything does."""
        word = self.words[index]
        if index + 1 < len(self.words) or word.isdigit() or len(word) + index < SHORTEST:
            return []
        near = sorted(self.lexicon.begun(word), key=lambda one: self._worth(index, one), reverse=True)
        known = [one for one in near if all(map(self.lexicon.frequency, self._pairs_with(index, one.word)))]
        if self.is_known[index]:
            near = []
        return [one.word for one in (known or near)[:MOST_FITTING]]

    def _fitting(self, index: int) -> list[str]:
        """Return what fits where a known word does not: both its pairs are unknown, all other pairs are known."""
        word = self.words[index]
        beside = {index - 1, index}
        touching = [count for place, count in enumerate(self.pair_counts) if place in beside]
        others = [count for place, count in enumerate(self.pair_counts) if place not in beside]
        if len(word) < SHORTEST or any(touching) or not all(others) or not (others or len(touching) == 2):
            return []
        if not all(self.is_known):
            return []
        near = [
            candidate
            for candidate in (self.lexicon.near(word, 1) if word.isalpha() else ())
            if all(self.lexicon.frequency(pair) for pair in self._pairs_with(index, candidate.word))
        ]
        near.sort(key=lambda candidate: self._worth(index, candidate), reverse=True)
        return [candidate.word for candidate in near[:MOST_FITTING]]

    def _half(self, index: int) -> list[str]:
        """Return what a known last word may become when it never stands beside its neighbour."""
        return self._completed(index) if self.pair_counts and not self.pair_counts[-1] else []

    def _worth(self, index: int, candidate: Candidate) -> float:
        pairs = sum(
            math.log1p(self.lexicon.frequency(pair)) for pair in self._pairs_with(index, candidate.word)
        )
        edits = SECOND_EDIT_COSTS * (candidate.distance - 1)
        return math.log1p(candidate.frequency) + PAIR_WORTH * pairs - edits

    def _pairs_with(self, index: int, word: str) -> list[str]:
        if text.is_pair(word):
            return []
        before = [text.pair(self.words[index - 1], word)] if index else []
        return before + ([text.pair(word, self.words[index + 1])] if index + 1 < len(self.words) else [])

    def _split(self, word: str) -> list[str]:
        """Return the pair that was typed without its space, "matong" -> "_mat_ong"."""
        cuts = (text.pair(word[:cut], word[cut:]) for cut in range(1, len(word)))
        counted = [(self.lexicon.frequency(pair), pair) for pair in cuts]
        count, pair = max(counted)
        return [pair] if count else []


def _parts(token: str) -> tuple[str, ...]:
    return tuple(token.strip(text.JOINT).split(text.JOINT)) if text.is_pair(token) else (token,)
