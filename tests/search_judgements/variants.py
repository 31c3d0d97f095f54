"""Ways to type the same question: without marks, with one slip of a phone keyboard, both. The same each time."""

import random
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final

from search.text import fold, word_spans
from tests.search_judgements.judgements import BASE, Query, load_queries

SEED: Final = 4
SHORTEST_MISTYPED: Final = 4
"""Letters. In shorter words one slip is as often another word, and nobody could repair it."""

# Letters beside each other on the QWERTY of a phone.
NEIGHBOURS: Final = {
    "a": "qs", "b": "vn", "c": "xv", "d": "sf", "e": "wr", "g": "fh", "h": "gj", "i": "uo", "k": "jl", "l": "k",
    "m": "n", "n": "bm", "o": "ip", "p": "o", "q": "wa", "r": "et", "s": "ad", "t": "ry", "u": "yi", "v": "cb",
    "x": "zc", "y": "tu",
}  # fmt: skip
# Telex: what is typed after a letter for its mark; it stays in the word when the keyboard is not set to Vietnamese.
TONE_KEYS: Final = {"\u0301": "s", "\u0300": "f", "\u0309": "r", "\u0303": "x", "\u0323": "j"}
SHAPE_KEYS: Final = {"\u0306": "w", "\u031b": "w"}  # ă, ơ, ư; a hat (â, ê, ô) is the letter twice, đ is dd
HAT: Final = "\u0302"

Slip = Callable[[str, random.Random], str]


def neighbour_key(word: str, rng: random.Random) -> str:
    """Return the word with one letter replaced by the one beside it; never the first, which people see."""
    places = [i for i in range(1, len(word)) if fold(word[i]) in NEIGHBOURS]
    if not places:
        return word
    at = rng.choice(places)
    return word[:at] + rng.choice(NEIGHBOURS[fold(word[at])]) + word[at + 1 :]


def missing_letter(word: str, rng: random.Random) -> str:
    """Return the word without one of its letters but the first."""
    at = rng.randrange(1, len(word))
    return word[:at] + word[at + 1 :]


def doubled_letter(word: str, rng: random.Random) -> str:
    """Return the word with one letter typed twice."""
    at = rng.randrange(len(word))
    return word[: at + 1] + word[at:]


def swapped_letters(word: str, rng: random.Random) -> str:
    """Return the word with two neighbouring letters in the wrong order."""
    places = [i for i in range(1, len(word) - 1) if word[i] != word[i + 1]]
    if not places:
        return word
    at = rng.choice(places)
    return word[:at] + word[at + 1] + word[at] + word[at + 2 :]


def telex_keys(word: str, rng: random.Random) -> str:
    """Return the word as typed in Telex on a keyboard without it: one of its marks stays as a key ("được" "dduwowcj").

    One key only, the others lost, as one slip: "đăng" -> "ddang" or "dawng".
    """
    slips: list[str] = []
    plain = fold(word)
    for at, letter in enumerate(word):
        parts = unicodedata.normalize("NFD", letter)
        if letter == "đ":
            slips.append(plain[:at] + "dd" + plain[at + 1 :])
        if HAT in parts:
            slips.append(plain[: at + 1] + plain[at] + plain[at + 1 :])
        slips += [
            plain[: at + 1] + SHAPE_KEYS[mark] + plain[at + 1 :] for mark in parts if mark in SHAPE_KEYS
        ]
        slips += [plain + TONE_KEYS[mark] for mark in parts if mark in TONE_KEYS]
    return rng.choice(slips) if slips else word


SLIPS: Final[Sequence[Slip]] = (neighbour_key, missing_letter, doubled_letter, swapped_letters, telex_keys)


def plain(text: str) -> str:
    """Return the question without marks, as most people type on a phone."""
    return fold(text)


def typo(query_id: str, text: str) -> str:
    """Return the question with one slip in one word of four letters or more; the same slip for the same id.

    Every kind of slip is used equally often over a set. A question of short words only is returned unchanged.
    """
    rng = random.Random(f"{SEED}:{query_id}")
    text = unicodedata.normalize("NFC", text).lower()
    spans = [
        (start, end)
        for start, end in word_spans(text)
        if end - start >= SHORTEST_MISTYPED and text[start:end].isalpha()
    ]
    rng.shuffle(spans)
    slips = list(SLIPS)
    rng.shuffle(slips)
    for start, end in spans:
        for slip in slips:
            changed = slip(text[start:end], rng)
            if fold(changed) != fold(text[start:end]):
                return text[:start] + changed + text[end:]
    return text


def plain_typo(query_id: str, text: str) -> str:
    """Return the question with the slip of `typo` and without marks."""
    return fold(typo(query_id, text))


DERIVED: Final[dict[str, Callable[[Query], str]]] = {
    "plain": lambda query: plain(query.text),
    "typo": lambda query: typo(query.query_id, query.text),
    "plain_typo": lambda query: plain_typo(query.query_id, query.text),
}
BY_HAND: Final = ("dialect", "old_place", "first_letters")
VARIANTS: Final = (BASE, *DERIVED, *BY_HAND)


def varied(name: str, variant: str) -> list[Query]:
    """Return the questions of a set in a variant, each naming its base question in `of`.

    A question without marks to lose, or without a word long enough for a slip, has no such variant. Raises KeyError
    for a variant that there is not.
    """
    if variant not in VARIANTS:
        raise KeyError(variant)
    queries = load_queries(name)
    if variant not in DERIVED:
        return [
            replace(query, of=query.of or query.query_id) for query in queries if query.variant == variant
        ]
    found = []
    for query in queries:
        if query.variant == BASE:
            text = DERIVED[variant](query)
            same = query.text.lower() == text if variant == "plain" else fold(query.text) == fold(text)
            if not same:
                query_id = f"{query.query_id}~{variant}"
                found.append(replace(query, query_id=query_id, text=text, variant=variant, of=query.query_id))
    return found
