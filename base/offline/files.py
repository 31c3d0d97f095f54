"""The files that a page of a pack needs: style, scripts and what they load in turn, one size of each picture."""

from __future__ import annotations

import hashlib
import html
import mimetypes
import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import Final
from urllib.parse import unquote, urljoin

from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.exceptions import SuspiciousFileOperation
from django.core.files.storage import default_storage
from django.utils._os import safe_join

from base.pagecache import generations

TYPES: Final = {
    ".webp": "image/webp",
    ".avif": "image/avif",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
}
IN_PAGE: Final = re.compile(rf"""["']({re.escape(settings.STATIC_URL)}[\w./-]+)["']""")
IN_SCRIPT: Final = re.compile(
    r"""\bimport\b(?:[^"'();]*?\bfrom\b)?\s*\(?\s*["'](\.{1,2}/[^"']+)["']\s*[;)]"""
)
IN_STYLE: Final = re.compile(r"""url\(\s*["']?([^"')]+)["']?\s*\)""")
PICTURE: Final = re.compile(r"<picture>.*?</picture>|<img\b[^>]*>", re.DOTALL)
SOUND: Final = re.compile(r"""<(?:audio|source)\b[^>]*\ssrc="([^"]+)\"""")
BEST: Final = re.compile(r"""\bsrcset="([^"\s,]+)|\bsrc="([^"]+)\"""")
LARGEST_PRIVATE_PICTURE: Final = (
    64 * 1024
)  # bytes; a photo as it was sent, not one of our sizes, stays at home


class Where(StrEnum):
    """Where the bytes of a file come from."""

    PAGE = "page"
    STATIC = "static"
    MEDIA = "media"
    INSIDE = "inside"  # a view that asks who wants to see it


@dataclass(frozen=True, slots=True)
class File:
    """One file of a pack, under the address by which pages ask for it."""

    url: str
    sha256: str
    bytes: int
    type: str
    where: Where

    @property
    def is_text(self) -> bool:
        """Whether it is worth packing for the way."""
        return self.type.startswith(("text/", "application/json", "image/svg"))


def sha256(data: bytes) -> str:
    """Return the name of these bytes."""
    return hashlib.sha256(data).hexdigest()


# --- what a page names ------------------------------------------------------------------------------------------------


def statics_in(page: str) -> list[str]:
    """Return the addresses of static files that the page names, and of all that those load in turn, once each."""
    found: dict[str, None] = {}
    waiting = list(dict.fromkeys(IN_PAGE.findall(page)))
    while waiting:
        url = waiting.pop(0)
        if url not in found and (known := static(url)) is not None:
            found[url] = None
            waiting += known[1]
    return list(found)


def pictures_in(page: str) -> Iterator[str]:
    """Yield one address for each picture, the lightest format of the size that the page shows; sounds too."""
    for tag in PICTURE.findall(page):
        if found := BEST.search(tag):
            yield html.unescape(found[1] or found[2])
    for url in SOUND.findall(page):
        yield html.unescape(url)


# --- static files: their names carry a hash, or their time of change tells ------------------------------------------


def static(url: str) -> tuple[File, tuple[str, ...]] | None:
    """Return the static file and the addresses that it loads, or None when there is none."""
    path = _path_of(url)
    if path is None:
        return None
    state = path.stat()
    return _read_static(url, str(path), state.st_mtime_ns, state.st_size)


def static_bytes(url: str) -> bytes | None:
    """Return its bytes, or None."""
    path = _path_of(url)
    return path.read_bytes() if path else None


@lru_cache(maxsize=512)
def _read_static(url: str, path: str, mtime_ns: int, size: int) -> tuple[File, tuple[str, ...]]:
    data = Path(path).read_bytes()
    file = File(url, sha256(data), len(data), type_of(path), Where.STATIC)
    pattern = {".js": IN_SCRIPT, ".css": IN_STYLE}.get(Path(path).suffix)
    inner = pattern.findall(data.decode("utf-8", "replace")) if pattern else []
    return file, tuple(urljoin(url, one) for one in inner if not one.startswith("data:"))


def _path_of(url: str) -> Path | None:
    """Return where a static file lies: collected, or (development, tests) in the folder of its app."""
    name = unquote(url.removeprefix(settings.STATIC_URL))
    try:
        collected = Path(safe_join(str(settings.STATIC_ROOT), name))
        if collected.is_file():
            return collected
        found = finders.find(name)
    except (SuspiciousFileOperation, ValueError):
        return None
    return Path(found) if found else None


# --- pictures that anybody may see: a file never changes under its name ---------------------------------------------


def media(url: str) -> File | None:
    """Return the public file, read once for the whole site; None when it is gone."""
    key = f"offline:file:{sha256(url.encode())}"
    known: tuple[str, int] | None = generations.kept(key)
    if known is None:
        data = media_bytes(url)
        if data is None:
            return None
        known = sha256(data), len(data)
        generations.keep(key, known, None)
    return File(url, known[0], known[1], type_of(url), Where.MEDIA)


def media_bytes(url: str) -> bytes | None:
    """Return its bytes, or None."""
    try:
        with default_storage.open(unquote(url.removeprefix(settings.MEDIA_URL)), "rb") as file:
            data: bytes = file.read()
            return data
    except (OSError, ValueError, SuspiciousFileOperation):
        return None


def type_of(name: str) -> str:
    """Return the content type of a file by its name."""
    suffix = Path(name).suffix.lower()
    return TYPES.get(suffix) or mimetypes.guess_type(f"x{suffix}")[0] or "application/octet-stream"
