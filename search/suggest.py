"""Completion while typing: half a word becomes up to six things or searches, out of the titles in the index.

The index only tells where to look. Every suggestion is read from the database, its text from a title that anybody may
see at this moment: what was withdrawn is not suggested, not even while the index still knows it.
"""

import unicodedata
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Final, NamedTuple, cast
from urllib.parse import urlencode

import tantivy
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from search import analysis, registry, text
from search.documents import Card, Key
from search.engines import embedded_engine
from search.engines.base import Row
from search.engines.embedded_schema import SCHEMA, are_all_in, signals_at, title_at
from search.facets import LANGUAGE
from search.finding import cards_of
from search.pictures import pictures_of
from search.ranking import Reader, needed, rank

MOST: Final = 6
LEAST_LETTERS: Final = 2
LONGEST: Final = 60
"""Characters. Who has typed more asks a question and completes no name."""
LONGEST_TEXT: Final = 80
"""Characters of a title that are shown, up to the end of a word."""
WHOLE, TAILS, WORDS, WRITTEN = "title_whole", "title_tails", "title_folded", "text_written"
_LOOKED_UP: Final = 8
"""So many titles, and so many ends of titles, are listed for one beginning."""
_FOLLOWED: Final = 12
"""So many of them are followed to the things that bear them."""
_BEARERS: Final = 3
"""So many things of one title are read: one is left when others are gone, and all of them together are a search."""
_COMMON: Final = 300
"""Titles. To list what goes on in more of them takes a microsecond for each; then some of them are read instead."""
_LOOKED_AT, _READ = 100, 16
"""So many things of a common beginning are looked at, the shortest titles first, and so many titles read."""
_ENDINGS: Final = 8
_CONTINUED: Final = 64
"""So many words that the half one may become are looked for where the beginning is common."""
_COMPLETED: Final = 3


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One line below the box: a thing, or a search for words that several things have in their names."""

    text: str
    label: str
    """What people call its kind."""
    url: str
    icon: str
    image: str = ""
    """Address of a small square picture, if it has one."""
    language: str = "vi"


class Typed(NamedTuple):
    """The words so far. The last one is half, unless a space follows it."""

    written: Sequence[str]
    folded: Sequence[str]
    is_open: bool

    @property
    def beginning(self) -> str:
        """How the titles looked for begin, in the index's way of writing them."""
        return text.JOINT.join(self.folded) + ("" if self.is_open else text.JOINT)


Hits = list[tuple[float, tantivy.DocAddress]]


class Lead(NamedTuple):
    """Where to look: keys of things, the best first, and what part of their title brought them here."""

    part: Sequence[str]
    """Folded words; empty when the words stand in the title in another order."""
    keys: Sequence[Key]


class Found(NamedTuple):
    """A thing whose title goes on as the words do."""

    key: Key
    card: Card
    name: tuple[str, ...]
    """The folded words of its title, by which the same names are known."""
    part: str
    """What part of the title was looked for, as written; the whole title when that begins with it."""
    fits: bool
    """Whether the marks that were typed are in it."""


class Line(NamedTuple):
    """What is shown: a thing, or a search for these words."""

    name: str
    """Folded: the same name is shown once."""
    words: str
    is_search: bool
    bearer: Found
    """The best thing of this name."""


def suggest(raw: str, languages: Collection[str] = (), *, with_pictures: bool = True) -> list[Suggestion]:
    """Return what may be meant, the likeliest first. Never raises for what a person can type."""
    typed = read(raw)
    searcher = embedded_engine().searcher()  # it alone knows the ends of titles
    if typed is None or searcher is None:
        return []
    leads = Looking(searcher, typed, languages).leads()
    cards = cards_of(list(dict.fromkeys(chain.from_iterable(lead.keys for lead in leads))))
    fitting: dict[str, Line] = {}
    others: dict[str, Line] = {}
    for line in (one for lead in leads for one in _lines(lead, _found(lead, cards, typed), typed)):
        (fitting if line.bearer.fits else others).setdefault(line.name, line)
        if len(fitting) == MOST:
            break
    chosen = list((fitting or others).values())[:MOST]
    images = pictures_of({line.bearer.key: line.bearer.card for line in chosen}) if with_pictures else {}
    return [_suggestion(line, images.get(line.bearer.key, "")) for line in chosen]


