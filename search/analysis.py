"""What both engines index of a document: three fields of ready-made tokens.

The engines split on spaces and nothing else, so a word means the same in both. Each text stands twice, as
written and folded, and with each its neighbouring pairs (figures: docs/decisions/0007-search.md).
"""

from dataclasses import dataclass

from search import text
from search.documents import SearchDocument

SCHEMA_VERSION = 1
"""Raise it when fields or tokens change: an index of another version is not opened but built anew."""


@dataclass(frozen=True, slots=True)
class TokenFields:
    """Token streams joined by spaces. `text_*` holds title and body; the title stands once more alone."""

    title_folded: str
    text_folded: str
    text_written: str


EXCERPT_LENGTH = 3000
"""Characters of the body that are kept beside the index to show where it matches."""

LEAST_BOOST, MOST_BOOST = 0.125, 8.0

TOKEN_FIELDS = ("title_folded", "text_folded", "text_written")


def _with_pairs(sequence: list[str]) -> str:
    return " ".join((*sequence, *text.pairs(sequence)))


def analyse(document: SearchDocument) -> TokenFields:
    """Return the token streams of one document. Title and body are apart: no pair crosses from one to the other."""
    title = text.words(document.title)
    body = text.words(document.body)
    title_folded = _with_pairs(_folded(title))
    return TokenFields(
        title_folded=title_folded,
        text_folded=f"{title_folded} {_with_pairs(_folded(body))}",
        text_written=f"{_with_pairs(title)} {_with_pairs(body)}",
    )


def boost(document: SearchDocument) -> float:
    """Return the document's boost within what both engines can store."""
    return min(max(document.boost, LEAST_BOOST), MOST_BOOST)


def excerpt_source(document: SearchDocument) -> str:
    """Return the start of the body, cut between words, with spaces in place of line breaks."""
    body = " ".join(text.clean(document.body).split())
    if len(body) <= EXCERPT_LENGTH:
        return body
    return body[:EXCERPT_LENGTH].rpartition(" ")[0]


def _folded(words: list[str]) -> list[str]:
    # One call for all words: folding word by word costs ten times as much. Folding never joins or splits words.
    return text.fold(" ".join(words)).split(" ") if words else []
