"""What a buyer saw before sending the order: carried in the form, compared with the basket, so that no other is placed.

One line is "product x quantity @ price": "12x3@25000". Whoever writes something else into the form is only shown the
basket once more.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from marketplace.basket.lines import BasketLine

SEEN: Final = re.compile(r"([0-9]{1,18})x([0-9]{1,6})@([0-9]{1,12})")
LONGEST: Final = 4_000


def seen_of(lines: Iterable[Any]) -> str:
    """Return what a buyer who looks at these basket lines sees, as the form carries it."""
    return " ".join(
        f"{product}x{quantity}@{price}"
        for product, quantity, price in sorted(
            (line.product_id, line.quantity, int(line.price_excl_tax or 0)) for line in lines
        )
    )


@dataclass(frozen=True, slots=True)
class Change:
    """How one line differs from what was seen: ``was`` units at ``was_price`` before, 0 when it is new."""

    line: BasketLine
    was: int
    was_price: Decimal


def changes(seen: str, shown: Iterable[BasketLine]) -> tuple[list[Change], int]:
    """Return the lines of the basket that differ from ``seen``, and how many of the seen ones are gone."""
    before = _parsed(seen)
    found = []
    for one in shown:
        was, was_price = before.pop(one.line.product_id, (0, Decimal(0)))
        if (was, was_price) != (one.line.quantity, one.line.price_excl_tax):
            found.append(Change(one, was, was_price))
    return found, len(before)


def _parsed(seen: str) -> dict[int, tuple[int, Decimal]]:
    matches = (SEEN.fullmatch(part) for part in seen[:LONGEST].split(" "))
    return {int(m[1]): (int(m[2]), Decimal(m[3])) for m in matches if m}
