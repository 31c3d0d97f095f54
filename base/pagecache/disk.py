"""The embedded cache: one folder shared by all processes of the machine, without a directory listing per write.

Django's FileBasedCache lists its folder at each ``set``: 1.3 ms with 100 entries, 69 ms with 20,000; it also packs
what is packed already, and its ``add`` lets two callers win. Figures: docs/decisions/0004-page-cache.md.
"""

from __future__ import annotations

import contextlib
import os
import pickle
import random
import shutil
import tempfile
import time
from hashlib import blake2b
from pathlib import Path
from typing import Any, Final

from django.core.cache.backends.base import DEFAULT_TIMEOUT, BaseCache

SHARDS: Final = 256
CULL_EVERY: Final = 64  # writes, on average, between two looks at a shard
SUFFIX: Final = ".kept"


class DiskCache(BaseCache):
    """Files ``<first byte of the key's hash>/<rest>.kept``: expiry time and pickled value.

    Writes are a rename, so a reader sees the old value or the new one. ``add`` is a hard link, so one caller wins.
    Our own processes alone write there (mode 0700): the pickles are ours.
    """

    def __init__(self, location: str, params: dict[str, Any]) -> None:
        super().__init__(params)
        self._root = Path(location).absolute()
        self._per_shard = max(1, self._max_entries // SHARDS)

    def get(self, key: Any, default: Any = None, version: int | None = None) -> Any:
        """Return the value, or ``default`` if there is none or it has expired."""
        try:
            with open(self._path(key, version), "rb", buffering=0) as file:
                expires, value = pickle.loads(file.read())
        except (
            FileNotFoundError,
            EOFError,
            pickle.UnpicklingError,
        ):  # torn by a full disk: as if it were not there
            return default
        return default if expires is not None and expires <= time.time() else value

    def set(self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> None:
        """Write the value; the last writer wins."""
        path = self._path(key, version)
        temporary = self._written(path, value, timeout)
        os.replace(temporary, path)
        self._sometimes_cull(path)

    def add(self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        """Write the value if there is none; of several callers at once exactly one gets True."""
        path = self._path(key, version)
        self._drop_expired(path)
        temporary = self._written(path, value, timeout)
        try:
            os.link(temporary, path)
        except FileExistsError:
            return False
        finally:
            os.unlink(temporary)
        self._sometimes_cull(path)
        return True

    def touch(self, key: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        """Give the value a new life; False if there is none."""
        missing = object()
        value = self.get(key, missing, version)
        if value is missing:
            return False
        self.set(key, value, timeout, version)
        return True

    def delete(self, key: Any, version: int | None = None) -> bool:
        """Remove the value; False if there was none."""
        try:
            os.unlink(self._path(key, version))
        except FileNotFoundError:
            return False
        return True

    def clear(self) -> None:
        """Remove everything."""
        for shard in self._root.glob("[0-9a-f][0-9a-f]"):
            shutil.rmtree(shard, ignore_errors=True)

    def _path(self, key: Any, version: int | None) -> str:
        name = blake2b(self.make_and_validate_key(key, version=version).encode(), digest_size=17).hexdigest()
        return f"{self._root}/{name[:2]}/{name[2:]}{SUFFIX}"

    def _written(self, path: str, value: Any, timeout: Any) -> str:
        """Write a temporary file beside ``path`` and return its name."""
        data = pickle.dumps((self.get_backend_timeout(timeout), value), pickle.HIGHEST_PROTOCOL)
        folder = os.path.dirname(path)
        try:
            handle, temporary = tempfile.mkstemp(dir=folder)
        except FileNotFoundError:  # first write, or somebody emptied the folder
            os.makedirs(folder, mode=0o700, exist_ok=True)
            handle, temporary = tempfile.mkstemp(dir=folder)
        try:
            with open(handle, "wb") as file:
                file.write(data)
        except BaseException:
            os.unlink(temporary)
            raise
        return temporary

    def _drop_expired(self, path: str) -> None:
        with contextlib.suppress(FileNotFoundError, EOFError, pickle.UnpicklingError):
            with open(path, "rb", buffering=0) as file:
                expires, _ = pickle.loads(file.read())
            if expires is not None and expires <= time.time():
                os.unlink(path)

    def _sometimes_cull(self, path: str) -> None:
        """Once in a while look at one shard: drop what has expired, then the oldest beyond its share."""
        if random.randrange(CULL_EVERY) == 0:
            self.cull(os.path.dirname(path))

    def cull(self, folder: str) -> None:
        """Bring one shard back to its share of MAX_ENTRIES; forgotten temporary files go after an hour."""
        now = time.time()
        kept: list[tuple[float, str]] = []
        for item in os.scandir(folder):
            with contextlib.suppress(FileNotFoundError):
                written = item.stat().st_mtime
                if not item.name.endswith(SUFFIX):
                    if now - written > 3600:
                        os.unlink(item.path)
                elif self._has_expired(item.path, now):
                    os.unlink(item.path)
                else:
                    kept.append((written, item.path))
        for _, path in sorted(kept)[: max(0, len(kept) - self._per_shard)]:
            with contextlib.suppress(FileNotFoundError):
                os.unlink(path)

    def _has_expired(self, path: str, now: float) -> bool:
        try:
            with open(path, "rb", buffering=0) as file:
                expires, _ = pickle.loads(file.read())
        except (EOFError, pickle.UnpicklingError):
            return True
        return expires is not None and expires <= now
