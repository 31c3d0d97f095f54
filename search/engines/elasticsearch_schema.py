"""How documents and questions look to Elasticsearch: mapping, bulk actions, query, counts."""

from collections.abc import Sequence
from itertools import chain

from elasticsearch_dsl import A, Double, Keyword, Long, Mapping, Q, Search, Text
from elasticsearch_dsl.query import Query as DslQuery

from search.analysis import TOKEN_FIELDS, analyse
from search.documents import SearchDocument, Stock
from search.engines.base import Clause, Filters, Group, Query, Signals, Sort
from search.facets import FACETS
from search.signals import digest, signals_of

ORDERS = {Sort.CHEAPEST: "price_vnd", Sort.NEWEST: "-published_at"}


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
    found = search.query(_scored(query, inside)).source(False).extra(track_total_hits=False)
    found = found.extra(docvalue_fields=list(query.signals))[query.start : query.start + query.limit]
    if query.sort in ORDERS:
        found = found.sort(ORDERS[query.sort])
    if facets and chosen:
        found = found.post_filter("bool", filter=list(chain(*chosen.values())))
    for name in facets:
        others = list(chain(*(queries for facet, queries in chosen.items() if facet != name)))
        values = A("terms", field=name, size=FACETS[name].most)
        found.aggs.bucket(name, A("filter", Q("bool", filter=others))).bucket("values", values)
    return found


def _scored(query: Query, inside: Sequence[DslQuery]) -> DslQuery:
    filters = [*(_term(clause) for clause in query.required), *inside]
    excluded = [_term(clause) for clause in query.excluded]
    extras = [_term(clause) for clause in query.extras]
    near = [
        Q("constant_score", filter=Q("term", **{clause.field: clause.token}), boost=clause.weight)
        for clause in query.near
    ]
    if not query.groups:
        return Q("bool", must=[Q("match_all")], filter=filters, must_not=excluded, should=near)
    either = [_term(clause) for clause in chain(*query.groups)]
    if query.do_extras_match and not filters and not near:
        return Q("bool", should=either + extras, minimum_should_match=1, must_not=excluded)
    if query.needs_all:
        words = [_group(group) for group in query.groups]
        return Q("bool", must=words, filter=filters, must_not=excluded, should=extras + near)
    any_of = Q("bool", should=either, minimum_should_match=1)
    return Q("bool", must=[any_of], filter=filters, must_not=excluded, should=extras)


def _group(group: Group) -> DslQuery:
    if len(group) == 1:
        return _term(group[0])
    return Q("bool", should=[_term(clause) for clause in group], minimum_should_match=1)


def _term(clause: Clause) -> DslQuery:
    return Q("term", **{clause.field: {"value": clause.token, "boost": clause.weight}})


def _filters(filters: Filters) -> dict[str, list[DslQuery]]:
    """Return the filters by the name of their facet; the price, which is no facet, under its own."""
    chosen = {name: [Q("terms", **{name: list(values)})] for name, values in filters.values.items()}
    if filters.has_price:
        least = filters.least_vnd if filters.least_vnd is not None else 0
        bounds = {"gte": least} | ({} if filters.most_vnd is None else {"lte": filters.most_vnd})
        within = Q("range", price_vnd=bounds)
        if not filters.priced_only:
            within |= Q("term", price_vnd=-1)
        chosen["price_vnd"] = [within]
    if filters.ready_by is not None:
        day = filters.ready_by.toordinal()
        chosen["ready_on"] = [Q("range", stock={"gte": int(Stock.FEW)}), Q("range", ready_on={"lte": day})]
    return chosen
