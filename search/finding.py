"""Finds: from what a person typed and chose to a page of results.

All words first; a page that would be short is filled up with what holds some of them. The rows of the hits are read
from the database, so a result that is no longer public is dropped even if the index is late.
"""

import math
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import islice
from typing import Final, NamedTuple

from django.utils import timezone

from search import highlight, registry, together
from search.analysis import number
from search.cursor import Cursor
from search.dictionary import current_rules, shipped_rules
from search.documents import Card, Hit, Key, Results, Value
from search.engines import current_engine
from search.engines.base import MOST_ROWS, NO_FILTERS, Engine, EngineAway, Filters, Found, Query, RawHit, Sort
from search.facets import KIND, LANGUAGE, labels
from search.lexicon import Lexicon, Reading, current_lexicon
from search.pictures import pictures_of
from search.queries import Tokens, tokens
from search.question import Question, read
from search.ranking import Ranked, Reader, near_clauses, needed, rank
from search.repair import Repair, repair
from search.synonyms import Rules, expand

PAGE_SIZE: Final = 12
MOST_WORDS_TOGETHER: Final = 4
"""Up to so many words, what holds all of them comes before what holds some. Longer ones are whole questions: there the
words that matter count, and what happens to hold every word is not the answer (docs/decisions/0012)."""
WINDOW: Final = 60
"""So many of the engine's best are put in order by `ranking` at a time: five pages."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """What a person chose beside the words. Everything comes from the address of the page."""

    filters: Filters = NO_FILTERS
    sort: Sort = Sort.RELEVANCE
    commune: str = ""
    province: str = ""
    """Where the reader is; what is near comes first."""
    cursor: str = ""
    facets: Sequence[str] = (KIND,)
    """What to count."""
    page_size: int = PAGE_SIZE
    is_as_typed: bool = False
    """Look for exactly what was typed: no repairs."""


class Page(NamedTuple):
    """What one page shows, before anything of it is read from the database."""

    hits: Sequence[RawHit]
    """What holds all the words that decide."""
    nearest: Sequence[RawHit]
    counts: Mapping[str, Mapping[str, int]]
    next_cursor: str
    engine: str


def find(
    raw: str,
    chosen: Chosen | None = None,
    *,
    languages: Sequence[str] = (),
    rules: Rules | None = None,
    with_pictures: bool = False,
) -> Results:
    """Return one page of what anybody may see. Never raises for what a person can type.

    `rules` are the synonyms; those of the site unless others are to be tried. Pictures cost one query for each kind.
    """
    chosen = chosen or Chosen()
    rules = current_rules() if rules is None else rules
    asking = Asking(current_engine(), current_lexicon(), raw, chosen, languages, rules)
    try:
        page = asking.page()
    except EngineAway:  # it went away between finding and reading; now the other one answers
        page = asking.page()
    return _results(asking, page, with_pictures=with_pictures)


def how_many(asked: Sequence[tuple[str, Chosen]], *, languages: Sequence[str] = ()) -> list[int]:
    """Return for each of these questions how many things hold all its words and pass its filters."""
    engine, lexicon, rules = current_engine(), current_lexicon(), current_rules()
    return [Asking(engine, lexicon, raw, chosen, languages, rules).total() for raw, chosen in asked]


class Asking:
    """One question to one engine. Without `rules` the synonyms are those that come with the site."""

    def __init__(
        self,
        engine: Engine,
        lexicon: Lexicon,
        raw: str,
        chosen: Chosen,
        languages: Sequence[str] = (),
        rules: Rules | None = None,
    ) -> None:
        self.engine = engine
        self.chosen = chosen
        self.question = read(raw, registry.names())
        words = self.question.folded
        self._lexicon = lexicon
        self._read: dict[int, RawHit] = {}
        reading = None if chosen.is_as_typed else lexicon.open()
        self.expansion = expand(self.question, shipped_rules() if rules is None else rules, reading)
        understood = {place for place, instead in enumerate(self.expansion.instead) if instead}
        understood |= self.question.priced
        written = self.question.written
        self.repair = repair(words, reading, understood, written) if reading else Repair([()] * len(words))
        self.meant = self._as_meant(reading) if reading and self.repair.meant else ""
        self.tokens: Tokens = tokens(
            self.question, self.repair, self.expansion, self._usual(reading), self._common(reading)
        )
        self.filters = _filters(chosen.filters, self.question, languages, chosen.sort)
        self.reader = Reader(timezone.localdate(), self.question.kind or "", chosen.commune, chosen.province)

    def _as_meant(self, reading: Reading) -> str:
        """Return the question as it was probably meant; what was not repaired stays as it was typed, signs and all."""
        question, repaired = self.question, self.repair.meant
        words = [word for parts in repaired for word in parts]
        typed = {}
        place = 0
        for parts, written, folded in zip(repaired, question.written, question.folded, strict=True):
            if question.has_marks and parts == (folded,):
                typed[place] = written
            place += len(parts)
        meant = iter(reading.written(words, typed))
        pieces, end = [], 0
        for parts, span in zip(repaired, question.spans, strict=True):
            pieces += [question.text[end : span[0]], " ".join(islice(meant, len(parts)))]
            end = span[1]
        return "".join((*pieces, question.text[end:]))

    def _usual(self, reading: Reading | None) -> Collection[int]:
        """Return the places of words that are written as nearly everybody writes them."""
        question = self.question
        if reading is None or not question.has_marks:
            return ()
        both = zip(question.written, question.folded, strict=True)
        others = {folded for written, folded in both if not reading.is_usual(written, folded)}
        return [place for place, folded in enumerate(question.folded) if folded not in others]

    def _common(self, reading: Reading | None) -> Collection[int]:
        """Return the places of words of a whole question that very many documents hold."""
        if reading is None or not self.is_long:
            return ()
        return [place for place, word in enumerate(self.question.folded) if reading.is_common(word)]

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to look for: no word, no filter."""
        filters = self.chosen.filters
        is_chosen = filters.values or filters.has_price or filters.ready_by
        return not (self.tokens.groups or is_chosen or self.question.is_mere_price)

    @property
    def is_long(self) -> bool:
        """Whether this is a whole question, answered with what is nearest. A price makes no question of a name."""
        words = len(self.question.folded) - len(self.question.priced)
        return words > MOST_WORDS_TOGETHER and self.chosen.sort is Sort.RELEVANCE

    def total(self) -> int:
        """Return how many hold all the words. Raises EngineAway."""
        if self.is_empty:
            return 0
        counted = self.engine.search(
            self.tokens.query(needs_all=True, filters=self.filters, limit=0), (KIND,)
        )
        return _total(counted.counts.get(KIND, {}), self.filters.values.get(KIND))

    def page(self) -> Page:
        """Return the page that was asked for. Raises EngineAway."""
        if self.is_empty:
            return Page((), (), {}, "", self.engine.name)
        cursor = Cursor.parse(self.chosen.cursor)
        if self.is_long:
            return self._nearest(cursor)
        size = self.chosen.page_size
        start = cursor.start if cursor and cursor.needs_all else 0
        found = self.ask(needs_all=True, start=start, facets=self.chosen.facets)
        hits: Sequence[RawHit] = ()
        next_cursor = ""
        if cursor is None or cursor.needs_all:
            rows, next_cursor = self._after(cursor, found, size)
            hits = found.load([one.row for one in rows])
        nearest: Sequence[RawHit] = ()
        if not next_cursor and not (cursor and cursor.needs_all) and self._may_be_nearer(len(hits)):
            near = self._nearest(None if hits else cursor, hits)
            nearest, next_cursor = near.nearest, near.next_cursor
        return Page(hits, nearest, found.counts, next_cursor, found.engine)

    def _may_be_nearer(self, hits: int) -> bool:
        """Tell whether things with some of the words are worth showing: of two words only when none has both.

        In a list by price or date they would be noise, unless there is nothing else.
        """
        priced = {self.question.folded[place] for place in self.question.priced}
        words = len(self.tokens.groups) + sum(clause.token not in priced for clause in self.tokens.others)
        is_short = hits < self.chosen.page_size if words > 2 else not hits
        return words > 1 and is_short and (self.chosen.sort is Sort.RELEVANCE or not hits)

    def _nearest(self, cursor: Cursor | None, hits: Sequence[RawHit] = ()) -> Page:
        """Return what holds some of the words; behind hits of all words only so many that the page is full.

        Its kinds are counted among the best `WINDOW` only: every other document holds some word of a long question.
        """
        shown = {hit.key for hit in hits}
        size = self.chosen.page_size
        behind = cursor if cursor and not cursor.needs_all else None
        found = self.ask(needs_all=False, start=behind.start if behind else 0)
        rows, next_cursor = self._after(behind, found, size + len(shown), needs_all=False)
        near = [hit for hit in self._load(found, rows) if hit.key not in shown]
        kinds = Counter(row.signals.kind for row in found.rows)
        counts = {kind: kinds[number(kind)] for kind in registry.sources() if kinds[number(kind)]}
        return Page((), near[: size - len(hits)], {KIND: counts}, "" if hits else next_cursor, found.engine)

    def ask(self, *, needs_all: bool, start: int, facets: Sequence[str] = ()) -> Found:
        """Return the engine's best `WINDOW` from `start` on, of what holds all the words or some. Raises EngineAway."""
        return self.engine.search(self.query(needs_all=needs_all, start=start), facets)

    def query(self, *, needs_all: bool, start: int = 0) -> Query:
        """Return what the engine is asked for that."""
        sort = self._sort(needs_all)
        return self.tokens.query(
            needs_all=needs_all,
            filters=self.filters,
            sort=sort,
            near=near_clauses(self.reader) if sort is Sort.NEAREST else (),
            start=start,
            limit=WINDOW,
            signals=needed(self.reader, sort) | (set() if needs_all else {"kind"}),  # kinds are counted there
            is_whole_question=self.is_long,
        )

    def ranked(
        self, found: Found, *, needs_all: bool, start: int = 0, last: Cursor | None = None
    ) -> list[Ranked]:
        """Return the rows of one answer, asked for from `start` on, in the order in which they are shown.

        `last` was the last one shown before. Raises EngineAway.
        """
        ranked = rank(found.rows, self.reader, self._sort(needs_all))
        if not self.is_long or start:
            return ranked
        shown = together.Shown(last.score, last.tie) if last else None
        read = self._load(found, together.first(ranked, shown))
        shares = {number(str(hit.key)): together.share(self._wanted, hit.title, hit.body) for hit in read}
        return together.lifted(ranked, shares, shown)

    @cached_property
    def _wanted(self) -> together.Wanted:
        others = ((clause,) for clause in self.tokens.others)
        return together.wanted((*self.tokens.groups, *others), self._lexicon.open())

    def _load(self, found: Found, ranked: Sequence[Ranked]) -> list[RawHit]:
        """Return the texts of these rows; each is read once. Raises EngineAway."""
        new = [one.row for one in ranked if one.tie not in self._read]
        self._read |= {number(str(hit.key)): hit for hit in found.load(new)}
        return [self._read[one.tie] for one in ranked if one.tie in self._read]

    def _sort(self, needs_all: bool) -> Sort:
        """Return the order that was asked for; what is only near the question is always best first."""
        return self.chosen.sort if needs_all else Sort.RELEVANCE

    def _after(
        self, cursor: Cursor | None, found: Found, size: int, *, needs_all: bool = True
    ) -> tuple[list[Ranked], str]:
        """Return the rows behind the cursor, and the cursor of what follows them.

        A row that was last and is still there marks the place, whatever its score is now; otherwise its score does.
        """
        start = cursor.start if cursor else 0
        ranked = self.ranked(found, needs_all=needs_all, start=start, last=cursor)
        if cursor is not None:
            ranked = cursor.behind(ranked)
        is_full = len(found.rows) == WINDOW and start + WINDOW < MOST_ROWS
        rows = ranked[:size]
        if len(ranked) > size:
            return rows, str(Cursor(needs_all, start, rows[-1].score, rows[-1].tie))
        return rows, str(Cursor(needs_all, start + WINDOW, math.inf, 0)) if is_full else ""


