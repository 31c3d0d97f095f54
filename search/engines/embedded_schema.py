"""How documents and questions look to tantivy: schema, documents, queries, counts."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import chain
from typing import Final

import tantivy

from search.analysis import TOKEN_FIELDS, analyse, excerpt_source
from search.documents import SearchDocument, Stock
from search.engines.base import Clause, Filters, Group, Query, Signals
from search.facets import FACETS, LANGUAGE
from search.signals import digest, signals_of

INTEGERS = tuple(name for name in Signals._fields if name != "boost")
CHEAP_WORDS = 8
"""With filters, the union of many words cannot skip ahead; then the rarest of them are asked for."""
SPARE: Final = 4
"""So many times the values that are shown each segment names, each looked up in its dictionary; tantivy's ten cost
0.2 ms of a question at 3,000 communes."""

_Parts = list[tuple[tantivy.Occur, tantivy.Query]]
_MUST, _SHOULD, _NOT = tantivy.Occur.Must, tantivy.Occur.Should, tantivy.Occur.MustNot


def _build_schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("key", stored=True, tokenizer_name="raw", index_option="basic")
    # Bytes, because a text field cannot be stored without an index.
    builder.add_bytes_field("body", stored=True)
    for name in FACETS:
        builder.add_text_field(name, fast=True, tokenizer_name="raw", index_option="basic")
    builder.add_float_field("boost", fast=True)
    for name in INTEGERS:
        builder.add_integer_field(name, fast=True)
    builder.add_integer_field("digest", fast=True)
    for name in TOKEN_FIELDS:
        builder.add_text_field(name, tokenizer_name="whitespace", index_option="freq")
    builder.add_text_field("title_tails", tokenizer_name="whitespace", index_option="basic")
    return builder.build()


SCHEMA = _build_schema()


def tantivy_document(document: SearchDocument) -> tantivy.Document:
    """Return the document as tantivy stores it."""
    tokens = analyse(document)
    signals, facets = signals_of(document), document.facet_values()
    return tantivy.Document(
        key=str(document.key),
        digest=digest(document, signals, facets),
        body=excerpt_source(document).encode(),
        title_tails=tokens.title_tails,
        **{name: getattr(tokens, name) for name in TOKEN_FIELDS},
        **facets,
        **signals._asdict(),
    )


class Asked:
    """A question put to one searcher."""

    def __init__(self, query: Query, searcher: tantivy.Searcher) -> None:
        self._query = query
        self._searcher = searcher

    def scored(self) -> tantivy.Query:
        """Return what finds and scores. A plain union of terms lets tantivy skip what cannot be among the best."""
        query = self._query
        parts = self._filters(query.filters)
        extras = [(_SHOULD, _term(clause)) for clause in query.extras]
        if query.do_extras_match and not parts and not query.near:
            words = [(_SHOULD, _term(clause)) for clause in chain(*query.groups)]
            return _all(words + extras)
        if query.needs_all:
            return _all(_groups(query.groups) + parts + extras + _near(query))
        words = [(_SHOULD, _term(clause)) for clause in chain(*self._rarest(query.groups))]
        return _all([(_MUST, _all(words)), *parts, *extras])

    def matched(self, without: str | None = None) -> tantivy.Query:
        """Return what finds, without scores, and without the filter of one facet."""
        filters = self._query.filters
        values = {name: chosen for name, chosen in filters.values.items() if name != without}
        kept = replace(filters, values=values)
        return _all(_groups(self._query.groups) + self._filters(kept))

    def _rarest(self, groups: Sequence[Group]) -> Sequence[Group]:
        if len(groups) <= CHEAP_WORDS:
            return groups
        return sorted(groups, key=lambda group: sum(self.frequency(c.field, c.token) for c in group))[
            :CHEAP_WORDS
        ]

    def frequency(self, field: str, value: str) -> int:
        """Return how many documents hold this token; deleted ones count until tantivy merges them away."""
        return self._searcher.doc_freq(field, value)

    def _filters(self, filters: Filters) -> _Parts:
        parts: _Parts = [(_MUST, _silent(_term(clause))) for clause in self._query.required]
        parts += [(_NOT, _term(clause)) for clause in self._query.excluded]
        for name, values in filters.values.items():
            if name == LANGUAGE and are_all_in(self._searcher, values):
                continue
            parts.append((_MUST, _one_of(name, values)))
        if filters.has_price:
            parts += _price(filters)
        if filters.ready_by is not None:
            parts.append((_MUST, _silent(_range("stock", int(Stock.FEW), None))))
            parts.append((_MUST, _silent(_range("ready_on", 0, filters.ready_by.toordinal()))))
        return parts


def are_all_in(searcher: tantivy.Searcher, languages: Iterable[str]) -> bool:
    """Tell whether every document is in one of these languages; deleted ones count, which errs to the safe side."""
    return {language for language, _ in searcher.terms_with_prefix(LANGUAGE, "")} <= set(languages)


def counted(facets: Sequence[str]) -> dict[str, dict[str, object]]:
    """Return the aggregation that counts these facets."""
    return {
        name: {"terms": {"field": name, "size": FACETS[name].most, "segment_size": FACETS[name].most * SPARE}}
        for name in facets
    }


def counts_from(answer: Mapping[str, Mapping[str, Sequence[Mapping[str, int]]]]) -> dict[str, dict[str, int]]:
    """Return the counts of an aggregation's answer."""
    return {
        name: {str(bucket["key"]): bucket["doc_count"] for bucket in found["buckets"]}
        for name, found in answer.items()
    }


