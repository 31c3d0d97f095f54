"""Handlers of the outbox that exist for one test only."""

from collections.abc import Callable

import pytest

from base import outbox
from base.outbox import handlers
from base.outbox.handlers import Handle


@pytest.fixture
def register(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Give a way to register handlers for this test only."""
    monkeypatch.setattr(handlers, "_handlers", dict(handlers._handlers))

    def add(topic: str, handle: Handle, batch: int = 1, **options: bool) -> None:
        outbox.handler(topic, batch=batch, **options)(handle)

    return add