def read(raw: str) -> Typed | None:
    """Return the words typed so far, or None when they are too few or too many to complete."""
    clean = text.clean(raw[: 3 * LONGEST]).lower()
    written = text.words(clean)
    folded = text.fold_words(written)
    if len("".join(folded)) < LEAST_LETTERS or len(clean.strip()) > LONGEST:
        return None
    return Typed(written, folded, is_open=not clean[-1:].isspace())


class Looking:
    """One question to one state of the index. Nothing of the database is read here."""

    def __init__(self, searcher: tantivy.Searcher, typed: Typed, languages: Collection[str]) -> None:
        self._searcher = searcher
        self._typed = typed
        self._reader = Reader(timezone.localdate())
        is_any = not languages or are_all_in(searcher, languages)
        self._languages = [] if is_any else [_must(*(_term(LANGUAGE, name) for name in languages))]

    def leads(self) -> list[Lead]:
        """Return names that begin so, names that go on so from a later word, names that hold the words anyhow."""
        starts: list[str] = []
        for beginning in self._beginnings():
            if len(starts) < MOST:
                starts += self._listed(WHOLE, beginning)
        ends = [one for one in self._listed(TAILS, self._typed.beginning) if one not in starts]
        parts = dict.fromkeys((*starts[: MOST - 2], *ends[:MOST], *starts[MOST - 2 :]))
        found = [(one.split(text.JOINT), self._bearers(one)) for one in list(parts)[:_FOLLOWED]]
        if len(found) < MOST and len(self._typed.folded) > 1:
            found.append(([], self._anyhow()))
        return self._ranked(found)

    def _beginnings(self) -> list[str]:
        """Return how titles may begin. A half word with marks is completed first: "đậ" is not the beginning of "đá"."""
        typed = self._typed
        if not typed.is_open or typed.written[-1] == typed.folded[-1]:
            return [typed.beginning]
        words = self._searcher.terms_with_prefix(WRITTEN, typed.written[-1], None, _COMPLETED)
        ends = dict.fromkeys(text.fold(word) for word, _ in words)
        return [*(text.JOINT.join((*typed.folded[:-1], end)) for end in ends), typed.beginning]

    def _listed(self, field: str, beginning: str) -> list[str]:
        """Return whole titles, or ends of titles, that begin so, the most frequent first."""
        endings = self._endings(field, beginning)
        if sum(count for _, count in endings) <= _COMMON:
            listed = self._searcher.terms_with_prefix(field, beginning, None, _LOOKED_UP)
            return [token for token, _ in listed]
        found = {
            token: self._searcher.doc_freq(field, token)
            for title in self._titles(field, beginning, [token for token, _ in endings])
            for token in (analysis.tails(title) if field == TAILS else [analysis.whole(title)])
            if token.startswith(beginning)
        }
        return sorted(found, key=lambda token: (-found[token], token))[:_LOOKED_UP]

    def _endings(self, field: str, beginning: str) -> list[tuple[str, int]]:
        """Return what the last word may become, in a pair with what stands before it, and how many titles hold that."""
        *before, last = _words(field, beginning)[-2:]
        token = text.pair(before[0], last) if before else last
        if beginning.endswith(text.JOINT):
            return [(token, self._searcher.doc_freq(WORDS, token))]
        return self._searcher.terms_with_prefix(WORDS, token, None, _CONTINUED)

    def _titles(self, field: str, beginning: str, endings: Sequence[str]) -> Iterator[list[str]]:
        """Yield the folded words of titles that begin or go on so: names that several bear, then the shortest ones."""
        parts = [_must(_term(WORDS, pair)) for pair in text.pairs(_words(field, beginning)[:-1])]
        parts.append(_must(*(_term(WORDS, token) for token in endings)))
        query = _all(*parts, *self._languages)
        bearers: dict[float | None, tantivy.DocAddress] = {
            name: self._bearer(name) for name in self._shared_names(query)
        }
        hits = self._searcher.search(query, _LOOKED_AT, count=False).hits
        addresses = [address for _, address in hits]
        for name, address in zip(self._searcher.fast_field_values("name", addresses), addresses, strict=True):
            if len(bearers) == _READ:
                break
            bearers.setdefault(name, address)
        for address in bearers.values():
            yield text.fold_words(text.split(title_at(self._searcher, address)))

    def _shared_names(self, query: tantivy.Query) -> list[int]:
        """Return the names that most of what is found bears, if more than one thing does."""
        names = {"terms": {"field": "name", "size": MOST}}
        buckets = self._searcher.aggregate(query, {"names": names})["names"]["buckets"]
        return [int(bucket["key"]) for bucket in buckets if bucket["doc_count"] > 1]

    def _bearer(self, name: int) -> tantivy.DocAddress:
        query = tantivy.Query.term_query(SCHEMA, "name", name, "basic")
        return self._searcher.search(query, 1, count=False).hits[0][1]

    def _bearers(self, token: str) -> Hits:
        """Return some of what has a title that ends so."""
        query = _term(TAILS, token)
        if self._languages:
            query = _all((tantivy.Occur.Must, query), *self._languages)
        hits = self._searcher.search(query, _BEARERS, count=False).hits
        return [(1.0, address) for _, address in hits]

    def _anyhow(self) -> Hits:
        """Return what holds all words in its title in any order, the last one as the beginning of a word."""
        *others, last = self._typed.folded
        endings = [(last, 0)]
        if self._typed.is_open:
            endings = self._searcher.terms_with_prefix(WORDS, last, None, _ENDINGS)
        parts = [_must(_term(WORDS, word)) for word in others]
        parts.append(_must(*(_term(WORDS, word) for word, _ in endings)))
        return self._searcher.search(_all(*parts, *self._languages), 2 * MOST, count=False).hits

    def _ranked(self, found: Sequence[tuple[Sequence[str], Hits]]) -> list[Lead]:
        """Return the leads with their keys, the best of each first. Signals of all are read at once."""
        addresses = [address for _, hits in found for _, address in hits]
        if not addresses:
            return []
        signals = iter(signals_at(self._searcher, addresses, needed(self._reader)))
        leads = []
        for part, hits in found:
            rows = [Row(score, next(signals), address) for score, address in hits]
            ranked = [cast(tantivy.DocAddress, one.row.handle) for one in rank(rows, self._reader)]
            keys = [self._searcher.doc(address).get_first("key") or "" for address in ranked]
            leads.append(Lead(part, [Key.parse(key) for key in keys]))
        return leads


