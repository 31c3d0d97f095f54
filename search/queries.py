"""From what a person typed to a page of results.

`parse` turns text into tokens: nothing that a person types reaches an engine's query language. `search` asks the
engine and reads the rows of the hits, so a result that is no longer public is dropped even if the index is late.
"""

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence

from search import highlight, registry, text
from search.documents import Card, Hit, Key, KindCount, Results
from search.engines import current_engine
from search.engines.base import Clause, Query, RawHit, RawResults

LONGEST_QUESTION = 200
"""Characters of a question that are used."""
PAGE_SIZE = 12
LAST_PAGE = 50
"""Nobody turns so many pages; asking an engine for the thousandth costs what all before it cost."""

FIELD = "text_folded"
"""Title and body, folded: the field that decides whether a thing is found at all."""
# What a token is worth, by field. As written counts on top of folded, so "đậu" finds đậu before dâu and dấu.
# A full weight of the title hurts where titles repeat each other; a third helps (docs/decisions/0007-search.md).
WEIGHTS = {"text_folded": 1.0, "title_folded": 0.33, "text_written": 1.0}


class Question:
    """What was typed: the text to keep in the form, and its words."""

    def __init__(self, raw: str) -> None:
        # Three times the length, because one letter can be typed as up to three characters before composition.
        self.text = _cut(" ".join(text.clean(raw[: 3 * LONGEST_QUESTION]).split()))
        self.written = tuple(text.words(self.text))
        self.folded = tuple(text.fold(word) for word in self.written)

    @property
    def has_marks(self) -> bool:
        """Whether any word was typed with its marks; if none, nothing is known about how it is written."""
        return self.written != self.folded

    @property
    def words(self) -> tuple[Clause, ...]:
        """The different words, folded."""
        return tuple(Clause(FIELD, word, WEIGHTS[FIELD]) for word in dict.fromkeys(self.folded))

    @property
    def extras(self) -> tuple[Clause, ...]:
        """Every other token of the question in every field."""
        folded = dict.fromkeys((*self.folded, *text.pairs(self.folded)))
        written = dict.fromkeys((*self.written, *text.pairs(self.written))) if self.has_marks else {}
        words = set(self.words)
        clauses = (
            Clause(field, token, weight)
            for field, weight in WEIGHTS.items()
            for token in (written if field.endswith("written") else folded)
        )
        return tuple(clause for clause in clauses if clause not in words)

    def query(
        self, *, required: int, kind: str | None, languages: Sequence[str], page: int, page_size: int
    ) -> Query:
        """Return the question for an engine."""
        return Query(
            words=self.words,
            required=required,
            extras=self.extras,
            kind=kind,
            languages=tuple(languages),
            offset=(page - 1) * page_size,
            limit=page_size,
        )


def required_words(count: int) -> int:
    """Return how many of so many different words a thing must hold.

    Two syllables are often one word, so both; of longer questions some words may be missing, but not most of a
    short one: otherwise "mat ong rung" would count everything that holds "mat".
    """
    return count if count <= 2 else min(3, count - 1)


def search(
    raw: str,
    kind: str | None = None,
    page: int = 1,
    *,
    languages: Sequence[str] = (),
    page_size: int = PAGE_SIZE,
) -> Results:
    """Return one page of what anybody may see, best first. Never raises for what a person can type."""
    question = Question(raw)
    kind = kind if kind is not None and registry.get(kind) is not None else None
    page = min(max(page, 1), LAST_PAGE)
    engine = current_engine()

    def ask(required: int, page: int) -> RawResults:
        return engine.search(
            question.query(required=required, kind=kind, languages=languages, page=page, page_size=page_size)
        )

    required = required_words(len(question.words))
    answer = ask(required, page)
    is_relaxed = not answer.counts and required > 1
    if is_relaxed:
        required = 1
        answer = ask(required, page)
    total = _total(answer, kind)
    last_page = min(max(1, math.ceil(total / page_size)), LAST_PAGE)
    if page > last_page:
        page = last_page
        answer = ask(required, page)
        total = _total(answer, kind)
    return Results(
        text=question.text,
        kind=kind,
        hits=_hits(question, answer.hits),
        total=total,
        total_all=_total(answer, None),
        counts=[
            KindCount(name, source.label, answer.counts[name])
            for name, source in registry.sources().items()
            if answer.counts.get(name)
        ],
        page=page,
        has_next=page < last_page,
        engine=answer.engine,
        is_relaxed=is_relaxed and total > 0,
    )


def _total(answer: RawResults, kind: str | None) -> int:
    """Return how many match, of one kind or of all kinds that are still registered."""
    return sum(answer.counts.get(name, 0) for name in registry.sources() if kind in (None, name))


def _hits(question: Question, raw_hits: Sequence[RawHit]) -> list[Hit]:
    cards = _cards([hit.key for hit in raw_hits])
    sources = registry.sources()
    matcher = highlight.Matcher(question.written)
    hits = []
    for raw in raw_hits:
        card = cards.get(raw.key)
        if card is None:
            continue
        source = sources[raw.key.kind]
        hits.append(
            Hit(
                key=raw.key,
                label=source.label,
                template_name=source.template_name,
                card=card,
                score=raw.score,
                title=matcher.pieces(card.title),
                excerpt=matcher.excerpt(card.summary, raw.body),
            )
        )
    return hits


def _cards(keys: Sequence[Key]) -> Mapping[Key, Card]:
    """Return the cards of what is still public: one call, one query, for each kind."""
    by_kind: dict[str, list[str]] = defaultdict(list)
    for key in keys:
        by_kind[key.kind].append(key.object_id)
    cards: dict[Key, Card] = {}
    for kind, ids in by_kind.items():
        source = registry.get(kind)
        if source is not None:
            cards.update((Key(kind, str(pk)), card) for pk, card in source.cards(ids).items())
    return cards


def _cut(composed: str) -> str:
    """Cut at the last word that ends within the length, so no letter loses a mark that follows it."""
    if len(composed) <= LONGEST_QUESTION:
        return composed
    ends = [end for _, end in text.word_spans(composed) if end <= LONGEST_QUESTION]
    return composed[: ends[-1]] if ends else ""
