"""Explains one result: what was understood, which tokens match and what they are worth, and where it comes to stand."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain

from search import ranking, registry
from search.analysis import number
from search.documents import Key, SearchDocument
from search.engines.base import MOST_ROWS, Clause
from search.engines.inspection import Inspection
from search.finding import WINDOW, Asking
from search.indexing import read_again
from search.ranking import Ranked, Signal
from search.signals import digest, signals_of


@dataclass(frozen=True, slots=True)
class Explained:
    """Everything there is to say of one question and one document."""

    asking: Asking
    index: Inspection
    key: Key
    document: SearchDocument | None
    """None: nobody may see it."""
    is_indexed: bool
    is_outdated: bool
    parts: Sequence[tuple[Clause, float]]
    """Tokens that are in it, and what each adds to the score of the words."""
    missing: Sequence[str]
    """Deciding words that are not in it, with nothing that may stand for them."""
    against: Sequence[str] = ()
    """Why it is left out although its words match."""
    signals: Sequence[tuple[Signal, float]] = ()
    place: int = 0
    """In the list, from 1; 0: not among the first `MOST_ROWS`."""
    ranked: Ranked | None = field(default=None)
    holds_all: bool = False
    """Whether it stands among what holds all words; otherwise behind, among what is near."""

    @property
    def words_score(self) -> float:
        """What the words are worth: the engine's score."""
        return self.ranked.row.score if self.ranked else sum(score for _, score in self.parts)

    @property
    def together(self) -> float:
        """What it gains because the words of a whole question stand together in it."""
        return self.ranked.together if self.ranked else 1.0

    @property
    def score(self) -> float:
        """The score of the words times every factor."""
        result = self.words_score * self.together
        for _, factor in self.signals:
            result *= factor
        return result


def explain(asking: Asking, index: Inspection, key: Key) -> Explained:
    """Return what one engine makes of a question and a document. Raises EngineAway."""
    document = next(iter(read_again([key]).upserts), None)
    held = index.digests([key]).get(key)
    tokens = asking.tokens
    clauses = list(dict.fromkeys((*chain(*tokens.groups), *tokens.others, *tokens.extras)))
    scores = dict(zip(clauses, index.scores(clauses, key), strict=True))
    parts = [(clause, score) for clause, score in scores.items() if score is not None]
    missing = [group[0].token for group in tokens.groups if all(scores[one] is None for one in group)]
    place, ranked, holds_all = _place(asking, key)
    signals = ranked.row.signals if ranked else signals_of(document) if document else None
    return Explained(
        asking=asking,
        index=index,
        key=key,
        document=document,
        is_indexed=held is not None,
        is_outdated=document is not None and held is not None and held != digest(document),
        parts=sorted(parts, key=lambda part: -part[1]),
        missing=missing,
        against=list(_against(asking, index, key, document)),
        signals=ranking.explain(signals, asking.reader) if signals else (),
        place=place,
        ranked=ranked,
        holds_all=holds_all,
    )


def _against(asking: Asking, index: Inspection, key: Key, document: SearchDocument | None) -> Iterator[str]:
    tokens, filters = asking.tokens, asking.filters
    for clause, score in zip(tokens.required, index.scores(tokens.required, key), strict=True):
        if score is None:
            yield f"does not hold {_readable(clause.token)!r}, which was in quotes"
    for clause, score in zip(tokens.excluded, index.scores(tokens.excluded, key), strict=True):
        if score is not None:
            yield f"holds {_readable(clause.token)!r}, which was not wanted"
    if document is None:
        return
    for name, wanted in filters.values.items():
        if not set(wanted) & set(document.facet_values().get(name, [])):
            yield f"{name} is not {' or '.join(wanted)}"
    price = document.price_vnd
    if not filters.has_price or (price is None and not filters.priced_only):
        return
    least, most = filters.least_vnd or 0, filters.most_vnd
    if price is None or price < least or (most is not None and price > most):
        yield f"its price is {'not known' if price is None else price}"


def _place(asking: Asking, key: Key) -> tuple[int, Ranked | None, bool]:
    """Return its place in the list as `finding` makes it, its row, and whether it holds all deciding words."""
    tie = number(str(key))
    if asking.is_empty:
        return 0, None, False
    for needs_all in (False,) if asking.is_long else (True, False):
        place = 0
        for start in range(0, MOST_ROWS, WINDOW):
            found = asking.ask(needs_all=needs_all, start=start)
            for one in asking.ranked(found, needs_all=needs_all, start=start):
                place += 1
                if one.tie == tie:
                    return place, one, needs_all
            if len(found.rows) < WINDOW:
                break
    return 0, None, False


def understood(asking: Asking) -> list[tuple[str, str]]:
    """Return what was made of the question: names and values for a table."""
    question, repair = asking.question, asking.repair
    optional = [question.written[place] for place in sorted(question.optional)]
    found = [("words", " ".join(question.written))]
    if optional:
        found.append(("need not be there", " ".join(optional)))
    for word, instead in zip(question.folded, repair.alternatives, strict=True):
        if instead:
            found.append(
                (f"for {word}", ", ".join(f"{_readable(one)} ({weight:g})" for one, weight in instead))
            )
    if asking.expansion.words:
        found.append(("synonyms", " ".join(asking.expansion.words)))
    if asking.meant:
        found.append(("probably meant", asking.meant))
    for name, clauses in (("in quotes", question.required), ("unwanted", question.excluded)):
        if clauses:
            found.append((name, ", ".join(_readable(clause.token) for clause in clauses)))
    if question.price:
        least, most = question.price
        found.append(("price", f"{least or 0} to {'any' if most is None else most} đồng"))
    if question.kind:
        source = registry.get(question.kind)
        found.append(("kind", f"{question.kind} ({source.label if source else ''})"))
    how = "a whole question: what is nearest" if asking.is_long else "all words first, then what is near"
    found.append(("answered with", how))
    return found


def _readable(token: str) -> str:
    return token.strip("_").replace("_", " ")
