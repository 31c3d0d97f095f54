"""A progress bar on a terminal, one line elsewhere."""

from __future__ import annotations

from typing import Any, Final

WIDTH: Final = 30


class Progress:
    """Counts steps up to ``total`` and draws them."""

    def __init__(self, out: Any, total: int) -> None:
        """Write to ``out`` (a command's stdout)."""
        self.out, self.total, self.count, self._drawn = out, max(total, 1), 0, -1

    def step(self, what: str = "", count: int = 1) -> None:
        """Count ``count`` more; ``what`` is shown beside the bar."""
        self.count += count
        share = min(WIDTH, self.count * WIDTH // self.total)
        if self.out.isatty() and (share != self._drawn or count > 1):
            self._drawn = share
            self.out.write(
                f"\r[{'#' * share}{'.' * (WIDTH - share)}] {self.count}/{self.total} {what[:30]:30}",
                ending="",
            )

    def done(self) -> None:
        """End the line."""
        if self.out.isatty():
            self.out.write("\r" + " " * 90 + "\r", ending="")
