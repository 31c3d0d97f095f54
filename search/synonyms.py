"""Words that may stand for what was typed: dialect, everyday words, minority names of goods, places before the merger.

A rule looks for its words beside what was typed, never instead of it. A word is looked for as written, marks and all:
folded, "dứa" would bring dưa, dừa and đũa, too. Figures: docs/decisions/0013-synonyms.md.
"""

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from typing import Final, NamedTuple

from search import analysis, text
from search.engines.base import Clause
from search.lexicon import Reading
from search.queries import NO_EXPANSION, PAIR_WEIGHTS, WEIGHTS, WHOLE_TITLE, Expansion
from search.question import Question

WEIGHT: Final = 0.5
"""Of what a rule finds, against what was typed."""
FIELD: Final = "text_written"
MOST_FOUND: Final = 12
"""So many phrases that the index holds are looked for in place of one."""
CLASSIFIERS: Final = frozenset(("trái", "quả", "củ", "hột"))
"""Stand before a name that often comes without them: "trái bơ" is also just "bơ"."""
LEFT_OUT_WEIGHT: Final = 0.1

# The tone of an open oa, oe, uy stands on either letter: "hòa" and "hoà" are one word.
_TONES = "\u0300\u0301\u0309\u0303\u0323"
_PLACEMENTS = [
    (unicodedata.normalize("NFC", first + tone + second), unicodedata.normalize("NFC", first + second + tone))
    for first, second in ("oa", "oe", "uy")
    for tone in _TONES
]


class Phrase(NamedTuple):
    """Words in a row: folded, and written in one of their ways."""

    folded: tuple[str, ...]
    written: tuple[str, ...]

    @classmethod
    def of(cls, raw: str) -> "Phrase":
        """Return the words of a text."""
        words = text.words(raw)
        return cls(tuple(text.fold_words(words)), tuple(map(one_way, words)))


@dataclass(frozen=True, slots=True)
class Rule:
    """Whoever types the phrase also gets what holds any of the others."""

    typed: Phrase
    found: tuple[tuple[str, ...], ...]
    beside: frozenset[tuple[str, ...]] = frozenset()
    """Folded phrases of which one must be in the question, too; none: always. For names that several places had."""


