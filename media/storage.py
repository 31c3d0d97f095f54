"""Where files lie: originals and everything not yet public in the "private" storage, public sizes in the default one.

The routing is by the first folder of the name, so that a row needs no second column and Wagtail's own renditions of a
private photo go where they belong too.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from django.core.files import File
from django.core.files.storage import Storage, storages
from django.urls import reverse
from django.utils.deconstruct import deconstructible

PRIVATE_FOLDER: Final = "rieng"  # renditions of photos that are not public: rieng/<photo key>/<token>.webp


class _Routed(Storage):
    """A storage that passes every question on to the storage that ``_at`` names."""

    def _at(self, name: str) -> Storage:
        raise NotImplementedError

    def _open(self, name: str, mode: str = "rb") -> File[Any]:
        return self._at(name).open(name, mode)

    def _save(self, name: str, content: File[Any]) -> str:
        return self._at(name).save(name, content)

    def path(self, name: str) -> str:
        """Return the path on this machine; NotImplementedError on object storage."""
        return self._at(name).path(name)

    def delete(self, name: str) -> None:
        """Delete the file; nothing happens when it is gone."""
        self._at(name).delete(name)

    def exists(self, name: str) -> bool:
        """Return whether the name is taken."""
        return self._at(name).exists(name)

    def listdir(self, path: str) -> tuple[list[str], list[str]]:
        """Return folders and files under ``path``."""
        return self._at(path).listdir(path)

    def size(self, name: str) -> int:
        """Return the size in bytes."""
        return self._at(name).size(name)

    def url(self, name: str | None) -> str:
        """Return the address of the file."""
        return self._at(name or "").url(name)

    def get_modified_time(self, name: str) -> datetime:
        """Return when the file was written."""
        return self._at(name).get_modified_time(name)


@deconstructible(path="media.storage.PrivateStorage")
class PrivateStorage(_Routed):
    """Files that only a view gives out, after asking ``media.private``."""

    def _at(self, name: str) -> Storage:
        return storages["private"]

    def url(self, name: str | None) -> str:
        """There is no address for a private file; ask its model for one."""
        raise NotImplementedError("private files have no public address")


@deconstructible(path="media.storage.RenditionStorage")
class RenditionStorage(_Routed):
    """Sizes of photos: public ones in the default storage, those under PRIVATE_FOLDER in the private one."""

    def _at(self, name: str) -> Storage:
        return storages["private" if is_private(name) else "default"]

    def url(self, name: str | None) -> str:
        """Return the public address, or that of the permission-checked view."""
        if name and is_private(name):
            _, key, token = name.split("/", 2)
            return reverse("media:private_rendition", args=(key, token))
        return super().url(name)


def is_private(name: str) -> bool:
    """Return whether a rendition of this name lies in the private storage."""
    return name.split("/", 1)[0] == PRIVATE_FOLDER


def open_private(name: str) -> Any:
    """Return the opened private file. Raises FileNotFoundError."""
    return storages["private"].open(name, "rb")
