"""Words of a text as search sees them: normalised, split, folded, and in neighbouring pairs."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise

LONGEST_WORD = 48
"""Characters. Longer runs (pasted codes, addresses) are no words and are left out of index and question."""
JOINT = "_"
"""Stands before and between the words of a pair. No word holds it, so the words of an index can be listed apart."""

# Letters with a bar are letters of their own: Unicode does not take them apart. Ð and ð (eth) are typed for Đ.
_BARRED = {"đ": "d", "Đ": "d", "ð": "d", "Ð": "d", "ƀ": "b", "Ƀ": "b"}
_LAST_SCRIPT = 0x1E950  # marks above this code point belong to no script in use here


def _character_class(characters: Iterator[str]) -> str:
    """Return a regex character class (without brackets) of sorted characters, as ranges."""
    ranges: list[list[str]] = []
    for character in characters:
        if ranges and ord(character) == ord(ranges[-1][1]) + 1:
            ranges[-1][1] = character
        else:
            ranges.append([character, character])
    return "".join(f"{re.escape(first)}-{re.escape(last)}" for first, last in ranges)


_MARKS = [c for c in map(chr, range(0x300, _LAST_SCRIPT)) if unicodedata.category(c) in ("Mn", "Mc")]
_STRIPPED = re.compile(f"[{_character_class(c for c in _MARKS if unicodedata.combining(c))}]+")
# A mark without a composed form (Bahnar ê̆, Tai Viet vowels) belongs to its letter; Python's \w leaves marks out.
_WORD = re.compile(rf"[^\W_](?:[^\W_]|[{_character_class(iter(_MARKS))}])*")
_POINTS = re.compile("[!-/:-@\\[-`{-~\xa0«»°·×\u2010-\u2027\u2030-\u205e]")
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
_JOINERS = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")


def nfc(text: str) -> str:
    """Return the composed form; people's phones send either form of the same letter."""
    return unicodedata.normalize("NFC", text)


def fold(text: str) -> str:
    """Return lower case without marks; đ is d, ƀ is b: "Đậu đỏ", composed or not -> "dau do"."""
    if text.isascii():
        return text.lower()
    bare = _STRIPPED.sub("", unicodedata.normalize("NFD", text))
    for letter, plain in _BARRED.items():  # six replaces in C; str.translate is slower
        bare = bare.replace(letter, plain)
    return unicodedata.normalize("NFC", bare).lower()


def clean(text: str) -> str:
    """Return composed text; control characters and halves of characters are spaces, invisible joiners gone."""
    if not text.isprintable():  # what is has neither of them
        text = _JOINERS.sub("", _CONTROL.sub(" ", text))
    return nfc(text)


def word_spans(text: str) -> Iterator[tuple[int, int]]:
    """Yield start and end of each word of a composed text, in order. Long runs are left out."""
    for match in _WORD.finditer(text):
        if match.end() - match.start() <= LONGEST_WORD:
            yield match.span()


def spaced(text: str) -> str:
    """Return a text in lower case, with a space in place of each point, dash or quote."""
    return _POINTS.sub(" ", text.lower())


def words(text: str) -> list[str]:
    """Return the words as written, composed, in lower case."""
    return split(clean(text))


def split(text: str) -> list[str]:
    """Return the words of a clean text."""
    found = spaced(text)
    # Most texts hold nothing but letters, digits and spaces now, and are split eight times faster without patterns.
    runs = found.split() if found.replace(" ", "").isalnum() else _WORD.findall(found)
    return [word for word in runs if len(word) <= LONGEST_WORD]


def pairs(sequence: Sequence[str]) -> list[str]:
    """Return neighbouring words joined: ["đăng", "ký"] -> ["_đăng_ký"]. Two syllables are often one word."""
    return [
        f"{JOINT}{left}{JOINT}{right}" for left, right in pairwise(sequence)
    ]  # a call for each costs as much again


def pair(left: str, right: str) -> str:
    """Return the token of two neighbouring words."""
    return f"{JOINT}{left}{JOINT}{right}"


def is_pair(token: str) -> bool:
    """Tell a pair from a word."""
    return token.startswith(JOINT)


def fold_words(sequence: Sequence[str]) -> list[str]:
    """Return each word folded. Words come again and again: remembered ones cost a tenth."""
    return list(map(_fold_word, sequence))


_fold_word = lru_cache(maxsize=100_000)(fold)
