"""Pages of a long list without counting it: one row more than shown tells whether there is a next page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

LAST_PAGE: Final = 200  # further back, search finds things better than paging


class Slice:
    """One page; the interface of Django's ``Page`` that the shell's ``{% pages %}`` uses, with no paginator."""

    paginator = None

    def __init__(self, items: Sequence[Any], number: int, *, has_next: bool) -> None:
        """Keep the items shown and whether more follow."""
        self.items, self.number, self._has_next = items, number, has_next

    def has_next(self) -> bool:
        """Return whether there is a next page."""
        return self._has_next and self.number < LAST_PAGE

    def has_previous(self) -> bool:
        """Return whether there is a page before."""
        return self.number > 1

    def has_other_pages(self) -> bool:
        """Return whether there is anything to turn to."""
        return self.has_next() or self.has_previous()

    def next_page_number(self) -> int:
        """Return the number of the next page."""
        return self.number + 1

    def previous_page_number(self) -> int:
        """Return the number of the page before."""
        return self.number - 1


def page_number(raw: str | None) -> int:
    """Return the page number in a query string, 1 for anything that is none (also "１", huge or negative)."""
    if raw and raw.isascii() and raw.isdigit() and len(raw) <= 4:
        return min(max(int(raw), 1), LAST_PAGE)
    return 1
