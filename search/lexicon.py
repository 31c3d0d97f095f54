"""The words of the index: which there are, how often, how people write them. Repair asks it.

It reads the embedded index, which stands beside Elasticsearch, too, and holds nothing but what anybody may see.
"""

import math
import string
import threading
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import product
from typing import NamedTuple

import tantivy
from rapidfuzz import process
from rapidfuzz.distance import OSA

from search import text
from search.engines import embedded_engine
from search.engines.embedded import EmbeddedEngine, State
from search.engines.embedded_schema import texts_with

FIELD, WRITTEN_FIELD = "text_folded", "text_written"
MOST_WORDS = 50_000
"""The most frequent words of each first letter that repairs are looked for among."""
REST_PER_LOAD = 100
"""A list of words that took 20 ms to read is read again after 2 s at the earliest, and only if the index changed."""


FIRST_LETTERS = "".join(
    letter
    for letter in map(chr, range(0x61, 0x1EFA))
    if letter.islower() and text.fold(letter) in string.ascii_lowercase and text.fold(letter)
)
"""Every Latin letter that a word can begin with, as written."""
MOST_WRITINGS = 4
PAIR_WORTH = 2.0
MOST_BEGUN = 64
USUAL = 0.95
"""Of the documents that hold a word: that many write it in one way, and the others hardly count."""
COMMON = 100_000
"""Documents. A word of a whole question that more of them hold is looked for once, not also in titles and as written:
over 1,000,000 documents a quarter of the time (docs/decisions/0017-search-speed.md). Smaller sites never come to it."""
MOST_READ = 6
"""Documents that tell how a pair is written."""
MOST_KEPT = 5_000
"""Pairs of which that is remembered."""


class Candidate(NamedTuple):
    """A word of the index near to a word that is not in it."""

    word: str
    distance: int
    frequency: int


@dataclass(frozen=True, slots=True)
class _Words:
    """All folded words of one state of the index, by length."""

    state: State
    by_length: Mapping[int, Sequence[str]]
    frequency: Mapping[str, int]
    writings: Mapping[str, Sequence[tuple[str, int]]]
    """Of each folded word how it is written, and in how many documents; the most frequent first."""
    pairs: dict[tuple[str, str], Mapping[tuple[str, str], float]]
    """Of folded pairs that were asked for how they are written, and in about how many documents."""
    reread_at: float


class Lexicon:
    """One object per process; safe for several threads."""

    def __init__(self, engine: EmbeddedEngine) -> None:
        self._engine = engine
        self._words: _Words | None = None
        self._lock = threading.Lock()

    def open(self) -> "Reading | None":
        """Return a view of the index as it is now; None when there is no index."""
        opened = self._engine.opened()
        return None if opened is None else Reading(self, opened[1].searcher(), opened[0])

    def words(self, searcher: tantivy.Searcher, state: State) -> _Words:
        """Return the words, read again when the index changed and the last reading was some time ago."""
        known = self._words
        if known is not None and (known.state == state or time.monotonic() < known.reread_at):
            return known
        with self._lock:
            started = time.monotonic()
            listed = _listed(searcher, FIELD, string.ascii_lowercase + string.digits)
            frequency = {word: count for word, count in listed if not word.isdigit()}
            by_length: dict[int, list[str]] = defaultdict(list)
            for word in frequency:
                by_length[len(word)].append(word)
            writings = _writings(_listed(searcher, WRITTEN_FIELD, FIRST_LETTERS))
            now = time.monotonic()
            reread_at = now + REST_PER_LOAD * (now - started)
            self._words = _Words(state, by_length, frequency, writings, {}, reread_at)
            return self._words


def current_lexicon() -> Lexicon:
    """Return the words of the site's index."""
    return _lexicon(embedded_engine())


@cache
def _lexicon(engine: EmbeddedEngine) -> Lexicon:
    return Lexicon(engine)


