"""What both engines index of a document: fields of ready-made tokens, and numbers for ranking and filters.

The engines split on spaces and nothing else, so a word means the same in both. Each text stands twice, as
written and folded, and with each its neighbouring pairs (figures: docs/decisions/0007-search.md).
"""

import hashlib
from dataclasses import dataclass

from search import text
from search.documents import SearchDocument

SCHEMA_VERSION = 3
"""Raise it when fields or tokens change: an index of another version is not opened but built anew."""

EXCERPT_LENGTH = 3000
"""Characters of the body that are kept beside the index to show where it matches."""

LEAST_BOOST, MOST_BOOST = 0.125, 8.0

TOKEN_FIELDS = ("title_folded", "text_folded", "text_written", "title_whole")
TITLE_WORDS = 16
"""Words of a title that completion and the whole-title match look at."""


@dataclass(frozen=True, slots=True)
class TokenFields:
    """Token streams joined by spaces. `text_*` holds title and body; the title stands once more alone."""

    title_folded: str
    text_folded: str
    text_written: str
    title_whole: str
    """One token: the title's folded words joined. It is what "exactly this name" looks for."""
    title_tails: str
    """The title from each of its words on, each as one token: what completion looks up by its beginning."""


def analyse(document: SearchDocument) -> TokenFields:
    """Return the token streams of one document. Title and body are apart: no pair crosses from one to the other."""
    title = text.words(document.title)
    body = text.words(document.body)
    plain_title = text.fold_words(title)
    title_folded = _with_pairs(plain_title)
    beginning = text.pair("", plain_title[0]) if plain_title else ""  # a pair with nothing before it
    first_words = plain_title[:TITLE_WORDS]
    return TokenFields(
        title_folded=f"{beginning} {title_folded}".strip(),
        text_folded=f"{title_folded} {_with_pairs(text.fold_words(body))}",
        text_written=f"{_with_pairs(title)} {_with_pairs(body)}",
        title_whole=whole(plain_title),
        title_tails=" ".join(text.JOINT.join(first_words[start:]) for start in range(len(first_words))),
    )


def whole(folded: list[str]) -> str:
    """Return the one token of a whole title or question; longer ones than `TITLE_WORDS` are no names."""
    return text.JOINT.join(folded) if len(folded) <= TITLE_WORDS else ""


def boost(document: SearchDocument) -> float:
    """Return the document's boost within what both engines can store."""
    return float(min(max(document.boost, LEAST_BOOST), MOST_BOOST))


def number(word: str) -> int:
    """Return a fixed number for a word, 0 to 2**53: what engines keep in a column and JSON does not round."""
    return int.from_bytes(hashlib.blake2b(word.encode(errors="surrogatepass"), digest_size=8).digest()) >> 11


def excerpt_source(document: SearchDocument) -> str:
    """Return the start of the body, cut between words, with spaces in place of line breaks."""
    body = " ".join(text.clean(document.body).split())
    if len(body) <= EXCERPT_LENGTH:
        return body
    return body[:EXCERPT_LENGTH].rpartition(" ")[0]


def _with_pairs(sequence: list[str]) -> str:
    return " ".join((*sequence, *text.pairs(sequence)))
