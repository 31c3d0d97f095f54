"""Who has something to carry: each app registers a source of packs, so that this app knows none of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from django.core.exceptions import ImproperlyConfigured
from django.http import Http404, HttpRequest

__all__ = ["Contents", "PackSource", "is_private", "key_of", "register", "source"]


@dataclass(frozen=True, slots=True)
class Contents:
    """What a pack is made of: pages by address, the first of which is opened; when it should no longer be shown."""

    title: str
    addresses: Sequence[str]
    expires: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class PackSource:
    """A kind of pack. ``contents(request, id)`` answers in the active language; it raises Http404 for what is unknown,
    withdrawn or a draft, and PermissionDenied for what is somebody else's.

    A public pack is what a stranger gets at its addresses. A private one is drawn for the person who asks, holds only
    her own desk, and is never kept by the server.
    """

    kind: str
    contents: Callable[[HttpRequest, str], Contents]
    is_private: bool = False


LARGEST_KEY: Final = 2**31 - 1


def key_of(id: str) -> int:
    """Return the primary key that an id of a pack names. Raises Http404 for what is none."""
    if not (id.isascii() and id.isdecimal() and len(id) < 11 and int(id) <= LARGEST_KEY):
        raise Http404("no such pack")
    return int(id)


_sources: dict[str, PackSource] = {}


def register(new: PackSource) -> None:
    """Add a kind; called in an app's ``ready()``. Raises ImproperlyConfigured when the kind is taken."""
    if _sources.setdefault(new.kind, new) != new:
        raise ImproperlyConfigured(f"packs of kind {new.kind!r} are registered twice")


def source(kind: str) -> PackSource:
    """Return the source of a kind. Raises Http404 for a kind that nobody knows."""
    try:
        return _sources[kind]
    except KeyError:
        raise Http404(f"no packs of kind {kind!r}") from None


def is_private(kind: str) -> bool:
    """Whether packs of this kind are somebody's desk; False for a kind that nobody knows."""
    return kind in _sources and _sources[kind].is_private
