"""The default engine: a tantivy index in a folder on this machine.

Only the process that drains the outbox writes (and `rebuild_search`); any number of processes read. tantivy lets one
writer in at a time, so holding a writer of the live index also keeps the swap of a rebuild and a write apart.
"""

import logging
import os
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Final, cast

import tantivy

from search.documents import SearchDocument
from search.engines.base import MOST_ROWS, Changes, Found, Query, RawHit, ReadAgain, Row, Sort
from search.engines.embedded_schema import (
    Asked,
    counted,
    counted_at_once,
    counts_from,
    new_index,
    raw_hit,
    signals_at,
    tantivy_document,
)
from search.engines.folder import IndexFolder

logger = logging.getLogger(__name__)

WRITER_HEAP = 15_000_000
REBUILD_HEAP = 128_000_000
"""Bytes, taken as they are needed: 100,000 goods become two segments. One, of twice the heap, answers 0.1 ms faster,
but is written by one core while the other waits: a tenth of the whole (docs/decisions/0020-search-at-a-million.md)."""
WRITER_PATIENCE_S = 20.0
"""How long to wait for another writer; a batch takes 50 ms, the swap of a rebuild as long as a batch."""
SORT_FIELDS: Final = {
    Sort.RELEVANCE: (None, tantivy.Order.Desc),
    Sort.CHEAPEST: ("price_vnd", tantivy.Order.Asc),
    Sort.NEWEST: ("published_at", tantivy.Order.Desc),
    Sort.NEAREST: (None, tantivy.Order.Desc),
}


State = tuple[int, Path, int, int]
"""Which process sees which generation as of which commit."""


class IndexBusy(Exception):
    """Another writer kept the index for longer than `WRITER_PATIENCE_S`. The outbox tries again."""


class EmbeddedEngine:
    """Search in this process. One object per process and folder; safe for several threads."""

    name = "embedded"

    def __init__(self, path: Path) -> None:
        self.folder = IndexFolder(path)
        self._opened: tuple[State, tantivy.Index] | None = None

    def write(self, changes: Changes) -> None:
        """See Engine. Raises IndexBusy."""
        if not (changes.upserts or changes.deletes):
            return
        with self._live_writer() as writer:
            self.folder.note_changed([*(d.key for d in changes.upserts), *changes.deletes])
            _apply(writer, changes)
            writer.commit()

    def search(self, query: Query, facets: Sequence[str] = ()) -> Found:
        """See Engine. Without an index there is nothing to find."""
        searcher = self.searcher()
        if searcher is None:
            return Found(engine=self.name)
        asked = Asked(query, searcher)
        return Found(
            rows=_rows(searcher, query, asked),
            counts=_counts(searcher, query, asked, facets),
            load=partial(_load, searcher),
            engine=self.name,
        )

    def searcher(self) -> tantivy.Searcher | None:
        """Return a view of the live index as of its last commit, which later commits do not change."""
        opened = self.opened()
        return None if opened is None else opened[1].searcher()

    def rebuild(self, documents: Iterable[SearchDocument], read_again: ReadAgain) -> int:
        """See Engine. Raises RebuildRunning, IndexBusy."""
        with self.folder.rebuild_lock():
            previous = self._ensure_live()
            self.folder.remove_others(previous)
            generation = self.folder.new()
            self.folder.start_building(generation)
            try:
                index = new_index(generation)
                done = self._fill(index, generation, documents, read_again)
                with self._live_writer():
                    self._catch_up(index, generation, read_again, done)
                    self.folder.make_live(generation)
            finally:
                self.folder.end_building()
            self.folder.remove_others(generation, previous)
            return self.count()

    def count(self) -> int:
        """See Engine."""
        searcher = self.searcher()
        return 0 if searcher is None else searcher.num_docs

    def is_built(self) -> bool:
        """See Engine."""
        return self.folder.is_whole()

    def _fill(
        self,
        index: tantivy.Index,
        generation: Path,
        documents: Iterable[SearchDocument],
        read_again: ReadAgain,
    ) -> int:
        """Index all documents and what changed meanwhile; return how many noted changes that covered."""
        writer = index.writer(REBUILD_HEAP, 1)
        for document in documents:
            writer.add_document(tantivy_document(document))
        writer.commit()
        writer.wait_merging_threads()
        return self._catch_up(index, generation, read_again, 0)

    def _catch_up(self, index: tantivy.Index, generation: Path, read_again: ReadAgain, done: int) -> int:
        while keys := self.folder.changed(generation, done):
            writer = index.writer(WRITER_HEAP, 1)
            _apply(writer, read_again(list(dict.fromkeys(keys))))
            writer.commit()
            writer.wait_merging_threads()
            done += len(keys)
        return done

    @contextmanager
    def _live_writer(self) -> Iterator[tantivy.IndexWriter]:
        """Yield a writer of the live index, which is made when there is none. Raises IndexBusy."""
        deadline = time.monotonic() + WRITER_PATIENCE_S
        while True:
            live = self._ensure_live()
            writer = self._open_writer(live, deadline)
            if writer is not None and self.folder.live() == live:
                break
            writer = None  # a rebuild swapped while we waited; dropping the writer frees its lock
        try:
            yield writer
        finally:
            # Without the wait, merges are cut off and every batch leaves one more segment to read.
            writer.wait_merging_threads()

    def _ensure_live(self) -> Path:
        """Return the live generation; an empty one when there was none."""
        while (live := self.folder.live()) is None:
            generation = self.folder.new(is_part=True)
            try:
                new_index(generation)
            except ValueError:
                if self.folder.live() is None:
                    raise
                continue  # another process was first, and its rebuild removed ours
            self.folder.make_first(generation)
        return live

    def _open_writer(self, generation: Path, deadline: float) -> tantivy.IndexWriter | None:
        """Return a writer; None when this is not live any more. Raises IndexBusy after the deadline (monotonic)."""
        while True:
            try:
                return tantivy.Index.open(str(generation)).writer(WRITER_HEAP, 1)
            except ValueError as error:
                if self.folder.live() != generation:  # swapped, and perhaps half removed
                    return None
                if "LockBusy" not in str(error):
                    raise
                if time.monotonic() > deadline:
                    raise IndexBusy(str(generation)) from error
            time.sleep(0.02)

    def opened(self) -> tuple[State, tantivy.Index] | None:
        """Return the live index as of its last commit. Opened once per process: it does not survive a fork.

        Where a commit comes between, the index is newer than the state says, never older.
        """
        while (live := self.folder.live()) is not None:
            try:
                return self._opened_at(live)
            except (ValueError, FileNotFoundError):
                if self.folder.live() == live:
                    raise
        return None

    def _opened_at(self, live: Path) -> tuple[State, tantivy.Index]:
        """Return the index, with what was committed until now. Asking the file costs a hundredth of a reload."""
        state = _state(live)
        opened = self._opened
        if opened is not None and opened[0] == state:
            return opened
        if opened is not None and opened[0][:2] == state[:2]:
            index = opened[1]
            index.reload()
        else:
            index = tantivy.Index.open(str(live))
        opened = self._opened = (state, index)
        return opened


