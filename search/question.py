"""Reads what a person typed: words, "words in quotes", -unwanted ones, a price, a kind ("khóa học …").

Nothing here is a syntax of an engine: what comes out are words, and what is not understood is words, too.
"""

import re
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Final

from search import prices, text
from search.documents import Price
from search.engines.base import Clause

LONGEST_QUESTION = 200
"""Characters of a question that are used."""
_QUOTED = re.compile(r"[\"“”„«]([^\"“”„«»]+)[\"“”„»]")
_UNWANTED = re.compile(r"(?:^|(?<=\s))[-\u2212](?=[^\W\d_])(\w[\w\u0300-\u036f]*)")


@dataclass(frozen=True, slots=True)
class Question:
    """What was typed. The words stay together whatever else was understood: they still count for the score."""

    text: str
    """As it is kept in the form."""
    written: tuple[str, ...]
    folded: tuple[str, ...]
    spans: tuple[tuple[int, int], ...]
    """Where each word stands in `text`."""
    optional: frozenset[int]
    """Positions of words that need not be in what is found: of a price, of a kind, mere function words."""
    priced: frozenset[int] = frozenset()
    """Positions of the words of the price."""
    required: tuple[Clause, ...] = ()
    excluded: tuple[Clause, ...] = ()
    price: Price | None = None
    without_price: str = ""
    """What was typed without the words of the price, if there were any."""
    kind: str | None = None
    """The kind that was named in words; a wish, not a filter."""

    @property
    def is_mere_price(self) -> bool:
        """Whether a price is all that was asked for (“dưới 50k”, “hàng dưới 50k”): no word decides then."""
        return bool(self.priced) and len(self.optional) == len(self.written)

    @property
    def has_marks(self) -> bool:
        """Whether any word was typed with its marks; if none, nothing is known about how it is written."""
        return self.written != self.folded


# Words that join others, as written; without marks only those that no good is called ("dau" is also đậu).
_FUNCTION_WORDS: Final = frozenset(
    text.words(
        "là gì nào ở đâu của cho có không được thì mà và hay hoặc tôi mình em muốn cần bao nhiêu như thế làm sao khi "
        "phải những các một ạ nhé với để về bị do ra"
    )
)
_PLAIN_FUNCTION_WORDS: Final = frozenset(text.words("gi nao cua khong duoc thi muon nhu nhieu"))
_FEWEST_OTHERS = 2


def read(raw: str, kinds: Mapping[str, Sequence[str]] | None = None) -> Question:
    """Return what was typed, understood. `kinds` gives, for each kind, the folded phrases that name it."""
    # Three times the length, because one letter can be typed as up to three characters before composition.
    typed = cut(" ".join(text.clean(raw[: 3 * LONGEST_QUESTION]).split()))
    wanted = _UNWANTED.sub(lambda unwanted: " " * len(unwanted[0]), typed)
    spans = list(text.word_spans(wanted))
    written = tuple(wanted[start:end].lower() for start, end in spans)
    folded = tuple(text.fold_words(written))
    price = prices.asked(wanted)
    priced: frozenset[int] = frozenset()
    without_price = wanted
    for start, end in price.spans if price else ():
        priced |= _within(spans, start, end)
        without_price = without_price[:start] + " " * (end - start) + without_price[end:]
    kind, kind_words = _kind(folded, kinds or {})
    return Question(
        text=typed,
        written=written,
        folded=folded,
        spans=tuple(spans),
        optional=_optional(written, folded, priced, kind_words),
        required=tuple(dict.fromkeys(_phrases(_QUOTED.findall(wanted)))),
        excluded=tuple(_token(word) for word in _UNWANTED.findall(typed)),
        price=price.price if price else None,
        priced=priced,
        without_price=" ".join([*without_price.split(), *(f"-{word}" for word in _UNWANTED.findall(typed))]),
        kind=kind,
    )


def _within(spans: Sequence[tuple[int, int]], start: int, end: int) -> frozenset[int]:
    return frozenset(place for place, (first, last) in enumerate(spans) if first >= start and last <= end)


def cut(composed: str) -> str:
    """Cut at the last word that ends within the length, so no letter loses a mark that follows it."""
    if len(composed) <= LONGEST_QUESTION:
        return composed
    ends = [end for _, end in text.word_spans(composed) if end <= LONGEST_QUESTION]
    return composed[: ends[-1]] if ends else ""


def _token(word: str) -> Clause:
    """Return the clause of a word: as written where it has marks, else folded."""
    lower = word.lower()
    return Clause("text_folded" if text.fold(lower) == lower else "text_written", lower, 1.0)


def _phrases(quoted: Iterable[str]) -> Iterable[Clause]:
    """Yield what a document must hold for words in quotes: their pairs, and each word that has marks, as written."""
    for phrase in quoted:
        words = text.words(phrase)
        pairs = text.pairs(text.fold_words(words))
        yield from (Clause("text_folded", pair, 1.0) for pair in pairs)
        yield from (clause for clause in map(_token, words) if not pairs or clause.field == "text_written")


def _optional(
    written: Sequence[str], folded: Sequence[str], priced: Set[int], kind_words: Set[int]
) -> frozenset[int]:
    known = _PLAIN_FUNCTION_WORDS if tuple(written) == tuple(folded) else _FUNCTION_WORDS
    function_words = {place for place, word in enumerate(written) if word in known}
    every, other = frozenset(range(len(written))), priced | kind_words
    if priced and not every - other - function_words:
        return every
    for places in (other | function_words, other):
        if len(every - places) >= (_FEWEST_OTHERS if places != other else 1):
            return frozenset(places)
    return frozenset()


def _kind(folded: Sequence[str], kinds: Mapping[str, Sequence[str]]) -> tuple[str | None, set[int]]:
    """Return the kind named at the beginning of a question that goes on, and where its words are."""
    best: tuple[int, str | None] = (0, None)
    for kind, phrases in kinds.items():
        for phrase in phrases:
            words = tuple(phrase.split())
            if len(words) < len(folded) and tuple(folded[: len(words)]) == words and len(words) > best[0]:
                best = (len(words), kind)
    return best[1], set(range(best[0]))
