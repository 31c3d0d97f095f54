"""``{{ hit.title|marked }}``: a text in pieces, with what matches the question marked."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from django import template
from django.utils.safestring import SafeString

from search.documents import Piece

register = template.Library()


@register.filter
def marked(pieces: Iterable[Piece]) -> SafeString:
    """The pieces as HTML, each escaped, matches inside <mark>."""
    return SafeString(
        "".join(
            f"<mark>{escape(piece.text)}</mark>" if piece.is_match else escape(piece.text) for piece in pieces
        )
    )
