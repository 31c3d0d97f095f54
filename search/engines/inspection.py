"""Looks into an index from outside: what it holds, and what each token adds to a score. For `check_search` and
`explain_search`; nothing here is on the way of a search."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Protocol

import tantivy

from search.analysis import number
from search.documents import Key
from search.engines.base import Clause, Engine
from search.engines.embedded import EmbeddedEngine
from search.engines.embedded_schema import SCHEMA
from search.engines.fallback import FallbackEngine
from search.facets import KIND

PAGE = 1000


class Inspection(Protocol):
    """One engine, seen from outside. Every method may raise EngineAway."""

    name: str

    def kinds(self) -> Mapping[str, int]:
        """Return how many documents of each kind it holds."""
        ...

    def digests(self, keys: Sequence[Key]) -> Mapping[Key, int]:
        """Return `analysis.digest` of those of these that it holds."""
        ...

    def keys(self, kind: str) -> Iterator[Key]:
        """Yield the keys of all it holds of a kind, some at a time."""
        ...

    def scores(self, clauses: Sequence[Clause], key: Key) -> list[float | None]:
        """Return what each of these adds to the score of one document: None where it is not in it."""
        ...


class EmbeddedInspection:
    """The tantivy index."""

    name = "embedded"

    def __init__(self, engine: EmbeddedEngine) -> None:
        self._engine = engine

    def kinds(self) -> Mapping[str, int]:
        """See Inspection."""
        searcher = self._engine.searcher()
        if searcher is None:
            return {}
        everything = tantivy.Query.all_query()
        answer = searcher.aggregate(everything, {"kinds": {"terms": {"field": KIND, "size": 1000}}})
        return {str(bucket["key"]): bucket["doc_count"] for bucket in answer["kinds"]["buckets"]}

    def digests(self, keys: Sequence[Key]) -> Mapping[Key, int]:
        """See Inspection."""
        searcher = self._engine.searcher()
        if searcher is None or not keys:
            return {}
        by_tie = {number(str(key)): key for key in keys}
        any_of = tantivy.Query.boolean_query([(tantivy.Occur.Should, _is(key)) for key in keys])
        hits = searcher.search(any_of, len(keys), count=False).hits
        addresses = [address for _, address in hits]
        ties = searcher.fast_field_values("tie", addresses)
        values = searcher.fast_field_values("digest", addresses)
        return {by_tie[int(tie or 0)]: int(digest or 0) for tie, digest in zip(ties, values, strict=True)}

    def keys(self, kind: str) -> Iterator[Key]:
        """See Inspection. Goes on by the fixed number of each document, all in one state of the index."""
        searcher = self._engine.searcher()
        if searcher is None:
            return
        of_kind = tantivy.Query.term_query(SCHEMA, KIND, kind, "basic")
        least = 0
        while True:
            rest = tantivy.Query.range_query(SCHEMA, "tie", tantivy.FieldType.Integer, least, None)
            both = tantivy.Query.boolean_query([(tantivy.Occur.Must, of_kind), (tantivy.Occur.Must, rest)])
            hits = searcher.search(
                both, PAGE, count=False, order_by_field="tie", order=tantivy.Order.Asc
            ).hits
            for tie, address in hits:
                yield Key.parse(searcher.doc(address).get_first("key") or "")
                least = int(tie) + 1
            if len(hits) < PAGE:
                return

    def scores(self, clauses: Sequence[Clause], key: Key) -> list[float | None]:
        """See Inspection; tantivy's own explanation."""
        searcher = self._engine.searcher()
        hits = searcher.search(_is(key), 1, count=False).hits if searcher is not None else []
        return [_score(searcher, clause, hits[0][1]) if searcher and hits else None for clause in clauses]


def _is(key: Key) -> tantivy.Query:
    return tantivy.Query.term_query(SCHEMA, "key", str(key), "basic")


def _score(searcher: tantivy.Searcher, clause: Clause, address: tantivy.DocAddress) -> float | None:
    query = tantivy.Query.term_query(SCHEMA, clause.field, clause.token, index_option="freq")
    try:
        explained = json.loads(query.explain(searcher, address).to_json())
    except ValueError:  # tantivy's word for "does not match"
        return None
    return float(explained["value"]) * clause.weight


def inspections(engine: Engine) -> list[Inspection]:
    """Return every index behind this engine: the embedded one first, and the copy in Elasticsearch if there is one."""
    if not isinstance(engine, FallbackEngine):
        return [EmbeddedInspection(engine)] if isinstance(engine, EmbeddedEngine) else []
    # Imported here: the client costs 30 MB and half a second, which the default installation need not pay.
    from search.engines.elasticsearch import ElasticsearchEngine
    from search.engines.elasticsearch_inspection import ElasticsearchInspection

    both: list[Inspection] = [EmbeddedInspection(engine.second)]
    if isinstance(engine.first, ElasticsearchEngine):
        both.append(ElasticsearchInspection(engine.first))
    return both