class Rules:
    """All rules of one moment, by the first word of what is typed. Never changed, so safe for several threads."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        by_first: dict[str, list[Rule]] = defaultdict(list)
        for rule in rules:
            if rule.typed.folded and rule.found:
                by_first[rule.typed.folded[0]].append(rule)
        self._by_first: Mapping[str, Sequence[Rule]] = {
            first: sorted(alike, key=lambda rule: -len(rule.typed.folded))
            for first, alike in by_first.items()
        }

    def __add__(self, other: "Rules") -> "Rules":
        return Rules(chain(*self._by_first.values(), *other._by_first.values()))

    def __len__(self) -> int:
        return sum(map(len, self._by_first.values()))

    def matching(self, question: Question) -> Iterator[tuple[int, int, list[Rule]]]:
        """Yield from where to where which rules apply: from left to right, the longest phrase first."""
        folded = question.folded
        written = tuple(map(one_way, question.written)) if question.has_marks else ()
        place = 0
        while place < len(folded):
            rules: list[Rule] = []
            length = 1
            for rule in self._by_first.get(folded[place], ()):
                end = place + len(rule.typed.folded)
                if rules and end - place < length:
                    break
                if folded[place:end] != rule.typed.folded:
                    continue
                if written and written[place:end] != rule.typed.written:
                    continue
                if rule.beside and not any(_holds(folded, phrase) for phrase in rule.beside):
                    continue
                rules.append(rule)
                length = end - place
            if rules:
                yield place, place + length, rules
            place += length


NO_RULES: Final = Rules(())


def expand(question: Question, rules: Rules, reading: Reading | None) -> Expansion:
    """Return what may stand for the words of a question, as far as the index holds it."""
    if reading is None or not question.folded:
        return NO_EXPANSION
    instead: list[list[Clause]] = [[] for _ in question.folded]
    extras: list[Clause] = []
    words: list[str] = []
    written = tuple(map(one_way, question.written))
    for start, end, applying in rules.matching(question):
        found = [phrase for rule in applying for phrase in rule.found]
        new = [phrase for phrase in dict.fromkeys(found) if not _holds(written, phrase)]
        held = [phrase for phrase in new if _rarest(phrase, reading)][:MOST_FOUND]
        for phrase in held:
            words += phrase
            for spelling in _spellings(phrase):
                clause = _clause(_rarest(spelling, reading, written), WEIGHT / (end - start))
                for place in range(start, end):
                    instead[place].append(clause)
                extras += _around(question, start, end, spelling)
    _leave_out(question, instead)
    return Expansion(
        [tuple(dict.fromkeys(one)) for one in instead], tuple(dict.fromkeys(extras)), tuple(words)
    )


@lru_cache(maxsize=20_000)
def one_way(word: str) -> str:
    """Return a written word with its tone where most people put it ("hoà" -> "hòa"), and Đắk as Đăk."""
    if not word.startswith("qu"):
        for usual, other in _PLACEMENTS:
            if word.endswith(other):
                return word[: -len(other)] + usual
    return "đăk" if word == "đắk" else word


def _other_way(word: str) -> str:
    for usual, other in _PLACEMENTS:
        if word.endswith(usual) and not word.startswith("qu"):
            return word[: -len(usual)] + other
    return "đắk" if word == "đăk" else word


def _spellings(phrase: tuple[str, ...]) -> Iterable[tuple[str, ...]]:
    """Return a phrase with its tones placed in both ways."""
    usual = tuple(map(one_way, phrase))
    return dict.fromkeys((usual, tuple(map(_other_way, usual))))


def _holds(words: Sequence[str], phrase: tuple[str, ...]) -> bool:
    return any(tuple(words[place : place + len(phrase)]) == phrase for place in range(len(words)))


def _rarest(phrase: tuple[str, ...], reading: Reading, typed: Sequence[str] = ()) -> str:
    """Return the word or pair of a phrase that fewest documents hold: it decides for the whole phrase.

    Pairs that were typed count already. "" when the index cannot hold the phrase.
    """
    written = text.pairs(phrase) or list(phrase)
    counts = [reading.frequency(token) for token in map(text.fold, written)]
    if not all(counts):
        return ""
    known = set(text.pairs(typed))
    return min((token in known, count, token) for count, token in zip(counts, written, strict=True))[2]


def _clause(written: str, weight: float) -> Clause:
    """Return what looks for a word as it is written, or for a pair, of which the index holds the folded one."""
    if text.is_pair(written):
        return Clause("text_folded", text.fold(written), weight)
    return Clause(FIELD, written, weight)


def _around(question: Question, start: int, end: int, phrase: tuple[str, ...]) -> list[Clause]:
    """Return what only ranks: the pairs of the phrase and of it with the words beside, unless typed; the title."""
    before, after = question.written[start - 1 : start] if start else (), question.written[end : end + 1]
    typed = set(text.pairs(question.folded))
    pairs = [pair for pair in text.pairs((*before, *phrase, *after)) if text.fold(pair) not in typed]
    clauses = [
        Clause(field, text.fold(pair), WEIGHT * worth)
        for field, worth in PAIR_WEIGHTS.items()
        for pair in pairs
    ]
    if len(phrase) == 1:
        clauses.append(Clause("title_folded", text.fold(phrase[0]), WEIGHT * WEIGHTS["title_folded"]))
    whole = analysis.whole(text.fold_words((*question.written[:start], *phrase, *question.written[end:])))
    return [*clauses, *([Clause("title_whole", whole, WEIGHT * WHOLE_TITLE)] if whole else [])]


def _leave_out(question: Question, instead: list[list[Clause]]) -> None:
    for place, word in enumerate(question.written[:-1]):
        if word in CLASSIFIERS:
            instead[place].append(Clause("text_folded", question.folded[place + 1], LEFT_OUT_WEIGHT))