def _filters(chosen: Filters, question: Question, languages: Sequence[str], sort: Sort) -> Filters:
    """Return the chosen filters with the page's languages, and with a price from the words if none was chosen."""
    values = dict(chosen.values)
    if languages:
        values.setdefault(LANGUAGE, tuple(languages))
    least, most, priced_only = chosen.least_vnd, chosen.most_vnd, chosen.priced_only
    if question.price is not None and not chosen.has_price:
        least, most, priced_only = question.price.least_vnd, question.price.most_vnd, False
        if question.is_mere_price:  # nothing else keeps out what has no price
            priced_only = question.kind is None or registry.has_prices(question.kind)
            if not priced_only:
                values.setdefault(KIND, (str(question.kind),))
    if sort is Sort.CHEAPEST:  # what has no price is neither cheap nor dear
        least, priced_only = least or 0, True
    return replace(chosen, values=values, least_vnd=least, most_vnd=most, priced_only=priced_only)


def _results(asking: Asking, page: Page, *, with_pictures: bool) -> Results:
    question = asking.question
    cards = cards_of([hit.key for hit in (*page.hits, *page.nearest)])
    images = pictures_of(cards) if with_pictures else {}
    shown = [word for place, word in enumerate(question.written) if place not in question.optional]
    repaired = enumerate(asking.repair.meant)
    meant = [word for place, parts in repaired if place not in question.optional for word in parts]
    matcher = highlight.Matcher((*shown, *meant, *asking.expansion.words))
    return Results(
        text=question.text,
        hits=_hits(page.hits, cards, images, matcher),
        nearest=_hits(page.nearest, cards, images, matcher),
        total=0 if asking.is_long else _total(page.counts.get(KIND, {}), asking.filters.values.get(KIND)),
        is_counted=not asking.is_long,
        facets=_facets(page.counts, asking.chosen.filters),
        meant=asking.meant,
        next_cursor=page.next_cursor,
        engine=page.engine,
        is_understood=not asking.is_empty,
        price_vnd=None if asking.chosen.filters.has_price else question.price,
        without_price=question.without_price,
        kind=question.kind or "",
    )


