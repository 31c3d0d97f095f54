"""A kept page: its headers and its body in brotli and gzip, and the answers made from it."""

from __future__ import annotations

import gzip
import hashlib
import time
from dataclasses import dataclass
from typing import Final

import brotli
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotModified
from django.utils.http import parse_etags

from base.pagecache.plan import Plan

MAX_BODY_BYTES: Final = 1_000_000
GRACE_S: Final = 30  # past its life a page may be given while one request makes the next
# A list of 11.3 KB: quality 9 gives 3,150 bytes in 0.3 ms, 11 gives 2,930 in 9 ms. Without the small window the
# compressor clears megabytes first: 7.5 ms for the same bytes (docs/decisions/0004-page-cache.md).
BROTLI_QUALITY: Final = 9
BROTLI_WINDOW: Final = 16  # 64 KB
GZIP_LEVEL: Final = 9
OWN_HEADERS: Final = frozenset({"vary", "etag", "cache-control", "content-length", "set-cookie", "date"})
GIVEN: Final = "given_entry"
ALWAYS: Final = (("Cache-Control", "no-cache"), ("Vary", "Accept-Encoding, Save-Data"))


@dataclass(frozen=True, slots=True)
class Entry:
    """What the cache holds for one key."""

    tokens: dict[str, str]
    fresh_until: float  # Unix time; after it one request makes the page again
    ends_at: float | None  # Unix time after which the page is wrong and never given
    etag: str
    headers: tuple[tuple[str, str], ...]
    brotli: bytes
    gzip: bytes

    def is_over(self) -> bool:
        """Return whether the page would read differently by now."""
        return self.ends_at is not None and self.ends_at <= time.time()

    def timeout_s(self) -> float:
        """Return how long the cache should hold it."""
        now = time.time()
        end = self.fresh_until + GRACE_S
        return (end if self.ends_at is None else min(end, self.ends_at)) - now


def given(request: HttpRequest) -> Entry | None:
    """Return the entry that this request was answered with: how long the page is good, and what it depends on.

    None for a page that is not for everybody. An entry without tokens was changed while it was made: not kept.
    """
    return getattr(request, GIVEN, None)


def can_keep(response: HttpResponseBase) -> bool:
    """Return whether a response may be given to everybody: plain, complete, 200, nothing private or personal."""
    if response.streaming or response.status_code != 200 or response.cookies:
        return False
    asked = response.get("Cache-Control", "").lower()
    return (
        "private" not in asked
        and "no-store" not in asked
        and not response.has_header("Content-Encoding")
        and getattr(response, "is_rendered", True)
        and len(getattr(response, "content", b"")) <= MAX_BODY_BYTES
    )


def build(response: HttpResponse, plan: Plan, tokens: dict[str, str]) -> Entry:
    """Return the entry for a response that ``can_keep`` allowed."""
    now = time.time()
    headers = tuple((name, value) for name, value in response.items() if name.lower() not in OWN_HEADERS)
    mark = hashlib.blake2b(repr(headers).encode() + response.content, digest_size=12).hexdigest()
    return Entry(
        tokens=tokens,
        fresh_until=now + plan.life_s(now),
        ends_at=plan.ends_at,
        etag=f'W/"{mark}"',  # weak: one tag for the page in every encoding
        headers=headers,
        brotli=packed(response.content, "br"),
        gzip=packed(response.content, "gzip"),
    )


def answer(request: HttpRequest, entry: Entry) -> HttpResponse:
    """Return the page in the best encoding the browser takes, or 304 if it has this very page."""
    setattr(request, GIVEN, entry)
    asked = request.META.get("HTTP_IF_NONE_MATCH")
    if asked and _matches(asked, entry.etag):
        response: HttpResponse = HttpResponseNotModified()
    else:
        encoding = best_encoding(request.META.get("HTTP_ACCEPT_ENCODING", ""))
        body = {"br": entry.brotli, "gzip": entry.gzip}.get(encoding) or gzip.decompress(entry.gzip)
        response = HttpResponse(b"" if request.method == "HEAD" else body)
        del response["Content-Type"]
        for name, value in entry.headers:
            response[name] = value
        if encoding:
            response["Content-Encoding"] = encoding
        response["Content-Length"] = str(len(body))
    response["ETag"] = entry.etag
    for name, value in ALWAYS:
        response[name] = value
    return response


def _matches(asked: str, etag: str) -> bool:
    tags = parse_etags(asked)
    return tags == ["*"] or etag.removeprefix("W/") in {tag.removeprefix("W/") for tag in tags}


def packed(text: bytes, encoding: str) -> bytes:
    """Return a text in one of the encodings that `best_encoding` names; the same text gives the same bytes."""
    if encoding == "br":
        return brotli.compress(text, mode=brotli.MODE_TEXT, quality=BROTLI_QUALITY, lgwin=BROTLI_WINDOW)
    return gzip.compress(text, GZIP_LEVEL, mtime=0)


def best_encoding(accepted: str) -> str:
    """Return "br", "gzip" or "" (as it is) for an Accept-Encoding header; an encoding with ``q=0`` is refused."""
    taken = set()
    for part in accepted.lower().split(","):
        name, *parameters = (piece.strip() for piece in part.split(";"))
        if not any(piece.replace(" ", "").rstrip("0") in ("q=", "q=0.") for piece in parameters):
            taken.add(name)
    return "br" if "br" in taken else "gzip" if "gzip" in taken else ""
