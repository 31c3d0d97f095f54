"""What a buyer saw before sending the order: carried in the form, compared with the basket, so that no other is placed.

One line is "product x quantity @ price : unit : title : ready from", the title as the beginning of its SHA-256, the day
only while it is to come: "12x3@25000:kg:9f86d081884c:". Whoever writes something else into the form is only shown the
basket once more.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final, NamedTuple

from django.utils import timezone

from marketplace.basket.lines import BasketLine
from marketplace.partner.units import Unit

SEEN: Final = re.compile(
    r"([0-9]{1,18})x([0-9]{1,6})@([0-9]{1,12}):([a-z_]{0,12}):([0-9a-f]{12}):([0-9-]{0,10})"
)
LONGEST: Final = 4_000


class _Shown(NamedTuple):
    quantity: int
    price: int
    unit: str
    title: str
    ready_from: str


NOTHING: Final = _Shown(0, 0, "", "", "")


def seen_of(lines: Iterable[Any]) -> str:
    """Return what a buyer who looks at these basket lines sees, as the form carries it."""
    shown = sorted((line.product_id, _shown(line)) for line in lines)
    return " ".join(
        f"{pk}x{one.quantity}@{one.price}:{one.unit}:{one.title}:{one.ready_from}" for pk, one in shown
    )


def _shown(line: Any) -> _Shown:
    title = hashlib.sha256(line.product.title.encode()).hexdigest()[:12]
    unit = line.stockrecord.unit if line.stockrecord else ""
    day = line.product.ready_from
    ready_from = day.isoformat() if day and day > timezone.localdate() else ""
    return _Shown(line.quantity, int(line.price_excl_tax or 0), unit, title, ready_from)


@dataclass(frozen=True, slots=True)
class Change:
    """How one line differs from what was seen: ``was`` units at ``was_price`` before, 0 when it is new."""

    line: BasketLine
    was: int
    was_price: Decimal
    was_unit: str
    is_renamed: bool


def changes(seen: str, shown: Iterable[BasketLine]) -> tuple[list[Change], int]:
    """Return the lines of the basket that differ from ``seen``, and how many of the seen ones are gone."""
    before = _parsed(seen)
    found = []
    for one in shown:
        was, now = before.pop(one.line.product_id, NOTHING), _shown(one.line)
        if was != now:
            unit = str(Unit(was.unit).label) if was.unit in Unit.values else ""
            is_renamed = was != NOTHING and was.title != now.title
            found.append(Change(one, was.quantity, Decimal(was.price), unit, is_renamed))
    return found, len(before)


def _parsed(seen: str) -> dict[int, _Shown]:
    matches = (SEEN.fullmatch(part) for part in seen[:LONGEST].split(" "))
    return {int(m[1]): _Shown(int(m[2]), int(m[3]), m[4], m[5], m[6]) for m in matches if m}
