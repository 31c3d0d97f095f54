"""Names of places before 1 July 2025, as rules: what was typed finds what the place is called today.

Only whole names count. A name that several places had counts only beside its province; one that a commune bears today
means that commune, unless a province that is gone stands beside it. Source: docs/data-sources.md.
"""

import csv
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

from search.synonyms import Phrase, Rule

DISTRICTS: Final = Path(__file__).resolve().parent / "data" / "former_districts.csv"
KINDS: Final = ("thành phố", "thị xã", "thị trấn", "phường", "huyện", "quận", "tỉnh", "xã")
SHORT: Final = {"thành phố": "tp", "thị xã": "tx", "thị trấn": "tt"}
FEWEST_WORDS: Final = 2
"""A name of one word, without what kind of place it was, is a word like any other."""

Folded = tuple[str, ...]


class Former(NamedTuple):
    """A place that was: what it was called, where, and what stands there now."""

    kind: str
    name: str
    today: tuple[str, ...]
    provinces: tuple[str, ...]
    """The one it lay in, and the one it lies in now."""


class TodaysCommune(NamedTuple):
    """A commune of today with the full names of what it was made from."""

    name: str
    province: str
    former_names: tuple[str, ...]


def of_districts() -> list[Rule]:
    """Return the rules of provinces and districts that are gone."""
    rows = _rows()
    provinces = {row["province"]: row["province_today"] for row in rows}
    rules = [
        Rule(Phrase.of(typed), (_words(today),))
        for full, today in provinces.items()
        if _name(full) != today
        for typed in _ways_to_type(*_parted(full))
    ]
    districts = [
        Former(*_parted(row["district"]), tuple(row["communes_today"].split(";")), _provinces(row))
        for row in rows
    ]
    gone = {_folded(_name(full)) for full, today in provinces.items() if _name(full) != today}
    present = {_folded(name) for row in rows for name in row["communes_today"].split(";")}
    present |= {_folded(name) for row in rows for name in _provinces(row)}
    return rules + list(_rules(districts, present, gone))


def of_communes(communes: Iterable[TodaysCommune]) -> list[Rule]:
    """Return the rules of communes that are gone."""
    known = list(communes)
    today: dict[tuple[str, str], list[str]] = defaultdict(list)
    for commune in known:
        for former in commune.former_names:
            today[former, commune.province].append(commune.name)
    formers = [Former(*_parted(full), tuple(names), (province,)) for (full, province), names in today.items()]
    present = {_folded(commune.name) for commune in known}
    own = {(_folded(commune.name), commune.province) for commune in known}
    gone = [one for one in formers if (_folded(one.name), one.provinces[0]) not in own]
    return list(_rules(gone, present, set()))


def _rules(places: Iterable[Former], present: set[Folded], gone: set[Folded]) -> Iterator[Rule]:
    """Yield what to type for each place. `present` are names borne today, `gone` those of provinces that are not."""
    places = list(places)
    provinces_of: dict[tuple[str, Folded], set[str]] = defaultdict(set)
    for place in places:
        for kind in (place.kind, ""):
            provinces_of[kind, _folded(place.name)].add(place.provinces[0])
    for place in places:
        name = _folded(place.name)
        found = tuple(map(_words, place.today))
        beside = frozenset(map(_folded, place.provinces))
        is_one = len(provinces_of[place.kind, name]) == 1
        for typed in _ways_to_type(place.kind, place.name)[:-1]:
            yield Rule(Phrase.of(typed), found, frozenset() if is_one else beside)
        if len(name) < FEWEST_WORDS or name in beside:
            continue
        if name not in present:
            is_one = len(provinces_of["", name]) == 1
            yield Rule(Phrase.of(place.name), found, frozenset() if is_one else beside)
        elif beside & gone:
            yield Rule(Phrase.of(place.name), found, beside & gone)


def _ways_to_type(kind: str, name: str) -> list[str]:
    """Return how a place is typed: with its kind, with its kind in short, and bare (last)."""
    short = [f"{SHORT[kind]} {name}"] if kind in SHORT else []
    return [f"{kind} {name}", *short, name]


@cache
def _rows() -> tuple[dict[str, str], ...]:
    with DISTRICTS.open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))


def _provinces(row: dict[str, str]) -> tuple[str, ...]:
    return _name(row["province"]), row["province_today"]


def _parted(full: str) -> tuple[str, str]:
    lower = full.lower()
    kind = next((kind for kind in KINDS if lower.startswith(f"{kind} ")), "")
    return kind, full[len(kind) :].strip()


def _name(full: str) -> str:
    return _parted(full)[1]


def _words(name: str) -> tuple[str, ...]:
    return Phrase.of(name).written


def _folded(name: str) -> Folded:
    return Phrase.of(name).folded
