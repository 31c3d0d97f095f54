"""Gives out bytes named by their hash: whole (packed for the way), or one range of them (RFC 9110, 14)."""

from __future__ import annotations

import re
from typing import Final

from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils.http import parse_etags

from base.pagecache.entry import best_encoding, packed

ONE_RANGE: Final = re.compile(r"bytes=(?:(\d{1,15})-(\d{0,15})|-(\d{1,15}))", re.ASCII)
WORTH_PACKING: Final = 512  # bytes


class NotThere(ValueError):
    """The range begins behind the end."""


def answer(
    request: HttpRequest, data: bytes, *, name: str, is_text: bool, cache_control: str
) -> HttpResponse:
    """Return 200 with all, 206 with a part, 304, or 416; ``name`` is the sha256 of ``data``."""
    etag = f'"{name}"'
    if _has_it(request, etag):
        response: HttpResponse = HttpResponseNotModified()
    else:
        try:
            part = _part(request, len(data), etag)
        except NotThere:
            response = HttpResponse(status=416)
            response["Content-Range"] = f"bytes */{len(data)}"
        else:
            response = _whole(request, data, is_text) if part is None else _some(data, *part)
            response["Content-Type"] = "application/octet-stream"  # never a page of ours by itself
    if response.get("Content-Encoding"):
        etag = f"W/{etag}"  # other bytes on the way: a range of these would be of the plain ones
    response["ETag"] = etag
    response["Accept-Ranges"] = "bytes"
    response["Vary"] = "Accept-Encoding"
    response["Cache-Control"] = cache_control
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    return response


def _has_it(request: HttpRequest, etag: str) -> bool:
    asked = parse_etags(request.headers.get("If-None-Match", ""))
    return asked == ["*"] or etag in {tag.removeprefix("W/") for tag in asked}


def _part(request: HttpRequest, size: int, etag: str) -> tuple[int, int] | None:
    """Return first and last byte of the one range asked for, or None for all. Raises NotThere.

    Several ranges, another unit or nonsense are as if nothing had been asked, which the standard allows.
    """
    asked = ONE_RANGE.fullmatch(request.headers.get("Range", "").replace(" ", ""))
    if asked is None or request.headers.get("If-Range", etag) != etag:
        return None
    first, last, from_end = asked.groups()
    if from_end is not None:
        length = min(int(from_end), size)
        if length == 0:
            raise NotThere
        return size - length, size - 1
    begin, end = int(first), min(int(last or size), size - 1)
    if last and int(last) < begin:
        return None
    if begin >= size:
        raise NotThere
    return begin, end


def _some(data: bytes, begin: int, end: int) -> HttpResponse:
    response = HttpResponse(data[begin : end + 1], status=206)
    response["Content-Range"] = f"bytes {begin}-{end}/{len(data)}"
    response["Content-Length"] = str(end + 1 - begin)
    return response


def _whole(request: HttpRequest, data: bytes, is_text: bool) -> HttpResponse:
    encoding = best_encoding(request.headers.get("Accept-Encoding", ""))
    if not is_text or len(data) < WORTH_PACKING or not encoding:
        response = HttpResponse(data)
    else:
        response = HttpResponse(packed(data, encoding))
        response["Content-Encoding"] = encoding
    response["Content-Length"] = str(len(response.content))
    return response