def _all(parts: _Parts) -> tantivy.Query:
    if not any(occur in (_MUST, _SHOULD) for occur, _ in parts):
        parts = [(_MUST, tantivy.Query.all_query()), *parts]
    return tantivy.Query.boolean_query(parts)


def _groups(groups: Sequence[Group]) -> _Parts:
    return [(_MUST, _group(group)) for group in groups]


def _group(group: Group) -> tantivy.Query:
    if len(group) == 1:
        return _term(group[0])
    return tantivy.Query.boolean_query([(_SHOULD, _term(clause)) for clause in group])


def _term(clause: Clause) -> tantivy.Query:
    query = tantivy.Query.term_query(SCHEMA, clause.field, clause.token, index_option="freq")
    return query if clause.weight == 1.0 else tantivy.Query.boost_query(query, clause.weight)


def _one_of(name: str, values: Iterable[str]) -> tantivy.Query:
    # Not term_set_query: that walks all terms and costs 0.7 ms at 100,000 documents.
    terms = [(_SHOULD, tantivy.Query.term_query(SCHEMA, name, value, "basic")) for value in values]
    return _silent(tantivy.Query.boolean_query(terms))


def _near(query: Query) -> _Parts:
    """Return what lifts a place's documents as a whole; it must not keep out the others."""
    if not query.near:
        return []
    terms = [
        (clause.weight, tantivy.Query.term_query(SCHEMA, clause.field, clause.token, "basic"))
        for clause in query.near
    ]
    lifted: _Parts = [(_SHOULD, tantivy.Query.const_score_query(term, weight)) for weight, term in terms]
    return [(_MUST, _silent(tantivy.Query.all_query())), *lifted]


def _silent(query: tantivy.Query) -> tantivy.Query:
    return tantivy.Query.const_score_query(query, 0.0)


def _price(filters: Filters) -> _Parts:
    least = filters.least_vnd if filters.least_vnd is not None else 0
    if filters.priced_only:
        return [(_MUST, _silent(_range("price_vnd", least, filters.most_vnd)))]
    parts: _Parts = []
    if least > 0:
        parts.append((_NOT, _range("price_vnd", 0, least - 1)))
    if filters.most_vnd is not None:
        parts.append((_NOT, _range("price_vnd", filters.most_vnd + 1, None)))
    return parts


def _range(name: str, least: int, most: int | None) -> tantivy.Query:
    return tantivy.Query.range_query(SCHEMA, name, tantivy.FieldType.Integer, least, most)
