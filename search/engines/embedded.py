"""The default engine: a tantivy index in a folder on this machine.

Only the process that drains the outbox writes (and `rebuild_search`); any number of processes read. tantivy lets one
writer in at a time, so holding a writer of the live index also keeps the swap of a rebuild and a write apart.
"""

import logging
import math
import os
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import tantivy

from search import text
from search.analysis import TOKEN_FIELDS, analyse, boost, excerpt_source
from search.documents import Key, SearchDocument
from search.engines.base import Changes, Clause, Query, RawHit, RawResults, ReadAgain
from search.engines.folder import IndexFolder

logger = logging.getLogger(__name__)

WRITER_HEAP = 15_000_000
REBUILD_HEAP = 128_000_000
WRITER_PATIENCE_S = 20.0
"""How long to wait for another writer; a batch takes 50 ms, the swap of a rebuild as long as a batch."""
MOST_KINDS = 100
BOOST_SCALE = 8.0
"""tantivy's weight_by_field multiplies a score by log2(2 + weight) and takes no weight below 0. Eight times the boost
is 1 or more for the least boost, so it can be stored as such a weight; scores are divided by it afterwards."""


class IndexBusy(Exception):
    """Another writer kept the index for longer than `WRITER_PATIENCE_S`. The outbox tries again."""


def _build_schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("key", stored=True, tokenizer_name="raw", index_option="basic")
    for name in ("kind", "language"):
        builder.add_text_field(name, fast=True, tokenizer_name="raw", index_option="basic")
    builder.add_text_field("facets", tokenizer_name="raw", index_option="basic")
    builder.add_bytes_field(
        "body", stored=True
    )  # bytes, because a text field cannot be stored without an index
    builder.add_float_field("weight", fast=True)
    for name in TOKEN_FIELDS:
        builder.add_text_field(name, tokenizer_name="whitespace", index_option="freq")
    return builder.build()


SCHEMA = _build_schema()


class EmbeddedEngine:
    """Search in this process. One object per process and folder; safe for several threads."""

    name = "embedded"

    def __init__(self, path: Path) -> None:
        self.folder = IndexFolder(path)
        self._opened: tuple[int, Path, tantivy.Index] | None = None

    def write(self, changes: Changes) -> None:
        """See Engine. Raises IndexBusy."""
        if not (changes.upserts or changes.deletes):
            return
        with self._live_writer() as writer:
            self.folder.note_changed([*(d.key for d in changes.upserts), *changes.deletes])
            _apply(writer, changes)
            writer.commit()

    def search(self, query: Query) -> RawResults:
        """See Engine. Without an index there is nothing to find."""
        index = self._reader()
        if index is None or not query.words:
            return RawResults(engine=self.name)
        searcher = index.searcher()
        parts = _matching(query)
        kinds = {"kinds": {"terms": {"field": "kind", "size": MOST_KINDS}}}
        found = searcher.aggregate(tantivy.Query.boolean_query(parts), kinds)["kinds"]["buckets"]
        if query.kind is not None:
            parts.append((tantivy.Occur.Must, _one_of("kind", [query.kind])))
        parts += [(tantivy.Occur.Should, _term(extra)) for extra in query.extras]
        best = searcher.search(
            tantivy.Query.boolean_query(parts),
            query.limit,
            count=False,
            offset=query.offset,
            weight_by_field="weight",
        ).hits
        counts = {bucket["key"]: bucket["doc_count"] for bucket in found}
        return RawResults([_raw_hit(searcher, score, address) for score, address in best], counts, self.name)

    def rebuild(self, documents: Iterable[SearchDocument], read_again: ReadAgain) -> int:
        """See Engine. Raises RebuildRunning, IndexBusy."""
        with self.folder.rebuild_lock():
            previous = self._ensure_live()
            self.folder.remove_others(previous)
            generation = self.folder.new()
            self.folder.start_building(generation)
            try:
                index = tantivy.Index(SCHEMA, path=str(generation))
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
        index = self._reader()
        return 0 if index is None else index.searcher().num_docs

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
            writer.add_document(_tantivy_document(document))
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
            generation = self.folder.new()
            try:
                tantivy.Index(SCHEMA, path=str(generation))
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

    def _reader(self) -> tantivy.Index | None:
        """Return the live index as of its last commit. Opened once per process: it does not survive a fork."""
        while (live := self.folder.live()) is not None:
            try:
                return self._opened_at(live)
            except ValueError:
                if self.folder.live() == live:
                    raise
        return None

    def _opened_at(self, live: Path) -> tantivy.Index:
        opened = self._opened
        if opened is None or opened[:2] != (os.getpid(), live):
            opened = self._opened = (os.getpid(), live, tantivy.Index.open(str(live)))
        opened[2].reload()
        return opened[2]


def _apply(writer: tantivy.IndexWriter, changes: Changes) -> None:
    upserts = {
        document.key: document for document in changes.upserts
    }  # twice the same would stand there twice
    for key in (*changes.deletes, *upserts):
        writer.delete_documents_by_term("key", str(key))
    for document in upserts.values():
        writer.add_document(_tantivy_document(document))


def _tantivy_document(document: SearchDocument) -> tantivy.Document:
    tokens = analyse(document)
    values: dict[str, object] = {
        "key": str(document.key),
        "kind": document.kind,
        "language": document.language,
        "body": excerpt_source(document).encode(),
        "weight": math.exp2(BOOST_SCALE * boost(document)) - 2.0,
        "facets": [text.clean(term) for term in document.facet_terms],
    }
    values.update((name, getattr(tokens, name)) for name in TOKEN_FIELDS)
    return tantivy.Document(**values)


def _term(clause: Clause) -> tantivy.Query:
    query = tantivy.Query.term_query(SCHEMA, clause.field, clause.token, index_option="freq")
    return tantivy.Query.boost_query(query, clause.weight)


def _one_of(field: str, values: Sequence[str]) -> tantivy.Query:
    # Not term_set_query: that walks all terms and costs 0.7 ms at 100,000 documents.
    terms = [
        (tantivy.Occur.Should, tantivy.Query.term_query(SCHEMA, field, value, "basic")) for value in values
    ]
    return tantivy.Query.const_score_query(tantivy.Query.boolean_query(terms), 0.0)


def _matching(query: Query) -> list[tuple[tantivy.Occur, tantivy.Query]]:
    """Return what a document must fulfil to be found, whatever its kind."""
    if query.required >= len(query.words):  # the same, and faster
        parts = [(tantivy.Occur.Must, _term(word)) for word in query.words]
    else:
        words = [(tantivy.Occur.Should, _term(word)) for word in query.words]
        parts = [(tantivy.Occur.Must, tantivy.Query.boolean_query(words, query.required))]
    if query.languages:
        parts.append((tantivy.Occur.Must, _one_of("language", query.languages)))
    return parts


def _raw_hit(searcher: tantivy.Searcher, score: float, address: tantivy.DocAddress) -> RawHit:
    stored = searcher.doc(address)
    body = bytes(stored.get_first("body") or b"").decode()
    return RawHit(Key.parse(stored.get_first("key") or ""), score / BOOST_SCALE, body)
