"""The folder of the embedded index: which generation is live, which is being built, and what changed meanwhile.

<folder>/current            name of the live generation
<folder>/building           name of the one being built, if any
<folder>/<name>/            a tantivy index
<folder>/<name>.changed     keys written to the live index while <name> was being built
<folder>/rebuild.lock       held by the process that builds
"""

import fcntl
import os
import secrets
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from search.analysis import SCHEMA_VERSION
from search.documents import Key

_PREFIX = f"v{SCHEMA_VERSION}-"
_PART = f"{_PREFIX}part-"
"""So begins the name of a generation that holds only what was written to it, because none had been built."""


class RebuildRunning(Exception):
    """Another process is building the index."""


class IndexFolder:
    """Names and files; knows nothing of tantivy."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._pointer = str(path / "current")
        self._seen: tuple[tuple[int, int], Path | None] | None = None

    def live(self) -> Path | None:
        """Return the live generation, or None when there is none of this version.

        Every search asks. The pointer is always replaced, never written again: to look at it costs a tenth of reading.
        """
        try:
            found = os.stat(self._pointer)  # five times faster than a Path
        except (FileNotFoundError, NotADirectoryError):
            return None
        seen = self._seen
        if seen is None or seen[0] != (found.st_ino, found.st_mtime_ns):
            seen = self._seen = ((found.st_ino, found.st_mtime_ns), self._named("current"))
        return seen[1]

    def building(self) -> Path | None:
        """Return the generation that is being built, if one is."""
        return self._named("building")

    def is_whole(self) -> bool:
        """Return whether the live generation was built from everything."""
        live = self.live()
        return live is not None and not live.name.startswith(_PART)

    def new(self, *, is_part: bool = False) -> Path:
        """Make the folder of a new generation."""
        stamp = datetime.now(UTC).strftime("%Y%m%d%H%M%S")
        path = self.path / f"{_PART if is_part else _PREFIX}{stamp}-{secrets.token_hex(4)}"
        path.mkdir(parents=True)
        return path

    def make_live(self, generation: Path) -> None:
        """Swap: readers open this generation from their next search on."""
        self._write("current", generation.name)

    def make_first(self, generation: Path) -> None:
        """Make this generation live unless another process was first."""
        temporary = self._temporary("current", generation.name)
        try:
            (self.path / "current").hardlink_to(temporary)
        except FileExistsError:
            if self.live() is None:  # what is there is of an earlier version
                self.make_live(generation)
        finally:
            temporary.unlink()

    def start_building(self, generation: Path) -> None:
        """From now on writers note what they write to the live index."""
        self._write("building", generation.name)

    def end_building(self) -> None:
        """Writers need not note anything any more."""
        (self.path / "building").unlink(missing_ok=True)

    def note_changed(self, keys: Iterable[Key]) -> None:
        """Note these keys if a generation is being built. Call before the live index is written."""
        if (generation := self.building()) is not None:
            with self._changes_file(generation).open("a", encoding="utf-8") as file:
                file.write("".join(f"{key}\n" for key in keys))

    def changed(self, generation: Path, already: int) -> list[Key]:
        """Return the keys noted, after the first `already` of them."""
        try:
            lines = self._changes_file(generation).read_text(encoding="utf-8").splitlines()
        except FileNotFoundError:
            return []
        return [Key.parse(line) for line in lines[already:]]

    def remove_others(self, *keep: Path | None) -> None:
        """Remove what earlier or killed rebuilds left, all generations but these."""
        kept = {path.name for path in keep if path is not None}
        for path in self.path.iterdir():
            if path.is_dir() and path.name.startswith("v") and path.name not in kept:
                shutil.rmtree(path, ignore_errors=True)
            elif path.suffix == ".changed" and path.stem not in kept:
                path.unlink(missing_ok=True)

    @contextmanager
    def rebuild_lock(self) -> Iterator[None]:
        """Hold the right to build; a killed process loses it. Raises RebuildRunning."""
        self.path.mkdir(parents=True, exist_ok=True)
        with (self.path / "rebuild.lock").open("w") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise RebuildRunning(str(self.path)) from error
            yield

    def _changes_file(self, generation: Path) -> Path:
        return self.path / f"{generation.name}.changed"

    def _named(self, pointer: str) -> Path | None:
        try:
            name = (self.path / pointer).read_text(encoding="ascii").strip()
        except (FileNotFoundError, NotADirectoryError):
            return None
        return self.path / name if name.startswith(_PREFIX) else None

    def _write(self, pointer: str, name: str) -> None:
        self._temporary(pointer, name).replace(self.path / pointer)

    def _temporary(self, pointer: str, name: str) -> Path:
        self.path.mkdir(parents=True, exist_ok=True)
        temporary = self.path / f".{pointer}-{secrets.token_hex(4)}"
        with temporary.open("w", encoding="ascii") as file:
            file.write(name)
            file.flush()
            os.fsync(file.fileno())
        return temporary
