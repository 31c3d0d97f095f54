"""The site's synonyms, ready to use: the shipped list, what staff made of it, and places before the merger.

Read once per process. A stamp tells when staff changed something; asking for it costs one read of the cache a second,
never a query.
"""

import logging
import threading
import time
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Any, Final, NamedTuple

from django.db import DatabaseError

from base.pagecache import generations
from search import former_places
from search.synonyms import Phrase, Rule, Rules

log = logging.getLogger(__name__)

LIST: Final = Path(__file__).resolve().parent / "data" / "dialect.toml"
STAMP: Final = "synonyms"
REST_S: Final = 1.0
"""A change is seen by other processes after so many seconds at most."""


SEPARATOR: Final = ","


class Entry(NamedTuple):
    """One line of the shipped list."""

    key: str
    words: tuple[str, ...]
    found: tuple[str, ...]
    """Empty: all words stand for each other."""


def parted(line: str) -> list[str]:
    """Return the phrases of a line, "bắp, ngô" -> ["bắp", "ngô"]."""
    return [phrase for one in line.split(SEPARATOR) if (phrase := " ".join(one.split()))]


def rules_of(words: Sequence[str], found: Sequence[str]) -> list[Rule]:
    """Return the rules of one entry: each word finds the others, or, if there is something to find, that."""
    phrases = [Phrase.of(word) for word in words]
    if found:
        targets = tuple(Phrase.of(word).written for word in found)
        return [Rule(phrase, targets) for phrase in phrases]
    return [
        Rule(phrase, tuple(other.written for other in phrases if other.written != phrase.written))
        for phrase in phrases
    ]


@cache
def shipped_entries() -> tuple[Entry, ...]:
    """Return the list that comes with the site."""
    data = tomllib.loads(LIST.read_text(encoding="utf-8"))
    entries = []
    for kind, subjects in data.items():
        for line in chain(*subjects.values()):
            typed, _, found = (side.strip() for side in line.partition("→"))
            words = tuple(parted(typed))
            entries.append(Entry(f"{kind}:{words[0]}", words, tuple(parted(found))))
    return tuple(entries)


@cache
def shipped_rules() -> Rules:
    """Return the rules that need no database: the shipped list, and districts before the merger."""
    listed = [rule for entry in shipped_entries() for rule in rules_of(entry.words, entry.found)]
    return Rules((*listed, *_districts()))


@cache
def _districts() -> tuple[Rule, ...]:
    return tuple(former_places.of_districts())


def current_rules() -> Rules:
    """Return the rules of the site as staff have made them."""
    return _site.current()


def changed() -> None:
    """Say in the transaction that changes a synonym that rules are to be read again, and pages made again."""
    from search.indexing import STAMP as RESULTS

    generations.bump(STAMP, RESULTS)


def load_shipped(model: Any) -> int:
    """Bring the rows of the shipped list up to date, except those that staff changed; return how many changed."""
    known = {row.shipped_as: row for row in model.objects.exclude(shipped_as=None)}
    new, old = [], []
    for entry in shipped_entries():
        values = {
            "kind": "one-way" if entry.found else "same",
            "words": ", ".join(entry.words),
            "finds": ", ".join(entry.found),
        }
        row = known.pop(entry.key, None)
        if row is None:
            new.append(model(shipped_as=entry.key, **values))
        elif row.changed_at is None and any(getattr(row, name) != value for name, value in values.items()):
            for name, value in values.items():
                setattr(row, name, value)
            old.append(row)
    gone = [row.pk for row in known.values() if row.changed_at is None]
    model.objects.bulk_create(new)
    model.objects.bulk_update(old, ["kind", "words", "finds"])
    model.objects.filter(pk__in=gone).delete()
    return len(new) + len(old) + len(gone)


def load_after_migrate(*, apps: Any, **kwargs: Any) -> None:
    """Receiver of Django's `post_migrate`."""
    try:
        model = apps.get_model("site_search", "Synonym")
    except LookupError:  # migrated back to before there were any
        return
    is_first = (
        not model.objects.exists()
    )  # then nobody has read any, and a new site begins with an empty outbox
    if load_shipped(model) and not is_first:
        changed()


def forget() -> None:
    """Read the rules again at the next search of this process."""
    _site.forget()


@dataclass(frozen=True, slots=True)
class _Known:
    rules: Rules
    token: str


class _Site:
    """The rules of the database in this process; safe for several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.forget()

    def forget(self) -> None:
        self._known: _Known | None = None
        self._fresh_until = 0.0

    def current(self) -> Rules:
        known = self._known
        if known is not None and time.monotonic() < self._fresh_until:
            return known.rules
        if not self._lock.acquire(blocking=known is None):
            return known.rules if known else shipped_rules()  # another thread is reading; nobody waits for it
        try:
            return self._read_again()
        finally:
            self._lock.release()

    def _read_again(self) -> Rules:
        known = self._known
        self._fresh_until = time.monotonic() + REST_S
        token = generations.read([STAMP])[STAMP]  # before the rows: what changes meanwhile is read next time
        if known is None or known.token != token:
            try:
                known = self._known = _Known(_read(), token)
            except DatabaseError:  # search goes on with what it knows
                log.exception("synonyms cannot be read")
                return known.rules if known else shipped_rules()
        return known.rules


_site = _Site()


def rules_with(typed: Sequence[str], found: Sequence[str], *, instead_of: Any = None) -> Rules:
    """Return the site's rules with one more synonym, and without the one that it replaces. For a preview."""
    return _read(rules_of(typed, found), without=instead_of.pk if instead_of else 0)


def _read(more: Sequence[Rule] = (), without: int = 0) -> Rules:
    from search.models import Synonym

    rows = Synonym.objects.filter(is_active=True).exclude(pk=without)
    made = [rule for row in rows for rule in rules_of(row.typed_phrases, row.found_phrases)]
    communes = former_places.of_communes(_communes())
    return Rules((*more, *made, *_districts(), *communes))


def _communes() -> Iterable[former_places.TodaysCommune]:
    from base.places.models import Commune

    rows = Commune.objects.values_list("name", "province__name", "former_names")
    return [
        former_places.TodaysCommune(name, province, tuple(filter(None, former.split(";"))))
        for name, province, former in rows
    ]