def _found(lead: Lead, cards: Mapping[Key, Card], typed: Typed) -> Iterator[Found]:
    """Yield what is still public and still has such a title: the index may be late."""
    for key in lead.keys:
        card = cards.get(key)
        if card is None:
            continue
        title = text.clean(card.title)
        spans = list(text.word_spans(title))
        written = [title[start:end].lower() for start, end in spans]
        folded = text.fold_words(written)
        if not lead.part:
            if _holds(typed, written, folded):
                yield Found(key, card, tuple(folded), title, fits=True)
            continue
        size = len(lead.part)
        places = [start for start in range(len(folded)) if folded[start : start + size] == lead.part]
        if places:
            place = places[-1]
            fits = all(map(_fits, typed.written, written[place:]))
            part = title if place == 0 else title[spans[place][0] : spans[place + size - 1][1]]
            yield Found(key, card, tuple(folded), part, fits)


def _lines(lead: Lead, found: Iterable[Found], typed: Typed) -> Iterator[Line]:
    """Yield each thing; the same name of several things, and the same part of many names, as a search for it."""
    names: dict[tuple[str, ...], list[Found]] = {}
    for one in found:
        names.setdefault(one.name, []).append(one)
    if lead.part and len(names) == _BEARERS:
        if list(lead.part) != list(typed.folded):
            bearers = [one for same in names.values() for one in same]
            best = next((one for one in bearers if one.fits), bearers[0])
            yield Line(" ".join(lead.part), best.part, is_search=True, bearer=best)
        return
    for name, same in names.items():
        title = " ".join(same[0].card.title.split())
        yield Line(" ".join(name), title, is_search=len(same) > 1, bearer=same[0])


