"""Small things to do every so often, by the process that drains the outbox; each app registers its own."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass

log = logging.getLogger(__name__)

Chore = Callable[[], object]


@dataclass
class Planned:
    """A chore, how often (seconds), and when it is due (monotonic seconds; 0: at once)."""

    do: Chore
    every_s: float
    due: float = 0


_planned: dict[str, Planned] = {}


def every(seconds: float, name: str, do: Chore) -> None:
    """Have ``do`` called about every ``seconds``; it must be safe to repeat and quick. The same name replaces."""
    _planned[name] = Planned(do, seconds)


def are_due() -> bool:
    """Whether there is something to do now."""
    return any(planned.due <= time.monotonic() for planned in _planned.values())


def do_due_chores() -> None:
    """Do what is due; a chore that fails is logged and comes again."""
    for name, planned in _planned.items():
        if time.monotonic() < planned.due:
            continue
        planned.due = time.monotonic() + planned.every_s
        try:
            planned.do()
        except Exception:  # one chore's fault must not stop the drain
            log.exception("outbox: the chore %s failed", name)
