"""The place in a list of results from which the next page goes on, as it stands in the address."""

import math
from typing import NamedTuple

from search.engines.base import MOST_ROWS
from search.ranking import Ranked


class Cursor(NamedTuple):
    """The last result shown: the next page goes on behind it, whatever came or went before it."""

    needs_all: bool
    start: int
    score: float
    tie: int

    def __str__(self) -> str:
        return f"{int(self.needs_all)}.{self.start}.{self.tie:x}.{self.score.hex()}"

    @classmethod
    def parse(cls, raw: str) -> "Cursor | None":
        """Return the cursor, or None for what is none."""
        try:
            needs_all, start, tie, score = raw.split(".", 3)
            cursor = cls(needs_all == "1", int(start), float.fromhex(score), int(tie, 16))
        except (ValueError, OverflowError):
            return None
        return cursor if 0 <= cursor.start < MOST_ROWS and cursor.score > -math.inf else None

    def behind(self, ranked: list[Ranked]) -> list[Ranked]:
        """Return what follows in a list; the row that was last marks the place if it is still there, else its score."""
        for place, one in enumerate(ranked):
            if one.tie == self.tie:
                return ranked[place + 1 :]
        return [one for one in ranked if (-one.score, one.tie) > (-self.score, self.tie)]
