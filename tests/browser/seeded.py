"""The sample site for browser tests: seeded once per test process, then copied like the migrated template is."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connections

from base import outbox


class SeededCopy:
    """The seeded database and files of this process; ``restore`` brings both back as they were."""

    def __init__(self, folder: Path) -> None:
        """Seed the database that Django is connected to and keep a copy of everything in ``folder``."""
        self.folder = folder
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(settings, "IS_DEMO", True)
            patch.setattr(settings, "VAR", folder)
            call_command("seed", seed=4, verbosity=0)
        outbox.drain()
        connections.close_all()
        for name, place in self._places().items():
            _copy(place, folder / name)

    @staticmethod
    def _places() -> dict[str, Path]:
        return {
            "database": Path(settings.DATABASES["default"]["NAME"]),
            "media": Path(settings.MEDIA_ROOT),
            "private": Path(settings.PRIVATE_ROOT),
            "index": Path(settings.SEARCH_INDEX_DIR),
        }

    def restore(self) -> None:
        """Put the seeded site back."""
        connections.close_all()
        for name, place in self._places().items():
            for leftover in ("-wal", "-shm"):
                Path(f"{place}{leftover}").unlink(missing_ok=True)
            _copy(self.folder / name, place)


def _copy(source: Path, target: Path) -> None:
    if source.is_dir():
        shutil.copytree(source, target, dirs_exist_ok=True)
    elif source.exists():
        shutil.copyfile(source, target)
