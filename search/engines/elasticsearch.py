"""Elasticsearch 8 through elasticsearch-dsl: an alias that points to one versioned index.

The fields hold the ready-made tokens of search.analysis, split on spaces, so both engines see the same words.
"""

import logging
import secrets
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from elasticsearch import ApiError, Elasticsearch, NotFoundError, TransportError, helpers
from elasticsearch_dsl import Index, Mapping, Search

from search import text
from search.analysis import SCHEMA_VERSION
from search.documents import Key, SearchDocument
from search.engines.base import Changes, EngineAway, Found, Query, RawHit, ReadAgain, Row, Signals
from search.engines.elasticsearch_schema import action, asked, changed_mapping, mapping

SEARCH_PATIENCE_S = 0.8
"""A search that takes longer is answered by the embedded engine."""
WRITE_PATIENCE_S = 10.0
logging.getLogger("elastic_transport").setLevel(
    logging.ERROR
)  # it writes a line for every search, and two when away
_AWAY_STATUSES = (429, 502, 503, 504)


class ElasticsearchEngine:
    """Search in an Elasticsearch cluster. One object per process; the client is safe for several threads.

    Two rebuilds at once would spoil each other; `FallbackEngine` lets one in at a time.
    """

    name = "elasticsearch"

    def __init__(self, url: str, alias: str) -> None:
        self.name_of_all = alias
        self.alias = f"{alias}-form{SCHEMA_VERSION}"
        """Another form is another alias: an index of an older release is neither asked nor written."""
        self.generations = f"{alias}-v*"
        self.changed = f"{alias}-changed"
        """Alias of the notes of what was written while a generation is being built; there only meanwhile."""
        self.client = Elasticsearch(
            url, retry_on_timeout=False, max_retries=0, request_timeout=WRITE_PATIENCE_S
        )
        self._impatient = self.client.options(request_timeout=SEARCH_PATIENCE_S)

    def write(self, changes: Changes) -> None:
        """See Engine. Raises EngineAway, also while there is no index: nothing is lost by waiting for one."""
        if not (changes.upserts or changes.deletes):
            return
        with away():
            self._note_changed([*(document.key for document in changes.upserts), *changes.deletes])
            if not self.client.indices.exists_alias(name=self.alias):
                raise EngineAway(f"no index {self.alias}")
            self._bulk(self.alias, changes, require_alias=True)

    def search(self, query: Query, facets: Sequence[str] = ()) -> Found:
        """See Engine. Without an index the embedded engine may know more, so that counts as away."""
        with away():
            try:
                answer = asked(Search(using=self._impatient, index=self.alias), query, facets).execute()
            except NotFoundError as error:
                raise EngineAway(f"no index {self.alias}") from error
        found = answer.to_dict()
        counts = {
            name: {
                bucket["key"]: bucket["doc_count"]
                for bucket in found["aggregations"][name]["values"]["buckets"]
            }
            for name in facets
        }
        return Found([_row(hit) for hit in found["hits"]["hits"]], counts, self._load, self.name)

    def _load(self, rows: Sequence[Row]) -> list[RawHit]:
        if not rows:
            return []
        ids = [str(row.handle) for row in rows]
        with away():
            try:
                answer = self._impatient.mget(index=self.alias, ids=ids, source=["body", "title_folded"])
            except NotFoundError as error:
                raise EngineAway(f"no index {self.alias}") from error
        return [
            RawHit(Key.parse(doc["_id"]), doc["_source"]["body"], _title(doc["_source"]["title_folded"]))
            for doc in answer["docs"]
            if doc.get("found")
        ]

    def rebuild(self, documents: Iterable[SearchDocument], read_again: ReadAgain) -> int:
        """See Engine. Raises EngineAway."""
        with away():
            self._remove_notes()
            self._create(f"{self.changed}-{secrets.token_hex(4)}", changed_mapping(), self.changed)
            try:
                generation = self._create_generation()
                helpers.bulk(self.client, (action(generation, document) for document in documents))
                self._catch_up(generation, read_again)
                self._put_alias(generation)
                # A write that still went to the old index noted its keys before it did.
                self._catch_up(generation, read_again)
            finally:
                self._remove_notes()
            for name in self.client.indices.get(index=self.generations):
                if name != generation:
                    self.client.indices.delete(index=name, ignore_unavailable=True)
        return self.count()

    def count(self) -> int:
        """See Engine. Raises EngineAway."""
        with away():
            try:
                return int(Search(using=self.client, index=self.alias).count())
            except NotFoundError:
                return 0

    def is_built(self) -> bool:
        """See Engine: the alias is put on what is whole. Raises EngineAway."""
        with away():
            return bool(self.client.indices.exists_alias(name=self.alias))

    def size_bytes(self) -> int:
        """Return what the live index takes on the disks of the cluster, without copies. Raises EngineAway."""
        with away():
            stats = self.client.indices.stats(index=self.alias, metric=["store"])
            return int(stats["_all"]["primaries"]["store"]["size_in_bytes"])

    def remove(self) -> None:
        """Remove everything under this alias. For scratch indexes. Raises EngineAway."""
        with away():
            for name in self.client.indices.get(index=f"{self.name_of_all}-*"):
                self.client.indices.delete(index=name, ignore_unavailable=True)

    def _bulk(self, index: str, changes: Changes, *, require_alias: bool = False) -> None:
        actions: list[dict[str, Any]] = []
        actions += ({"_op_type": "delete", "_index": index, "_id": str(key)} for key in changes.deletes)
        actions += (action(index, document) for document in changes.upserts)
        self._send(actions, may_miss="delete", require_alias=require_alias)

    def _send(self, actions: list[dict[str, Any]], *, may_miss: str, require_alias: bool) -> None:
        """Carry these out; for the operation `may_miss` it is no error that something is not there (any more)."""
        done = helpers.streaming_bulk(
            self.client, actions, refresh=True, raise_on_error=False, require_alias=require_alias
        )
        errors = [answer for is_done, answer in done if not is_done]
        real = [error for error in errors if error.get(may_miss, {}).get("status") != 404]
        if real:
            raise helpers.BulkIndexError(f"{len(real)} of {len(actions)} not written", real)

    def _catch_up(self, generation: str, read_again: ReadAgain) -> None:
        self.client.indices.refresh(index=[self.changed, generation])
        while notes := self.client.search(index=self.changed, size=500)["hits"]["hits"]:
            keys = dict.fromkeys(Key.parse(note["_source"]["key"]) for note in notes)
            self._bulk(generation, read_again(list(keys)))
            done = [{"_op_type": "delete", "_index": self.changed, "_id": note["_id"]} for note in notes]
            helpers.bulk(self.client, done, refresh=True)

    def _note_changed(self, keys: Sequence[Key]) -> None:
        """Note them for a rebuild, if one runs: it alone makes the alias, and takes it away when it needs no more."""
        notes = [{"_index": self.changed, "_source": {"key": str(key)}} for key in keys]
        self._send(notes, may_miss="index", require_alias=True)

    def _remove_notes(self) -> None:
        for name in self.client.indices.get(index=f"{self.changed}*", expand_wildcards="all"):
            self.client.indices.delete(index=name, ignore_unavailable=True)

    def _create_generation(self) -> str:
        stamp = datetime.now(UTC).strftime("%Y%m%d%H%M%S")
        name = f"{self.name_of_all}-v{SCHEMA_VERSION}-{stamp}-{secrets.token_hex(4)}"
        self._create(name, mapping())
        return name

    def _create(self, name: str, fields: Mapping, alias: str = "") -> None:
        index = Index(name, using=self.client)
        if alias:
            index.aliases(**{alias: {}})
        index.settings(number_of_shards=1, auto_expand_replicas="0-1")
        index.mapping(fields)
        index.create()

    def _put_alias(self, generation: str) -> None:
        remove = {"remove": {"index": self.generations, "alias": self.alias, "must_exist": False}}
        add = {"add": {"index": generation, "alias": self.alias}}
        self.client.indices.update_aliases(actions=[remove, add])


def _title(tokens: str) -> str:
    """Return the folded words of a title out of its tokens."""
    return " ".join(token for token in tokens.split() if not text.is_pair(token))


def _row(hit: dict[str, Any]) -> Row:
    values = hit.get("fields", {})
    return Row(
        hit["_score"] or 0.0, Signals(**{name: value for name, (value,) in values.items()}), hit["_id"]
    )


@contextmanager
def away() -> Iterator[None]:
    """Turn what means "not now" into EngineAway; a mistake of ours stays what it is."""
    try:
        yield
    except TransportError as error:
        raise EngineAway(str(error)) from error
    except ApiError as error:
        if error.status_code in _AWAY_STATUSES:
            raise EngineAway(str(error)) from error
        raise