def _state(generation: Path) -> State:
    meta = os.stat(f"{generation}/meta.json")  # five times faster than a Path
    return os.getpid(), generation, meta.st_mtime_ns, meta.st_ino


def _apply(writer: tantivy.IndexWriter, changes: Changes) -> None:
    upserts = {
        document.key: document for document in changes.upserts
    }  # twice the same would stand there twice
    for key in (*changes.deletes, *upserts):
        writer.delete_documents_by_term("key", str(key))
    for document in upserts.values():
        writer.add_document(tantivy_document(document))


def _rows(searcher: tantivy.Searcher, query: Query, asked: Asked) -> list[Row]:
    if not query.limit:
        return []
    field, order = SORT_FIELDS[query.sort]
    found = partial(searcher.search, limit=query.limit, offset=query.start, order_by_field=field, order=order)
    hits = None
    if (rarest := asked.scored_by_rarest()) is not None:
        narrow = found(rarest, count=True)
        number = narrow.count  # type: ignore[attr-defined]  # the stub lacks it
        # Fewer than a list is long: with these filters the common words are needed, too.
        hits = narrow.hits if number >= MOST_ROWS else None
    if hits is None:
        hits = found(asked.scored(), count=False).hits
    addresses = [address for _, address in hits]
    signals = signals_at(searcher, addresses, query.signals)
    scores = [score if field is None else 0.0 for score, _ in hits]
    return list(map(Row, scores, signals, addresses))


def _counts(
    searcher: tantivy.Searcher, query: Query, asked: Asked, facets: Sequence[str]
) -> dict[str, dict[str, int]]:
    """Count each facet over what passes the filters of the others."""
    if not facets:
        return {}
    chosen = {name: query.filters.values[name] for name in facets if name in query.filters.values}
    if (wanted := counted_at_once(facets, chosen)) is not None:
        return counts_from(searcher.aggregate(asked.matched(without=chosen), wanted))
    together = [name for name in facets if name not in chosen]
    found = counts_from(searcher.aggregate(asked.matched(), counted(together))) if together else {}
    for name in chosen:
        found |= counts_from(searcher.aggregate(asked.matched(without=[name]), counted([name])))
    return found


def _load(searcher: tantivy.Searcher, rows: Sequence[Row]) -> list[RawHit]:
    return [raw_hit(searcher, cast(tantivy.DocAddress, row.handle)) for row in rows]
