"""From what a person typed to tokens for an engine: words, what may stand for them, and what only ranks."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from search import analysis, text
from search.engines.base import Clause, Filters, Group, Query, Sort
from search.question import Question
from search.repair import Repair

FIELD: Final = "text_folded"
"""Title and body, folded: the field that decides whether a thing is found at all."""
WEIGHTS: Final = {"text_folded": 1.0, "title_folded": 0.33, "text_written": 0.5}
PAIR_WEIGHTS: Final = {"text_folded": 1.0, "title_folded": 0.33}
"""What a word and a pair are worth, by field. A full weight of the title hurts where titles repeat each other
(docs/decisions/0012-search-ranking.md). Pairs stand folded only, where two syllables are hardly ever other words."""
TOLD_APART: Final = 0.7
"""What is left of a folded word's weight when it is asked for as written, too: "đậu" finds đậu before dâu and dấu, and
counts no more than a word that is written in one way only (docs/decisions/0018-words-together.md)."""
BEGINNING: Final = 0.4
"""What it is worth that a title begins as the question does: "mật ong" is honey before a lesson on filming honey."""
WHOLE_TITLE: Final = 1.0
"""What it is worth that the question is the whole title."""


@dataclass(frozen=True, slots=True)
class Tokens:
    """A question in tokens, still without filters and place in the list."""

    groups: tuple[Group, ...]
    """The words that decide, each with what may stand for it."""
    others: tuple[Clause, ...]
    """Words that need not be there."""
    extras: tuple[Clause, ...]
    required: tuple[Clause, ...]
    excluded: tuple[Clause, ...]
    are_extras_within: bool = False
    """Whether whatever holds one of the extras holds a word that decides, too."""

    def query(
        self,
        *,
        needs_all: bool,
        filters: Filters,
        sort: Sort = Sort.RELEVANCE,
        near: tuple[Clause, ...] = (),
        start: int = 0,
        limit: int,
        signals: Collection[str] = (),
        is_whole_question: bool = False,
    ) -> Query:
        """Return the question for an engine: all deciding words, or any of them; of a whole question any word."""
        others = tuple((clause,) for clause in self.others)
        counts_others = is_whole_question and not needs_all
        return Query(
            groups=self.groups + others if counts_others else self.groups,
            needs_all=needs_all,
            extras=self.extras if counts_others else self.extras + self.others,
            do_extras_match=counts_others
            or (self.are_extras_within and (not needs_all or len(self.groups) == 1)),
            required=self.required,
            excluded=self.excluded,
            filters=filters,
            sort=sort,
            near=near,
            start=start,
            limit=limit,
            signals=signals,
        )


class Expansion(NamedTuple):
    """What the synonyms add to a question (synonyms.py)."""

    instead: Sequence[Sequence[Clause]] = ()
    """For each word, what may stand for it; empty when nothing does for any."""
    extras: Sequence[Clause] = ()
    """What only adds to the score."""
    words: Sequence[str] = ()
    """As written, to be shown where they match."""


NO_EXPANSION: Final = Expansion()


def tokens(
    question: Question,
    repair: Repair,
    expansion: Expansion = NO_EXPANSION,
    usual: Collection[int] = (),
    common: Collection[int] = (),
) -> Tokens:
    """Return the tokens of a question with its repairs and synonyms.

    `usual` are the places of words that nearly everybody writes as they were typed: their two fields hold the same
    documents, so only one is asked for. Those of `common` words say little, and are long to read: one field will do.
    """
    if question.is_mere_price:
        return Tokens((), (), (), question.required, question.excluded)
    groups: dict[str, Group] = {}
    others: dict[str, Clause] = {}
    for place, word in enumerate(question.folded):
        is_told_apart = question.has_marks and place not in usual
        clause = Clause(FIELD, word, WEIGHTS[FIELD] * (TOLD_APART if is_told_apart else 1.0))
        instead = [
            Clause(FIELD, token, weight) for token, weight in repair.alternatives[place] if token != word
        ]
        if expansion.instead:
            instead += expansion.instead[place]
        if place in question.optional:
            others.setdefault(word, clause)
        else:
            groups[word] = tuple(dict.fromkeys((*groups.get(word, (clause,)), *instead)))
    for word in groups:
        others.pop(word, None)
    return Tokens(
        groups=tuple(groups.values()),
        others=tuple(others.values()),
        extras=tuple(dict.fromkeys((*_extras(question, repair, usual, common), *expansion.extras))),
        required=question.required,
        excluded=question.excluded,
        are_extras_within=bool(groups) and not others and not expansion.extras,
    )


def _extras(
    question: Question, repair: Repair, usual: Collection[int], common: Collection[int]
) -> Sequence[Clause]:
    """Return every token of the question that only adds to the score."""
    folded, written = question.folded, question.written if question.has_marks else ()
    titled = [word for place, word in enumerate(folded) if place not in common]
    telling = [word for place, word in enumerate(written) if place not in usual and place not in common]
    clauses = [*_clauses("title_folded", titled), *_clauses("text_written", telling)]
    for field, worth in PAIR_WEIGHTS.items():
        clauses += [Clause(field, pair, worth) for pair in text.pairs(folded)]
        clauses += [Clause(field, pair, weight * worth) for pair, weight in repair.pairs]
    for place in repair.alternatives:
        clauses += [
            Clause("title_folded", token, weight * WEIGHTS["title_folded"]) for token, weight in place
        ]
    if folded:
        clauses.append(Clause("title_folded", text.pair("", folded[0]), BEGINNING))
    if whole := analysis.whole(list(folded)):
        clauses.append(Clause("title_whole", whole, WHOLE_TITLE))
    return list(dict.fromkeys(clauses))


def _clauses(field: str, words: Sequence[str]) -> list[Clause]:
    return [Clause(field, word, WEIGHTS[field]) for word in words]
