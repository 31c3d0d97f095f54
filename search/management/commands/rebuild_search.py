"""`manage.py rebuild_search`: builds the search index anew beside the live one and swaps."""

import sys
import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from search import indexing, registry
from search.engines import current_engine
from search.engines.base import EngineAway
from search.engines.folder import RebuildRunning

BAR_WIDTH = 30


class Command(BaseCommand):
    """Safe at any time: searches are answered meanwhile, and nothing that changes meanwhile is lost."""

    help = "Builds the search index anew beside the live one, then swaps. Safe while the site is in use."

    def handle(self, *args: Any, **options: Any) -> None:
        started = time.monotonic()
        bar = _Bar(self.stdout, expected=current_engine().count(), is_shown=options["verbosity"] > 0)
        try:
            number = indexing.rebuild(bar.show)
        except RebuildRunning as error:
            raise CommandError("Another rebuild is running; wait until it ends, then try again.") from error
        except EngineAway as error:
            raise CommandError(
                f"The embedded index is new, but Elasticsearch is away ({error}). Start it, then try again."
            ) from error
        bar.end()
        self.stdout.write(self.style.SUCCESS(f"{number} documents in {time.monotonic() - started:.1f} s"))


class _Bar:
    """Draws progress on a terminal; elsewhere it writes one line for each kind at its end."""

    def __init__(self, stdout: Any, *, expected: int, is_shown: bool) -> None:
        self._stdout = stdout
        self._expected = expected
        self._is_drawn = is_shown and sys.stdout.isatty()
        self._is_listed = is_shown and not self._is_drawn
        self._counts: dict[str, int] = {}

    def show(self, kind: str, number: int) -> None:
        """Take note of how far this kind is."""
        self._counts[kind] = number
        if not self._is_drawn:
            return
        done = sum(self._counts.values())
        # What the index held before is the best guess of what it will hold.
        full = BAR_WIDTH if done >= self._expected else BAR_WIDTH * done // self._expected
        bar = "█" * full + "·" * (BAR_WIDTH - full)
        self._stdout.write(f"\r{bar} {done} ({kind})\033[K", ending="")
        self._stdout.flush()

    def end(self) -> None:
        """Leave the bar's line, or list the kinds."""
        if self._is_drawn:
            self._stdout.write("")
        if self._is_listed:
            for kind in registry.sources():
                self._stdout.write(f"{kind}: {self._counts.get(kind, 0)}")
