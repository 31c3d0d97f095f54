"""What both engines index of a document: fields of ready-made tokens, and numbers for ranking and filters.

The engines split on spaces and nothing else, so a word means the same in both. Each text stands twice: folded, with its
neighbouring pairs, and as written (figures: docs/decisions/0007-search.md, 0017-search-speed.md).
"""

import hashlib
from itertools import chain
from typing import NamedTuple

from search import text
from search.documents import APART, SearchDocument

SCHEMA_VERSION = 6
"""Raise it when fields or tokens change: an index of another version is not opened but built anew."""

EXCERPT_LENGTH = 3000
"""Characters of the body that are kept beside the index to show where it matches."""

LEAST_BOOST, MOST_BOOST = 0.125, 8.0

TOKEN_FIELDS = ("title_folded", "text_folded", "text_written", "title_whole")
TITLE_WORDS = 16
"""Words of a title that completion and the whole-title match look at."""


class Analysed(NamedTuple):
    """What is indexed of title and body: token streams joined by spaces, and the texts that are kept beside them.

    `text_*` holds title and body; the title stands once more alone.
    """

    title: str
    """As it is written, composed."""
    excerpt: str
    """The start of the body, as it is written, in one line."""
    title_folded: str
    text_folded: str
    text_written: str
    title_whole: str
    """One token: the title's folded words joined. It is what "exactly this name" looks for."""
    title_tails: str
    """The title from each of its words on, each as one token: what completion looks up by its beginning."""


def analyse(document: SearchDocument) -> Analysed:
    """Return what is indexed of one document's texts. No pair crosses from one part to the next (`APART`)."""
    title, body = text.clean(document.title), text.clean(document.body)
    title_words, parts = text.split(title), [text.split(part) for part in body.split(APART)]
    plain_title = text.fold_words(title_words)
    title_folded = _with_pairs(plain_title)
    beginning = text.pair("", plain_title[0]) if plain_title else ""  # a pair with nothing before it
    return Analysed(
        title=title,
        excerpt=_excerpt(body),
        title_folded=f"{beginning} {title_folded}".strip(),
        text_folded=" ".join((title_folded, *(_with_pairs(text.fold_words(part)) for part in parts))),
        text_written=" ".join((*title_words, *chain.from_iterable(parts))),
        title_whole=whole(plain_title),
        title_tails=" ".join(tails(plain_title)),
    )


def whole(folded: list[str]) -> str:
    """Return the one token of a whole title or question; longer ones than `TITLE_WORDS` are no names."""
    return text.JOINT.join(folded) if len(folded) <= TITLE_WORDS else ""


def tails(folded: list[str]) -> list[str]:
    """Return a title from each of its words on, each as one token."""
    words = folded[:TITLE_WORDS]
    return [text.JOINT.join(words[start:]) for start in range(len(words))]


def boost(document: SearchDocument) -> float:
    """Return the document's boost within what both engines can store."""
    return float(min(max(document.boost, LEAST_BOOST), MOST_BOOST))


def number(word: str) -> int:
    """Return a fixed number for a word, 0 to 2**53: what engines keep in a column and JSON does not round."""
    return int.from_bytes(hashlib.blake2b(word.encode(errors="surrogatepass"), digest_size=8).digest()) >> 11


def _excerpt(body: str) -> str:
    """Return the start of a clean body, cut between words, with spaces in place of line breaks."""
    is_line = "  " not in body and body.isprintable()  # most are; nothing printable but a space is white
    line = body.strip() if is_line else " ".join(body.split())
    if len(line) <= EXCERPT_LENGTH:
        return line
    return line[:EXCERPT_LENGTH].rpartition(" ")[0]


def _with_pairs(sequence: list[str]) -> str:
    return " ".join(sequence + text.pairs(sequence))
