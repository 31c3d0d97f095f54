"""Elasticsearch with the embedded index behind it: asked the first, and the second while that is away."""

import logging
import threading
import time
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import partial

from search.documents import SearchDocument
from search.engines.base import Changes, Engine, EngineAway, Found, Query, RawHit, ReadAgain, Row
from search.engines.embedded import EmbeddedEngine

logger = logging.getLogger(__name__)

TRY_AGAIN_AFTER_S = 5.0
"""How long an engine that was away is left alone, so that not every search waits for it."""


class FallbackEngine:
    """Asks `first`; while that is away, `second`. Says so once in the log and recovers by itself."""

    def __init__(self, first: Engine, second: EmbeddedEngine) -> None:
        self.first = first
        self.second = second
        self._away_until: float | None = None
        self._lock = threading.Lock()

    @property
    def name(self) -> str:
        """Which engine answers now."""
        return self.first.name if self._away_until is None else self.second.name

    def write(self, changes: Changes) -> None:
        """Write the embedded index, which is always there. `first` is written by a topic of its own (indexing.py)."""
        self.second.write(changes)

    def search(self, query: Query, facets: Sequence[str] = ()) -> Found:
        """Return the answer of whichever engine is there."""
        if self._away_until is None or time.monotonic() >= self._away_until:
            try:
                answer = self.first.search(query, facets)
            except EngineAway as error:
                self._set_away(error)
            else:
                self._set_back()
                return replace(answer, load=partial(self._load, answer))
        return self.second.search(query, facets)

    def _load(self, answer: Found, rows: Sequence[Row]) -> Sequence[RawHit]:
        """Read rows of an answer of `first`. Raises EngineAway; whoever asks again is answered by `second`."""
        try:
            return answer.load(rows)
        except EngineAway as error:
            self._set_away(error)
            raise

    def rebuild(self, documents: Iterable[SearchDocument], read_again: ReadAgain) -> int:
        """Build both anew, one by one, going through `documents` twice. Raises RebuildRunning, EngineAway."""
        self.second.rebuild(documents, read_again)
        with self.second.folder.rebuild_lock():
            return self.first.rebuild(documents, read_again)

    def count(self) -> int:
        """Return the number of documents in the embedded index, which is always there."""
        return self.second.count()

    def is_built(self) -> bool:
        """Return whether both are; Elasticsearch is not asked for while it is away."""
        try:
            return self.second.is_built() and self.first.is_built()
        except EngineAway:
            return True

    def _set_away(self, error: EngineAway) -> None:
        with self._lock:
            if self._away_until is None:
                logger.warning("%s is away, the embedded index answers: %s", self.first.name, error)
            self._away_until = time.monotonic() + TRY_AGAIN_AFTER_S

    def _set_back(self) -> None:
        with self._lock:
            if self._away_until is not None:
                logger.warning("%s is back and answers again", self.first.name)
            self._away_until = None
