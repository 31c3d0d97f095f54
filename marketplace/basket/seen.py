"""What a buyer saw before sending a form: carried in it, compared with the basket, so that no other is ordered.

One line is "product x quantity @ price : unit : title : ready from", the title as the beginning of its SHA-256, the day
only while it is to come: "12x3@25000:kg:9f86d081884c:". A cooperative with a day of collection adds "c7=2026-12-06".
Whoever writes something else into the form is only shown the basket once more.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final, NamedTuple

from django.utils import timezone

from marketplace.basket.lines import BasketLine, BasketPart
from marketplace.cooperative.models import Cooperative
from marketplace.partner.units import Unit

SEEN: Final = re.compile(
    r"([0-9]{1,18})x([0-9]{1,6})@([0-9]{1,12}):([a-z_]{0,12}):([0-9a-f]{12}):([0-9-]{0,10})"
)
SEEN_DAY: Final = re.compile(r"c([0-9]{1,18})=([0-9-]{10})")
LONGEST: Final = 6_000  # MOST_LINES, each of another cooperative: some 4,500
NO_DAYS: Final[Mapping[int, dt.date | None]] = {}


class _Shown(NamedTuple):
    quantity: int
    price: int
    unit: str
    title: str
    ready_from: str


NOTHING: Final = _Shown(0, 0, "", "", "")


def seen_of(lines: Iterable[Any], days: Mapping[int, dt.date | None] = NO_DAYS) -> str:
    """Return what a buyer who looks at these basket lines sees, as the form carries it.

    ``days`` is the day of collection of each cooperative by its id, None where any day will do.
    """
    return _written({line.product_id: _shown(line) for line in lines}, days)


def seen_in_checkout(parts: Sequence[BasketPart]) -> str:
    """Return what the checkout page shows of the basket: its lines and the days on which they are collected."""
    days = {part.cooperative.pk: part.collection_on for part in parts}
    return seen_of((one.line for one in _lines(parts)), days)


def seen_in_basket(parts: Sequence[BasketPart]) -> str:
    """Return what the basket page shows: it names today's price beside an older one, and the days are not asked yet."""
    return _written({one.line.product_id: _at_todays_price(one) for one in _lines(parts)}, NO_DAYS)


def _written(shown: Mapping[int, _Shown], days: Mapping[int, dt.date | None]) -> str:
    lines = [
        f"{pk}x{one.quantity}@{one.price}:{one.unit}:{one.title}:{one.ready_from}"
        for pk, one in sorted(shown.items())
    ]
    return " ".join(lines + [f"c{pk}={day.isoformat()}" for pk, day in sorted(days.items()) if day])


def _lines(parts: Sequence[BasketPart]) -> list[BasketLine]:
    return [line for part in parts for line in part.lines]


def _shown(line: Any) -> _Shown:
    title = hashlib.sha256(line.product.title.encode()).hexdigest()[:12]
    unit = line.stockrecord.unit if line.stockrecord else ""
    day = line.product.ready_from
    ready_from = day.isoformat() if day and day > timezone.localdate() else ""
    return _Shown(line.quantity, int(line.price_excl_tax or 0), unit, title, ready_from)


def _at_todays_price(one: BasketLine) -> _Shown:
    shown = _shown(one.line)
    if one.stock is None or one.stock.price is None:
        return shown
    return shown._replace(price=int(one.stock.price))


@dataclass(frozen=True, slots=True)
class Change:
    """How one line differs from what was seen: ``was`` units at ``was_price`` before, 0 when it is new.

    A day from which the goods are there is None when they are there already.
    """

    line: BasketLine
    was: int
    was_price: Decimal
    was_unit: str
    price: Decimal
    is_renamed: bool
    has_other_sum: bool
    """Whether quantity, price or unit differ."""
    is_ready_otherwise: bool
    was_ready: dt.date | None
    ready: dt.date | None


@dataclass(frozen=True, slots=True)
class DayChange:
    """Another day of collection than the one that was seen; None: any day from now on, or none was said."""

    cooperative: Cooperative
    was: dt.date | None
    now: dt.date | None


@dataclass(frozen=True, slots=True)
class Changes:
    """Everything that differs from what was seen; ``gone`` is how many of the seen lines are no longer there."""

    lines: Sequence[Change] = ()
    days: Sequence[DayChange] = ()
    gone: int = 0


NO_CHANGES: Final = Changes()


def changes(seen: str, parts: Sequence[BasketPart]) -> Changes:
    """Return how the basket differs from what a checkout page showed (``seen``)."""
    before = _parsed(seen)
    found = []
    for one in _lines(parts):
        was, now = before.pop(one.line.product_id, NOTHING), _shown(one.line)
        if was != now:
            found.append(_change(one, was, now))
    days = _parsed_days(seen)
    both = [DayChange(part.cooperative, days.get(part.cooperative.pk), part.collection_on) for part in parts]
    return Changes(found, [one for one in both if one.was != one.now], len(before))


def changed_offers(seen: str, parts: Sequence[BasketPart], prices: Mapping[int, Decimal]) -> Changes:
    """Return what is offered otherwise (price, unit, name) than a basket page showed it (``seen``).

    How many there are the buyer types herself. A line of which the form says nothing, as in a page that is open since
    before forms did, is compared with ``prices``: those at which the goods were in the basket, by product.
    """
    before = _parsed(seen)
    found = []
    for one in _lines(parts):
        pk, now = one.line.product_id, _at_todays_price(one)
        was = before.get(pk) or now._replace(price=int(prices.get(pk, now.price)))
        was = was._replace(quantity=now.quantity, ready_from=now.ready_from)
        if was != now:
            found.append(_change(one, was, now))
    return Changes(found)


def _change(one: BasketLine, was: _Shown, now: _Shown) -> Change:
    is_new = was == NOTHING
    return Change(
        one,
        was.quantity,
        Decimal(was.price),
        str(Unit(was.unit).label) if was.unit in Unit.values else "",
        Decimal(now.price),
        is_renamed=not is_new and was.title != now.title,
        has_other_sum=was[:3] != now[:3],
        is_ready_otherwise=not is_new and was.ready_from != now.ready_from,
        was_ready=_day(was.ready_from),
        ready=_day(now.ready_from),
    )


def _parsed(seen: str) -> dict[int, _Shown]:
    matches = (SEEN.fullmatch(part) for part in seen[:LONGEST].split(" "))
    return {int(m[1]): _Shown(int(m[2]), int(m[3]), m[4], m[5], m[6]) for m in matches if m}


def _parsed_days(seen: str) -> dict[int, dt.date | None]:
    matches = (SEEN_DAY.fullmatch(part) for part in seen[:LONGEST].split(" "))
    return {int(m[1]): _day(m[2]) for m in matches if m}


def _day(written: str) -> dt.date | None:
    """Return a day as the form writes it; None for none and for anything that is no day ("2026-99-99")."""
    try:
        return dt.date.fromisoformat(written)
    except ValueError:
        return None
