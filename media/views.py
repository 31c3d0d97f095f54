"""Give out files: private ones after asking, public ones with an address that may be kept for ever."""

from __future__ import annotations

import mimetypes
import re
from typing import Any, Final
from urllib.parse import quote

from django.core.files.storage import storages
from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase, HttpResponseNotModified
from django.shortcuts import get_object_or_404
from django.utils.text import slugify
from django.views.decorators.http import require_safe

from media.models import Attachment, Photo
from media.private import may_see
from media.storage import PRIVATE_FOLDER, open_private

FILE_NAME: Final = re.compile(r"[0-9a-f]{24}(_\w{7})?\.(webp|jpg|jpeg|png|gif|avif)")
TYPES: Final = {".webp": "image/webp", ".avif": "image/avif"}  # not in every machine's list


@require_safe
def photo(request: HttpRequest, key: str) -> HttpResponseBase:
    """The stored picture, for its owner and whom ``media.private`` allows."""
    thing = _allowed(request, get_object_or_404(Photo, key=key))
    return _picture(request, thing.file.name)


@require_safe
def private_rendition(request: HttpRequest, key: str, name: str) -> HttpResponseBase:
    """One size of a photo that is not public."""
    thing = _allowed(request, get_object_or_404(Photo, key=key))
    if not FILE_NAME.fullmatch(name):
        raise Http404
    return _picture(request, f"{PRIVATE_FOLDER}/{thing.key}/{name}")


@require_safe
def attachment(request: HttpRequest, key: str) -> HttpResponseBase:
    """A private file, always as a download: nothing of it runs or shows within our pages."""
    thing = _allowed(request, get_object_or_404(Attachment, key=key))
    response = _sent(thing.file.name, thing.content_type)
    suffix = mimetypes.guess_extension(thing.content_type) or ""
    plain = slugify(thing.title) or "tep"
    response["Content-Disposition"] = (
        f"attachment; filename=\"{plain}{suffix}\"; filename*=UTF-8''{quote(thing.title + suffix, safe='')}"
    )
    response["Cache-Control"] = "private, no-store"
    return response


@require_safe
def public(request: HttpRequest, name: str) -> HttpResponseBase:
    """A public size of a photo, where no web server in front gives out MEDIA_ROOT (demo, small sites)."""
    if not FILE_NAME.fullmatch(name.rpartition("/")[2]):
        raise Http404
    try:
        file = storages["default"].open(name, "rb")
    except (OSError, ValueError) as error:
        raise Http404 from error
    response = _headers(FileResponse(file, content_type=_type(name)))
    response["Cache-Control"] = "public, max-age=31536000, immutable"
    return response


def _allowed(request: HttpRequest, thing: Any) -> Any:
    """Return ``thing``, or 404: who may not see it is not told that it exists."""
    if not may_see(request, thing):
        raise Http404
    return thing


def _picture(request: HttpRequest, name: str) -> HttpResponseBase:
    """A private picture. The phone may keep it but asks each time, so that signing out ends it."""
    etag = f'"{name.rpartition("/")[2]}"'
    if request.headers.get("If-None-Match") == etag:
        response: HttpResponseBase = HttpResponseNotModified()
    else:
        response = _sent(name, _type(name))
    response["ETag"] = etag
    response["Cache-Control"] = "private, no-cache"
    return response


def _sent(name: str, content_type: str) -> HttpResponseBase:
    try:
        file = open_private(name)
    except FileNotFoundError as error:
        raise Http404 from error
    response = _headers(FileResponse(file, content_type=content_type))
    response["Vary"] = "Cookie"
    return response


def _headers(response: HttpResponseBase) -> HttpResponseBase:
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    return response


def _type(name: str) -> str:
    suffix = name[name.rfind(".") :]
    return TYPES.get(suffix) or mimetypes.guess_type(name)[0] or "application/octet-stream"
