"""Who carries out which topic."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from base.outbox.models import Entry

Handle = Callable[[Sequence["Entry"]], None]


class Permanent(Exception):
    """Raised by a handler when trying again cannot help; the entry is parked at once."""


class Away(Exception):
    """Raised by a handler whose service cannot be reached: nobody's fault, so it counts as no attempt.

    The topic is asked again after a pause, for ever; its other entries wait untried.
    """


@dataclass(frozen=True, slots=True)
class Handler:
    """A function that carries out entries of one topic, up to ``batch`` at a time."""

    topic: str
    handle: Handle
    batch: int
    never_gives_up: bool = False


_handlers: dict[str, Handler] = {}


def handler(topic: str, *, batch: int = 1, never_gives_up: bool = False) -> Callable[[Handle], Handle]:
    """Register the decorated function for ``topic``; it gets 1 to ``batch`` entries, oldest first.

    It must be safe to repeat: after kill -9 the same entries come again. It runs outside any transaction, in a thread
    of its topic's own. A topic that ``never_gives_up`` parks nothing that may succeed later (``Permanent`` still does).
    """

    def register(handle: Handle) -> Handle:
        known = _handlers.get(topic)
        if known is not None and known.handle is not handle:
            raise ValueError(f"two handlers for outbox topic {topic!r}")
        _handlers[topic] = Handler(topic, handle, batch, never_gives_up)
        return handle

    return register


def handler_of(topic: str) -> Handler | None:
    """Return the handler of ``topic``, or None when nobody registered one."""
    return _handlers.get(topic)
