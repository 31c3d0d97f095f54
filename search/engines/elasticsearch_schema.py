"""How documents and questions look to Elasticsearch: mapping, bulk actions, query."""

from elasticsearch_dsl import Float, Keyword, Mapping, Q, Text
from elasticsearch_dsl.query import Query as DslQuery

from search import text
from search.analysis import TOKEN_FIELDS, analyse, boost, excerpt_source
from search.documents import SearchDocument
from search.engines.base import Clause, Query


def mapping() -> Mapping:
    """Return the mapping of a generation: token fields split on spaces, the rest as it is."""
    result = Mapping()
    result.meta("dynamic", "strict")
    for name in ("kind", "language", "facets"):
        result.field(name, Keyword())
    result.field("boost", Float())
    result.field("body", Text(index=False))
    for name in TOKEN_FIELDS:
        result.field(name, Text(analyzer="whitespace", index_options="freqs"))
    return result


def changed_mapping() -> Mapping:
    """Return the mapping of the notes of what changed during a rebuild."""
    result = Mapping()
    result.field("key", Keyword())
    return result


def action(index: str, document: SearchDocument, *, require_alias: bool = False) -> dict[str, object]:
    """Return the bulk action that writes this document.."""
    tokens = analyse(document)
    source: dict[str, object] = {
        "kind": document.kind,
        "language": document.language,
        "facets": [text.clean(term) for term in document.facet_terms],
        "boost": boost(document),
        "body": excerpt_source(document),
    }
    source.update((name, getattr(tokens, name)) for name in TOKEN_FIELDS)
    return {"_index": index, "_id": str(document.key), "_source": source, "require_alias": require_alias}


def scored(query: Query) -> DslQuery:
    """Return the query with its scores; term queries only, so nothing a person types is parsed."""
    words = Q("bool", should=[_term(word) for word in query.words], minimum_should_match=query.required)
    filters = [Q("terms", language=list(query.languages))] if query.languages else []
    matched = Q("bool", must=[words], filter=filters, should=[_term(extra) for extra in query.extras])
    return Q("function_score", query=matched, field_value_factor={"field": "boost"}, boost_mode="multiply")


def _term(clause: Clause) -> DslQuery:
    return Q("term", **{clause.field: {"value": clause.token, "boost": clause.weight}})
