"""The sample site for browser tests: seeded once per test process, then copied like the migrated template is."""

from __future__ import annotations

import contextlib
import shutil
import sqlite3
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connections

from base import outbox
from tests.conftest import use
from tests.databases import SqliteCopy


class SeededCopy:
    """The seeded database and files of this process; ``restore`` brings both back as they were."""

    def __init__(self, folder: Path, copy: SqliteCopy) -> None:
        """Seed the database that Django is connected to and keep everything in ``folder``."""
        self.folder, self.copy = folder, copy
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(settings, "IS_DEMO", True)
            patch.setattr(settings, "VAR", folder)
            call_command("seed", seed=4, verbosity=0)
        outbox.drain()
        with (
            contextlib.closing(sqlite3.connect(copy.path)) as seeded,
            contextlib.closing(sqlite3.connect(folder / "database.sqlite3")) as kept,
        ):
            seeded.backup(kept)  # with what its write-ahead log holds
        for name, place in _folders().items():
            shutil.copytree(place, folder / name, dirs_exist_ok=True)

    def restore(self) -> None:
        """Put the seeded site back."""
        connections.close_all()
        self.copy.replace_by(self.folder / "database.sqlite3")
        use(self.copy)
        for name, place in _folders().items():
            shutil.copytree(self.folder / name, place, dirs_exist_ok=True)


def _folders() -> dict[str, Path]:
    return {
        "media": Path(settings.MEDIA_ROOT),
        "private": Path(settings.PRIVATE_ROOT),
        "index": Path(settings.SEARCH_INDEX_DIR),
    }
