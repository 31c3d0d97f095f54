"""How documents and questions look to Elasticsearch: mapping, bulk actions, query, counts."""

from collections.abc import Sequence
from itertools import chain
from typing import Any

from elasticsearch_dsl import Double, Keyword, Long, Mapping, Search, Text

from search.analysis import TOKEN_FIELDS, analyse
from search.documents import SearchDocument, Stock
from search.engines.base import Clause, Filters, Group, Query, Signals, Sort
from search.facets import FACETS
from search.signals import digest, signals_of

ORDERS = {Sort.CHEAPEST: {"price_vnd": "asc"}, Sort.NEWEST: {"published_at": "desc"}}

Part = dict[str, Any]
"""A piece of a request, as Elasticsearch takes it."""


def mapping() -> Mapping:
    """Return the mapping of a generation: token fields split on spaces, the rest as it is."""
    result = Mapping()
    result.meta("dynamic", "strict")
    for name in FACETS:
        result.field(name, Keyword())
    for name in Signals._fields:
        result.field(name, Double() if name == "boost" else Long())
    result.field("digest", Long())
    result.field("body", Text(index=False))
    for name in TOKEN_FIELDS:
        result.field(name, Text(analyzer="whitespace", index_options="freqs"))
    return result


def changed_mapping() -> Mapping:
    """Return the mapping of the notes of what changed during a rebuild."""
    result = Mapping()
    result.field("key", Keyword())
    return result


def action(index: str, document: SearchDocument) -> dict[str, object]:
    """Return the bulk action that writes this document."""
    analysed = analyse(document)
    signals, facets = signals_of(document), document.facet_values()
    source: dict[str, object] = {"body": analysed.excerpt, **signals._asdict(), **facets}
    source["digest"] = digest(document, signals, facets)
    source.update((name, getattr(analysed, name)) for name in TOKEN_FIELDS)
    return {"_index": index, "_id": str(document.key), "_source": source}


def asked(search: Search, query: Query, facets: Sequence[str]) -> Search:
    """Return the request: term queries only, so nothing a person types is parsed.

    Filters come after the counts (`post_filter`), so that each facet is counted without its own; a question that
    counts nothing carries them inside, which is faster.
    """
    chosen = _filters(query.filters)
    inside = [] if facets else list(chain(*chosen.values()))
    body: Part = {
        "query": _scored(query, inside),
        "_source": False,
        "track_total_hits": False,
        "docvalue_fields": list(query.signals),
        "from": query.start,
        "size": query.limit,
    }
    if query.sort in ORDERS:
        body["sort"] = [ORDERS[query.sort]]
    if facets and chosen:
        body["post_filter"] = _bool(filter=list(chain(*chosen.values())))
    if facets:
        body["aggs"] = {
            name: {
                "filter": _bool(filter=list(chain(*(of for facet, of in chosen.items() if facet != name)))),
                "aggs": {"values": {"terms": {"field": name, "size": FACETS[name].most}}},
            }
            for name in facets
        }
    return search.extra(**body)  # as objects of the DSL the same takes three times as long to build


def _scored(query: Query, inside: Sequence[Part]) -> Part:
    filters = [*(_term(clause) for clause in query.required), *inside]
    excluded = [_term(clause) for clause in query.excluded]
    extras = [_term(clause) for clause in query.extras]
    near = [
        {"constant_score": {"filter": {"term": {clause.field: clause.token}}, "boost": clause.weight}}
        for clause in query.near
    ]
    if not query.groups:
        return _bool(must=[{"match_all": {}}], filter=filters, must_not=excluded, should=near)
    either = [_term(clause) for clause in chain(*query.groups)]
    if query.do_extras_match and not filters and not near:
        anything = _any_of(either + extras)
        return _bool(must=[anything], must_not=excluded) if excluded else anything
    if query.needs_all:
        words = [_group(group) for group in query.groups]
        return _bool(must=words, filter=filters, must_not=excluded, should=extras + near)
    return _bool(must=[_any_of(either)], filter=filters, must_not=excluded, should=extras)


def _bool(**clauses: Sequence[Part]) -> Part:
    return {"bool": {occur: list(parts) for occur, parts in clauses.items() if parts}}


def _any_of(parts: Sequence[Part]) -> Part:
    return {"bool": {"should": list(parts), "minimum_should_match": 1}}


def _group(group: Group) -> Part:
    return _term(group[0]) if len(group) == 1 else _any_of([_term(clause) for clause in group])


def _term(clause: Clause) -> Part:
    return {"term": {clause.field: {"value": clause.token, "boost": clause.weight}}}


def _filters(filters: Filters) -> dict[str, list[Part]]:
    """Return the filters by the name of their facet; the price, which is no facet, under its own."""
    chosen: dict[str, list[Part]] = {
        name: [{"terms": {name: list(values)}}] for name, values in filters.values.items()
    }
    if filters.has_price:
        least = filters.least_vnd if filters.least_vnd is not None else 0
        bounds = {"gte": least} | ({} if filters.most_vnd is None else {"lte": filters.most_vnd})
        within: Part = {"range": {"price_vnd": bounds}}
        chosen["price_vnd"] = [
            within if filters.priced_only else _any_of([within, {"term": {"price_vnd": -1}}])
        ]
    if filters.ready_by is not None:
        day = filters.ready_by.toordinal()
        chosen["ready_on"] = [
            {"range": {"stock": {"gte": int(Stock.FEW)}}},
            {"range": {"ready_on": {"lte": day}}},
        ]
    return chosen