def _total(kinds: Mapping[str, int], chosen: Sequence[str] | None) -> int:
    return sum(kinds.get(kind, 0) for kind in registry.sources() if not chosen or kind in chosen)


def _facets(counts: Mapping[str, Mapping[str, int]], filters: Filters) -> dict[str, Sequence[Value]]:
    """Return the values of each facet that have a name, most frequent first; chosen ones also with nothing in them."""
    chosen = filters.values
    values = {
        name: list(dict.fromkeys((*counts.get(name, ()), *chosen.get(name, ()))))
        for name in dict.fromkeys((*counts, *chosen))
    }
    known = labels(values)
    return {
        name: [
            Value(
                value, known[name][value], counts.get(name, {}).get(value, 0), value in chosen.get(name, ())
            )
            for value in found
            if value in known[name]
        ]
        for name, found in values.items()
    }


def _hits(
    raw_hits: Sequence[RawHit],
    cards: Mapping[Key, Card],
    images: Mapping[Key, str],
    matcher: highlight.Matcher,
) -> list[Hit]:
    sources = registry.sources()
    return [
        Hit(
            key=raw.key,
            label=sources[raw.key.kind].label,
            template_name=sources[raw.key.kind].template_name,
            card=card,
            title=matcher.pieces(card.title),
            excerpt=matcher.excerpt(card.summary, raw.body),
            image=images.get(raw.key, ""),
        )
        for raw in raw_hits
        if (card := cards.get(raw.key)) is not None
    ]


def cards_of(keys: Sequence[Key]) -> Mapping[Key, Card]:
    """Return the cards of what is still public: one call, one query, for each kind."""
    return {
        Key(source.kind, str(pk)): card
        for source, ids in registry.by_source(keys)
        for pk, card in source.cards(ids).items()
    }
