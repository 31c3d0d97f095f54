"""Makes a pack out of its source: draws the pages, finds what they need, and names everything by its hash.

A public pack is kept as long as the pages that it is made of are (base.pagecache): asking for it again costs two reads
of the cache. Its bytes are kept nowhere twice: a page comes out of the page cache, a file from where it lies. Of a
private pack only the list of names is kept, for the minutes in which a phone fetches it.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.utils.translation import get_language

from base.intake.authors import author_key
from base.offline import files
from base.offline.files import LARGEST_PRIVATE_PICTURE, File, Where
from base.offline.packs import Contents, PackSource, source
from base.offline.rendering import Drawn, as_person, as_stranger
from base.pagecache import generations
from base.pagecache.release import release

FORMAT: Final = 1
LIST_KEPT_S: Final = 15 * 60


@dataclass(frozen=True, slots=True)
class Pack:
    """A pack as it is now. ``tokens`` and ``fresh_until`` say how long a kept one is true."""

    kind: str
    id: str
    language: str
    title: str
    version: str
    expires: int | None  # ms
    author: str
    made: int  # ms
    files: Sequence[File]
    tokens: dict[str, str]
    fresh_until: float  # Unix time

    @property
    def bytes(self) -> int:
        """What it weighs on a phone."""
        return sum(file.bytes for file in self.files)

    def manifest(self) -> dict[str, Any]:
        """Return what the phone reads (docs/offline.md, "A pack")."""
        return {
            "format": FORMAT,
            "kind": self.kind,
            "id": self.id,
            "version": self.version,
            "title": self.title,
            "language": self.language,
            "bytes": self.bytes,
            "made": self.made,
            "expires": self.expires,
            "author": self.author,
            "files": [
                {"url": file.url, "sha256": file.sha256, "bytes": file.bytes, "type": file.type}
                for file in self.files
            ],
        }

    def file(self, name: str) -> File | None:
        """Return its file with this sha256, or None."""
        return next((file for file in self.files if file.sha256 == name), None)


def pack_of(request: HttpRequest, kind: str, id: str) -> Pack:
    """Return the pack in the active language. Raises Http404 (unknown, withdrawn) or PermissionDenied (not yours)."""
    found = source(kind)
    if found.is_private:
        return _private(request, found, id)
    key = _key(request, kind, id)
    kept: Pack | None = generations.kept(key)
    if kept is not None and time.time() < kept.fresh_until and generations.are_current(kept.tokens):
        return kept
    pack = _public(request, found, id)
    if pack.tokens:
        generations.keep(key, pack, max(1.0, pack.fresh_until - time.time()))
    return pack


def file_of(request: HttpRequest, kind: str, id: str, name: str) -> tuple[File, bytes] | None:
    """Return a file of the pack and its bytes; None when the pack holds no such file (any more). Raises as above."""
    found = source(kind)
    if not found.is_private:
        file = pack_of(request, kind, id).file(name)
    else:
        if not request.user.is_authenticated:
            raise PermissionDenied
        listed: Sequence[File] = generations.kept(_key(request, kind, id)) or ()
        file = next((one for one in listed if one.sha256 == name), None)
        file = file or _private(request, found, id).file(name)
    if file is None:
        return None
    data = _bytes(request, file, is_private=found.is_private)
    return (file, data) if data is not None and files.sha256(data) == name else None


def _bytes(request: HttpRequest, file: File, *, is_private: bool) -> bytes | None:
    if file.where == Where.STATIC:
        return files.static_bytes(file.url)
    if file.where == Where.MEDIA:
        return files.media_bytes(file.url)
    drawn = as_person(request, file.url) if is_private else as_stranger(request, file.url)
    return drawn.body if drawn else None


# --- making one -------------------------------------------------------------------------------------------------------


def _public(request: HttpRequest, found: PackSource, id: str) -> Pack:
    contents = _contents(request, found, id)
    pages: dict[str, Drawn] = {}
    fresh_until = time.time() + settings.PAGE_CACHE_LIFE_S
    tokens: dict[str, str] = {}
    is_kept = True
    for address in _pages(contents):
        drawn = as_stranger(request, address)
        if drawn is None or drawn.entry is None:
            continue
        pages[address] = drawn
        entry = drawn.entry
        fresh_until = min(fresh_until, entry.fresh_until, entry.ends_at or entry.fresh_until)
        # one page may have been made before a change and another after it: such a pack is not kept
        is_kept &= bool(entry.tokens) and all(tokens.get(k, v) == v for k, v in entry.tokens.items())
        tokens |= entry.tokens
    if contents.addresses[0] not in pages:
        raise Http404("the first page of the pack is not there")
    pack = _assembled(request, found, id, contents, pages)
    return replace(pack, tokens=tokens if is_kept else {}, fresh_until=fresh_until)


def _private(request: HttpRequest, found: PackSource, id: str) -> Pack:
    if not request.user.is_authenticated:
        raise PermissionDenied
    contents = _contents(request, found, id)
    drawn = {address: as_person(request, address) for address in _pages(contents)}
    pages = {address: page for address, page in drawn.items() if page is not None}
    if contents.addresses[0] not in pages:
        raise PermissionDenied
    pack = _assembled(request, found, id, contents, pages, author=author_key(request.user))
    generations.keep(_key(request, found.kind, id), tuple(pack.files), LIST_KEPT_S)
    return pack


def _contents(request: HttpRequest, found: PackSource, id: str) -> Contents:
    contents = found.contents(request, id)
    if not contents.addresses:
        raise Http404("a pack without pages")
    return contents


def _pages(contents: Contents) -> list[str]:
    """Return its addresses of pages; it may name files as well."""
    return [
        url for url in contents.addresses if not url.startswith((settings.STATIC_URL, settings.MEDIA_URL))
    ]


def _assembled(
    request: HttpRequest,
    found: PackSource,
    id: str,
    contents: Contents,
    pages: dict[str, Drawn],
    author: str = "",
) -> Pack:
    listed = {
        url: File(url, files.sha256(page.body), len(page.body), page.type, Where.PAGE)
        for url, page in pages.items()
    }
    texts = [page.body.decode("utf-8", "replace") for page in pages.values()]
    named = [
        *(url for text in texts for url in files.statics_in(text)),
        *contents.addresses,
        *(url for text in texts for url in files.pictures_in(text)),
    ]
    for url in named:
        if url not in listed and (file := _named(request, url, is_private=found.is_private)) is not None:
            listed[url] = file
    return Pack(
        kind=found.kind,
        id=id,
        language=get_language() or settings.LANGUAGE_CODE,
        title=contents.title,
        version=_version(listed.values()),
        expires=int(contents.expires.timestamp() * 1000) if contents.expires else None,
        author=author,
        made=int(time.time() * 1000),
        files=tuple(listed.values()),
        tokens={},
        fresh_until=0.0,
    )


def _named(request: HttpRequest, url: str, *, is_private: bool) -> File | None:
    """Return the file at an address that a page names; of pictures that are not public, small ones of one's own."""
    if url.startswith(settings.STATIC_URL):
        known = files.static(url)
        return known[0] if known else None
    if url.startswith(settings.MEDIA_URL):
        return files.media(url)
    if not is_private or not url.startswith("/") or url.startswith("//"):
        return None
    try:
        drawn = as_person(request, url)
    except PermissionDenied:
        return None
    if drawn is None or not drawn.type.startswith("image/") or len(drawn.body) > LARGEST_PRIVATE_PICTURE:
        return None
    return File(url, files.sha256(drawn.body), len(drawn.body), drawn.type, Where.INSIDE)


def _version(listed: Any) -> str:
    """Return 16 characters that are the same for the same files at the same addresses."""
    lines = sorted(f"{file.url} {file.sha256}" for file in listed)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:16]


def _key(request: HttpRequest, kind: str, id: str) -> str:
    """Return where the pack, or a person's list of it, is kept: never the same for two people or two languages."""
    whose = str(request.user.pk) if source(kind).is_private else ""
    parts = (release(), request.scheme, request.get_host().lower(), kind, id, get_language(), whose)
    return f"offline:pack:{hashlib.sha256(repr(parts).encode()).hexdigest()}"
