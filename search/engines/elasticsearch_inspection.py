"""Looks into the copy in Elasticsearch from outside. See inspection.py."""

from collections.abc import Iterator, Mapping, Sequence

from elasticsearch import NotFoundError, helpers

from search.documents import Key
from search.engines.base import Clause
from search.engines.elasticsearch import ElasticsearchEngine, away
from search.facets import KIND

PAGE = 1000


class ElasticsearchInspection:
    """What stands under the alias now. Without an index it holds nothing."""

    name = "elasticsearch"

    def __init__(self, engine: ElasticsearchEngine) -> None:
        self._client, self._alias = engine.client, engine.alias

    def kinds(self) -> Mapping[str, int]:
        """See Inspection."""
        with away():
            if not self._client.indices.exists(index=self._alias):
                return {}
            aggs = {"kinds": {"terms": {"field": KIND, "size": 1000}}}
            answer = self._client.search(index=self._alias, size=0, aggs=aggs)
        return {bucket["key"]: bucket["doc_count"] for bucket in answer["aggregations"]["kinds"]["buckets"]}

    def digests(self, keys: Sequence[Key]) -> Mapping[Key, int]:
        """See Inspection."""
        with away():
            try:
                answer = self._client.search(
                    index=self._alias,
                    size=len(keys),
                    query={"ids": {"values": [str(key) for key in keys]}},
                    source=False,
                    docvalue_fields=[{"field": "digest"}],
                )
            except NotFoundError:
                return {}
        return {
            Key.parse(hit["_id"]): hit.get("fields", {}).get("digest", [-1])[0]
            for hit in answer["hits"]["hits"]
        }

    def keys(self, kind: str) -> Iterator[Key]:
        """See Inspection."""
        query = {"query": {"term": {KIND: kind}}}
        with away():
            for hit in helpers.scan(self._client, query=query, index=self._alias, size=PAGE, _source=False):
                yield Key.parse(hit["_id"])

    def scores(self, clauses: Sequence[Clause], key: Key) -> list[float | None]:
        """See Inspection; Elasticsearch's `_explain`."""
        return [self._score(clause, key) for clause in clauses]

    def _score(self, clause: Clause, key: Key) -> float | None:
        term = {clause.field: {"value": clause.token, "boost": clause.weight}}
        with away():
            try:
                answer = self._client.explain(index=self._alias, id=str(key), query={"term": term})
            except NotFoundError:
                return None
        return float(answer["explanation"]["value"]) if answer["matched"] else None
