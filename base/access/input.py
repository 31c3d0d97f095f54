"""Refuses what no person types and what the database cannot store: NUL, broken UTF-8, bodies beyond the limit.

PostgreSQL answers NUL in a text with an error, which would be a 500 of ours; SQLite stores it and shows half a text.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final
from urllib.parse import unquote_to_bytes

from django.conf import settings
from django.core.exceptions import BadRequest, RequestDataTooBig
from django.http import HttpRequest, HttpResponseBase

NUL: Final = "\x00"
JSON_NUL: Final = b"\\u0000"
INTAKE: Final = "/gui/"  # judges each entry of a batch by itself: a bad one must not hold up the others


class RefuseBadInput:
    """Answers 400 to such a request, 413 to a body that is too big."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Look at address, query, cookies and body, then let the request pass."""
        if NUL in request.path_info or not is_text(
            request.META.get("QUERY_STRING", "").encode("latin-1", "replace")
        ):
            raise BadRequest("NUL or broken UTF-8 in the address")
        if NUL in request.META.get("HTTP_COOKIE", ""):
            raise BadRequest("NUL in a cookie")
        if request.method in ("POST", "PUT", "PATCH") and not request.path_info.startswith(INTAKE):
            refuse_bad_body(request)
        return self.get_response(request)


def is_text(encoded: bytes) -> bool:
    """Return whether a percent-encoded query or body is UTF-8 without NUL."""
    if b"%" not in encoded and encoded.isascii():
        return b"\x00" not in encoded
    plain = unquote_to_bytes(encoded)
    try:
        plain.decode()
    except UnicodeDecodeError:
        return False
    return b"\x00" not in plain


def refuse_bad_body(request: HttpRequest) -> None:
    """Raise BadRequest for a body with NUL or broken UTF-8, RequestDataTooBig beyond REQUEST_MAX_BYTES.

    Only bodies of text are looked at; what is in a file is for ``media`` to judge.
    """
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not length.isdigit():
        raise BadRequest("Content-Length is no number")
    if int(length) > settings.REQUEST_MAX_BYTES:
        raise RequestDataTooBig("The body is larger than REQUEST_MAX_BYTES")
    if request.content_type == "application/x-www-form-urlencoded":
        if not is_text(request.body):
            raise BadRequest("NUL or broken UTF-8 in a form")
    elif request.content_type == "application/json":
        if JSON_NUL in request.body or b"\x00" in request.body:
            raise BadRequest("NUL in JSON")
    elif request.content_type == "multipart/form-data" and any(
        NUL in text for name, values in request.POST.lists() for text in (name, *values)
    ):
        raise BadRequest("NUL in a form")
