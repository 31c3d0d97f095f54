"""Reads what a person typed: words, "words in quotes", -unwanted ones, a price, a kind ("khóa học …").

Nothing here is a syntax of an engine: what comes out are words, and what is not understood is words, too.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from search import text
from search.documents import Price
from search.engines.base import Clause

LONGEST_QUESTION = 200
"""Characters of a question that are used."""
_QUOTED = re.compile(r"[\"“”„«]([^\"“”„«»]+)[\"“”„»]")
_UNWANTED = re.compile(r"(?:^|(?<=\s))[-\u2212](?=[^\W\d_])(\w[\w\u0300-\u036f]*)")
_NUMBER = r"(\d{1,3}(?:[.,]\d{3})+|\d{1,9}(?:[.,]\d{1,2})?)"
_UNIT = r"(?:\s?(k|nghin|ngan|tr|trieu|dong|vnd|d)\b|\s?(₫))"
_AROUND = 0.2
_PRICE = re.compile(
    r"(?<!\w)(?:(?P<below>duoi|khong qua|toi da|re hon|it hon)|(?P<above>tren|hon|it nhat)|(?P<around>khoang|tam))"
    rf"\s+{_NUMBER}{_UNIT}"
    rf"|(?<!\w)(?:tu\s+)?{_NUMBER}{_UNIT}?\s?(?:den|toi|-|–)\s?{_NUMBER}{_UNIT}"
)
_WORTH = {"k": 1_000, "nghin": 1_000, "ngan": 1_000, "tr": 1_000_000, "trieu": 1_000_000}


@dataclass(frozen=True, slots=True)
class Question:
    """What was typed. The words stay together whatever else was understood: they still count for the score."""

    text: str
    """As it is kept in the form."""
    written: tuple[str, ...]
    folded: tuple[str, ...]
    optional: frozenset[int]
    """Positions of words that need not be in what is found: of a price, of a kind, mere function words."""
    required: tuple[Clause, ...] = ()
    excluded: tuple[Clause, ...] = ()
    price: Price | None = None
    without_price: str = ""
    """What was typed without the words of the price, if there were any."""
    kind: str | None = None
    """The kind that was named in words; a wish, not a filter."""

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
    wanted = _UNWANTED.sub(" ", typed)
    spans = list(text.word_spans(wanted))
    written = tuple(wanted[start:end].lower() for start, end in spans)
    folded = tuple(text.fold_words(written))
    price, price_words, without_price = _price(wanted, spans)
    kind, kind_words = _kind(folded, kinds or {})
    return Question(
        text=typed,
        written=written,
        folded=folded,
        optional=_optional(written, folded, price_words | kind_words),
        required=tuple(dict.fromkeys(_phrases(_QUOTED.findall(wanted)))),
        excluded=tuple(_token(word) for word in _UNWANTED.findall(typed)),
        price=price,
        without_price=" ".join([*without_price.split(), *(f"-{word}" for word in _UNWANTED.findall(typed))]),
        kind=kind,
    )


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


def _optional(written: Sequence[str], folded: Sequence[str], other: set[int]) -> frozenset[int]:
    known = _PLAIN_FUNCTION_WORDS if tuple(written) == tuple(folded) else _FUNCTION_WORDS
    function_words = {place for place, word in enumerate(written) if word in known}
    for places in (other | function_words, other):
        if len(set(range(len(written))) - places) >= (_FEWEST_OTHERS if places != other else 1):
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


def _price(typed: str, spans: Sequence[tuple[int, int]]) -> tuple[Price | None, set[int], str]:
    """Return the price that was asked for, which words say so, and what was typed without them."""
    if not any(character.isdigit() for character in typed):
        return None, set(), typed
    match = _PRICE.search("".join(map(_fold_in_place, typed)))
    if match is None:
        return None, set(), typed
    rest = f"{typed[: match.start()]} {typed[match.end() :]}"
    number, unit, sign, low, low_unit, low_sign, high, high_unit, high_sign = match.groups()[3:]
    places = {
        place for place, (start, end) in enumerate(spans) if start >= match.start() and end <= match.end()
    }
    if number is None:
        last = high_unit or high_sign
        bounds = (_vnd(low, low_unit or low_sign or last), _vnd(high, last))
        return (Price(*bounds), places, rest) if bounds[0] <= bounds[1] else (None, set(), typed)
    amount = _vnd(number, unit or sign)
    if match["below"]:
        return Price(most_vnd=amount), places, rest
    if match["above"]:
        return Price(least_vnd=amount), places, rest
    return Price(round(amount * (1 - _AROUND)), round(amount * (1 + _AROUND))), places, rest


def _vnd(number: str, unit: str) -> int:
    if re.fullmatch(r"\d{1,3}(?:[.,]\d{3})+", number):
        return int(re.sub("[.,]", "", number)) * _WORTH.get(unit, 1)
    return round(float(number.replace(",", ".")) * _WORTH.get(unit, 1))


def _fold_in_place(character: str) -> str:
    folded = text.fold(character)
    return folded if len(folded) == 1 else character