def _suggestion(line: Line, image: str) -> Suggestion:
    card = line.bearer.card
    if line.is_search:
        url = f"{reverse('search_pages:results')}?{urlencode({'q': line.words})}"
        return Suggestion(_cut(line.words), gettext("Find"), url, "search", image, card.language)
    label = str(registry.sources()[line.bearer.key.kind].label)
    icon = str(card.extra.get("icon") or "search")
    return Suggestion(_cut(line.words), label, card.url, icon, image, card.language)


def _cut(title: str) -> str:
    if len(title) <= LONGEST_TEXT:
        return title
    return title[:LONGEST_TEXT].rpartition(" ")[0] + " …"


def _fits(typed: str, written: str) -> bool:
    """Tell whether a word may become another by typing on: its letters begin it, each with no mark that is not there.

    The tone of a syllable is often typed last: "mâ" may become "mật".
    """
    mine, other = _letters(typed), _letters(written)
    return len(mine) <= len(other) and all(
        letter == base and marks <= its_marks
        for (letter, marks), (base, its_marks) in zip(mine, other, strict=False)
    )


def _holds(typed: Typed, written: Sequence[str], folded: Sequence[str]) -> bool:
    """Tell whether each word has a word of its own in the title."""
    left = list(zip(written, folded, strict=True))
    for place, (mine, plain) in enumerate(zip(typed.written, typed.folded, strict=True), 1):
        is_half = typed.is_open and place == len(typed.folded)
        its_own = [
            one
            for one in left
            if (one[1].startswith(plain) if is_half else one[1] == plain) and _fits(mine, one[0])
        ]
        if not its_own:
            return False
        left.remove(its_own[0])
    return True


def _letters(word: str) -> list[tuple[str, set[str]]]:
    """Return each letter with its marks; the bar of đ and ƀ is one."""
    found: list[tuple[str, set[str]]] = []
    for character in unicodedata.normalize("NFD", word):
        if unicodedata.combining(character) and found:
            found[-1][1].add(character)
        else:
            plain = text.fold(character) or character
            found.append((plain, {"-"} if plain != character else set()))
    return found


def _words(field: str, beginning: str) -> list[str]:
    """Return the words of a beginning; of a whole title with the nothing that stands before its first word."""
    words = beginning.removesuffix(text.JOINT).split(text.JOINT)
    return ["", *words] if field == WHOLE else words


def _term(field: str, token: str) -> tantivy.Query:
    return tantivy.Query.term_query(SCHEMA, field, token, "basic")


def _must(*either: tantivy.Query) -> tuple[tantivy.Occur, tantivy.Query]:
    if len(either) == 1:
        return tantivy.Occur.Must, either[0]
    return tantivy.Occur.Must, tantivy.Query.boolean_query([(tantivy.Occur.Should, one) for one in either])


def _all(*parts: tuple[tantivy.Occur, tantivy.Query]) -> tantivy.Query:
    return tantivy.Query.boolean_query(list(parts))