class Reading:
    """The words of the index during one question."""

    def __init__(self, lexicon: Lexicon, searcher: tantivy.Searcher, state: State) -> None:
        self._lexicon = lexicon
        self._searcher = searcher
        self._state = state

    @property
    def documents(self) -> int:
        """How many documents there are."""
        return int(self._searcher.num_docs)

    def frequency(self, token: str) -> int:
        """Return how many documents hold this folded word or pair."""
        return self._searcher.doc_freq(FIELD, token)

    def is_usual(self, written: str, folded: str) -> bool:
        """Tell whether nearly all documents that hold the folded word write it so."""
        return self._searcher.doc_freq(WRITTEN_FIELD, written) >= USUAL * self.frequency(folded) > 0

    def is_common(self, folded: str) -> bool:
        """Tell whether very many documents hold this word."""
        return self.frequency(folded) > COMMON

    def near(self, word: str, distance: int, written: str = "") -> list[Candidate]:
        """Return the words of the index within so many edits of this one, nearest first, then most frequent.

        Where it was `written` with marks, and some of them are within as many edits with theirs, only those: “gừg” is
        gừng, not gửi.
        """
        words = self._lexicon.words(self._searcher, self._state)
        found = [
            Candidate(other, int(edits), words.frequency[other])
            for length in range(len(word) - distance, len(word) + distance + 1)
            for other, edits, _ in process.extract(
                word, words.by_length.get(length, ()), scorer=OSA.distance, score_cutoff=distance, limit=None
            )
            if edits
        ]
        if written and written != word:
            alike = [
                one
                for one in found
                if any(
                    OSA.distance(written, form) <= distance for form, _ in words.writings.get(one.word, ())
                )
            ]
            found = alike or found
        return sorted(found, key=lambda candidate: (candidate.distance, -candidate.frequency))

    def begun(self, letters: str) -> list[Candidate]:
        """Return the most frequent words of the index that begin with these letters and go on."""
        alive = self._lexicon.words(self._searcher, self._state).frequency
        words = self._searcher.terms_with_prefix(FIELD, letters, None, MOST_BEGUN)
        return [Candidate(word, 1, count) for word, count in words if word != letters and word in alive]

    def written(self, folded: Sequence[str], known: Mapping[int, str] | None = None) -> list[str]:
        """Return folded words as people write them: the likeliest row of writings, judged by word and by pair.

        `known` holds, by place, the writing of words of which it is no question.
        """
        writings = self._lexicon.words(self._searcher, self._state).writings
        rows: list[tuple[float, list[str]]] = [(0.0, [""])]
        for place, (before, word) in enumerate(zip(("", *folded), folded, strict=False)):
            forms = [(known[place], 0)] if known and place in known else writings.get(word) or [(word, 0)]
            pairs = self._pairs(before, word) if before and len(rows) * len(forms) > 1 else {}
            rows = [
                max(
                    (
                        score + math.log1p(count) + PAIR_WORTH * math.log1p(pairs.get((row[-1], form), 0)),
                        [*row, form],
                    )
                    for score, row in rows
                )
                for form, count in forms
            ]
        return max(rows)[1][1:]

    def _pairs(self, left: str, right: str) -> Mapping[tuple[str, str], float]:
        """Return how a folded pair is written, and in about how many documents: read off a few that hold it."""
        words = self._lexicon.words(self._searcher, self._state)
        if (found := words.pairs.get((left, right))) is None:
            if len(words.pairs) >= MOST_KEPT:
                words.pairs.clear()
            token = text.pair(left, right)
            pieces = [_spaced(one) for one in texts_with(self._searcher, FIELD, token, MOST_READ)]
            ways = product(*([form for form, _ in words.writings.get(word, ())] for word in (left, right)))
            seen = {
                (one, other): sum(piece.count(f" {one} {other} ") for piece in pieces) for one, other in ways
            }
            share = self.frequency(token) / max(sum(seen.values()), 1)
            found = words.pairs[left, right] = {pair: count * share for pair, count in seen.items()}
        return found


def _spaced(piece: str) -> str:
    """Return the words of a text with a space before and behind each."""
    return f" {' '.join(text.spaced(piece).split())} "


def _listed(searcher: tantivy.Searcher, field: str, letters: str) -> Iterator[tuple[str, int]]:
    """Yield the words of a field with their frequency. Pairs begin with a sign of their own and are left out.

    Words of withdrawn things stay among the terms until tantivy merges; asking for live documents leaves them out.
    """
    for letter in letters:
        yield from searcher.terms_with_prefix(field, letter, tantivy.Query.all_query(), MOST_WORDS)


def _writings(listed: Iterable[tuple[str, int]]) -> dict[str, list[tuple[str, int]]]:
    known = list(listed)
    folded = text.fold_words([word for word, _ in known])
    found: dict[str, list[tuple[str, int]]] = defaultdict(list)
    for (word, count), plain in zip(known, folded, strict=True):
        found[plain].append((word, count))
    return {plain: sorted(forms, key=lambda form: -form[1])[:MOST_WRITINGS] for plain, forms in found.items()}
