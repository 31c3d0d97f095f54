"""How documents and questions look to tantivy: schema, documents, queries, counts."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from itertools import accumulate, chain, repeat
from pathlib import Path
from typing import Any, Final

import tantivy

from search import text
from search.analysis import TOKEN_FIELDS, analyse, number
from search.documents import Key, SearchDocument, Stock
from search.engines.base import Clause, Filters, Group, Query, RawHit, Signals
from search.facets import FACETS, LANGUAGE
from search.signals import digest, signals_of

SHELF: Final = "shelf"
"""Documents of one kind stand together, by price: filters by either pass over whole runs of the others, a fifth to a
quarter of a question with both (docs/decisions/0017-search-speed.md)."""
INTEGERS = tuple(name for name in Signals._fields if name != "boost")
FEWEST_WORDS, MOST_WORDS = 2, 8
"""With filters, a union of many words cannot skip ahead; then so many of the rarest decide, and the pairs."""
FEW: Final = 5_000
"""As many of the rarest words as this many documents hold are asked for first (docs/decisions/0017-search-speed.md)."""
SPARE: Final = 4
"""So many times the values that are shown each segment names, each looked up in its dictionary; tantivy's ten cost
0.2 ms of a question at 3,000 communes. With one segment, too: equally frequent ones are then those first by name."""

_PLAIN = re.compile("[0-9A-Za-z_-]+")
_Parts = list[tuple[tantivy.Occur, tantivy.Query]]
_MUST, _SHOULD, _NOT = tantivy.Occur.Must, tantivy.Occur.Should, tantivy.Occur.MustNot


def _build_schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("key", stored=True, tokenizer_name="raw", index_option="basic")
    # Bytes, because a text field cannot be stored without an index.
    builder.add_bytes_field("title", stored=True)
    builder.add_bytes_field("body", stored=True)
    for name in FACETS:
        builder.add_text_field(name, fast=True, tokenizer_name="raw", index_option="basic")
    builder.add_float_field("boost", fast=True)
    for name in INTEGERS:
        builder.add_integer_field(name, fast=True)
    builder.add_integer_field("digest", fast=True)
    builder.add_integer_field(SHELF, fast=True)
    builder.add_integer_field("name", fast=True, indexed=True)
    for name in TOKEN_FIELDS:
        builder.add_text_field(name, tokenizer_name="whitespace", index_option="freq")
    builder.add_text_field("title_tails", tokenizer_name="whitespace", index_option="basic")
    return builder.build()


SCHEMA = _build_schema()


def new_index(folder: Path) -> tantivy.Index:
    """Return an empty index in this folder, or the one that is there."""
    return tantivy.Index(SCHEMA, path=str(folder), sort_by_field=SHELF)


def tantivy_document(document: SearchDocument) -> tantivy.Document:
    """Return the document as tantivy stores it."""
    analysed = analyse(document)
    signals, facets = signals_of(document), document.facet_values()
    return tantivy.Document(
        key=str(document.key),
        digest=digest(document, signals, facets),
        shelf=_shelf(signals),
        name=number(analysed.title_folded),
        title=analysed.title.encode(),
        body=analysed.excerpt.encode(),
        title_tails=analysed.title_tails,
        **{name: getattr(analysed, name) for name in TOKEN_FIELDS},
        **facets,
        **signals._asdict(),
    )


def _shelf(signals: Signals) -> int:
    """Return a number by which kinds stand apart, and within each what is cheap before what is dear."""
    return (signals.kind >> 33) << 32 | min(signals.price_vnd + 1, 2**32 - 1)


class Asked:
    """A question put to one searcher."""

    def __init__(self, query: Query, searcher: tantivy.Searcher) -> None:
        self._query = query
        self._searcher = searcher
        self._parts = self._filters(query.filters)

    def scored(self) -> tantivy.Query:
        """Return what finds and scores. A plain union of terms lets tantivy skip what cannot be among the best."""
        query = self._query
        if query.do_extras_match and not self._parts and not query.near:
            return _all(_any((*chain(*query.groups), *query.extras)))
        if query.needs_all:
            return _all(_groups(query.groups) + self._parts + _any(query.extras) + _near(query))
        return self._scored_by(MOST_WORDS)

    def scored_by_rarest(self) -> tantivy.Query | None:
        """Return the same for what holds one of the rarest words; None unless any word will do and some are common."""
        query = self._query
        if query.needs_all or (query.do_extras_match and not self._parts):
            return None
        held = list(accumulate(self._frequency(group) for group in self._by_rarity))
        number = next((place for place, sum_ in enumerate(held, 1) if sum_ >= FEW), len(held))
        number = max(number, FEWEST_WORDS)
        return self._scored_by(number) if number < min(len(held), MOST_WORDS) else None

    def _scored_by(self, number: int) -> tantivy.Query:
        """Return what holds one of so many of the rarest words, or two words side by side; the others only add."""
        pairs: list[Clause] = []
        others: list[Clause] = []
        for one in self._query.extras:
            (pairs if one.field == "text_folded" and text.is_pair(one.token) else others).append(one)
        rarest, common = chain(*self._by_rarity[:number]), chain(*self._by_rarity[number:])
        return _all([(_MUST, _all(_any((*rarest, *pairs)))), *self._parts, *_any((*common, *others))])

    @cached_property
    def _by_rarity(self) -> Sequence[Group]:
        return sorted(self._query.groups, key=self._frequency)

    def matched(self, without: Collection[str] = ()) -> tantivy.Query:
        """Return what finds, without scores, and without the filters of some facets."""
        parts = self._parts
        if without:
            filters = self._query.filters
            values = {name: chosen for name, chosen in filters.values.items() if name not in without}
            parts = self._filters(replace(filters, values=values))
        return _all(_groups(self._query.groups) + parts)

    def _frequency(self, group: Group) -> int:
        """Return how many documents hold a word; deleted ones count until tantivy merges them away."""
        return sum(self._searcher.doc_freq(clause.field, clause.token) for clause in group)

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


def title_at(searcher: tantivy.Searcher, address: tantivy.DocAddress) -> str:
    """Return the title of a document, as it is written."""
    return _text(searcher.doc(address), "title")


def raw_hit(searcher: tantivy.Searcher, address: tantivy.DocAddress) -> RawHit:
    """Return key and texts of a document."""
    stored = searcher.doc(address)
    return RawHit(Key.parse(stored.get_first("key") or ""), _text(stored, "body"), _text(stored, "title"))


def texts_with(searcher: tantivy.Searcher, field: str, token: str, most: int) -> Iterator[str]:
    """Yield title and beginning of the body of some documents that hold a token, as they are written."""
    term = tantivy.Query.term_query(SCHEMA, field, token, index_option="freq")
    for _, address in searcher.search(term, most, count=False).hits:
        stored = searcher.doc(address)
        yield from (_text(stored, "title"), _text(stored, "body"))


def signals_at(
    searcher: tantivy.Searcher, addresses: list[tantivy.DocAddress], names: Collection[str]
) -> list[Signals]:
    """Return these signals of some documents; the others stand at nothing."""
    columns = [
        searcher.fast_field_values(name, addresses) if name in names else repeat(default, len(addresses))
        for name, default in Signals._field_defaults.items()
    ]
    return [Signals(*values) for values in zip(*columns, strict=True)]


def are_all_in(searcher: tantivy.Searcher, languages: Iterable[str]) -> bool:
    """Tell whether every document is in one of these languages; deleted ones count, which errs to the safe side."""
    return {language for language, _ in searcher.terms_with_prefix(LANGUAGE, "")} <= set(languages)


Counting = dict[str, dict[str, Any]]
"""What tantivy is to count, by name."""


def counted(facets: Sequence[str]) -> Counting:
    """Return the aggregation that counts these facets."""
    return {
        name: {"terms": {"field": name, "size": FACETS[name].most, "segment_size": FACETS[name].most * SPARE}}
        for name in facets
    }


def counted_at_once(facets: Sequence[str], chosen: Mapping[str, Sequence[str]]) -> Counting | None:
    """Return the aggregation over what passes no filter yet that counts each facet with the filters of the others.

    To find once and filter thrice is half of finding thrice, where much is found. None when a value is not plain:
    tantivy reads these filters as text, and nothing that a person typed may stand in one.
    """
    if not all(values and all(map(_PLAIN.fullmatch, values)) for values in chosen.values()):
        return None
    wanted: Counting = {}
    others = [name for name in facets if name not in chosen]
    for names in (others, *([name] for name in chosen)):
        filters = [_as_text(name, values) for name, values in chosen.items() if name not in names]
        if filters and names:
            wanted["+".join(names)] = {"filter": " AND ".join(filters), "aggs": counted(names)}
        else:
            wanted |= counted(names)
    return wanted


def _as_text(name: str, values: Sequence[str]) -> str:
    either = " OR ".join(f'"{value}"' for value in values)
    return f"{name}:({either})"


def counts_from(answer: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, int]]:
    """Return the counts of an aggregation's answer, those behind filters, too."""
    counts: dict[str, dict[str, int]] = {}
    for name, found in answer.items():
        if "buckets" in found:
            counts[name] = {str(bucket["key"]): bucket["doc_count"] for bucket in found["buckets"]}
        else:
            counts |= counts_from({inner: of for inner, of in found.items() if isinstance(of, Mapping)})
    return counts


def _text(stored: tantivy.Document, name: str) -> str:
    return bytes(stored.get_first(name) or b"").decode()


def _all(parts: _Parts) -> tantivy.Query:
    if not any(occur in (_MUST, _SHOULD) for occur, _ in parts):
        parts = [(_MUST, tantivy.Query.all_query()), *parts]
    return tantivy.Query.boolean_query(parts)


def _any(clauses: Iterable[Clause]) -> _Parts:
    return [(_SHOULD, _term(clause)) for clause in clauses]


def _groups(groups: Sequence[Group]) -> _Parts:
    return [(_MUST, _group(group)) for group in groups]


def _group(group: Group) -> tantivy.Query:
    if len(group) == 1:
        return _term(group[0])
    return tantivy.Query.boolean_query(_any(group))


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
    if filters.most_vnd is not None:  # what has no price stands at -1
        parts.append((_MUST, _silent(_range("price_vnd", -1, filters.most_vnd))))
    return parts


def _range(name: str, least: int, most: int | None) -> tantivy.Query:
    return tantivy.Query.range_query(SCHEMA, name, tantivy.FieldType.Integer, least, most)
