"""Each topic is drained in a thread of its own, so that a slow one never makes the others wait; chores as well."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from typing import Final

from django.db import Error, close_old_connections

from base.outbox import chores
from base.outbox.drain import drain, due_topics

log = logging.getLogger(__name__)

MOST_THREADS: Final = 64  # far more than there are topics: a thread is made when one is needed, then kept
CHORES: Final = "chores"


class Lanes:
    """The threads of one process. Within a topic nothing changes: one batch after the other, in order per key."""

    def __init__(self, lease: dt.timedelta, is_stopping: Callable[[], bool]) -> None:
        self._lease = lease
        self._is_stopping = is_stopping
        self._threads = ThreadPoolExecutor(MOST_THREADS, thread_name_prefix="outbox")
        self._at_work: dict[str, Future[None]] = {}

    def start_what_is_due(self) -> None:
        """Set every idle lane to work that has something to do; returns at once. Raises the database's errors."""
        for topic in due_topics():
            self._start(f"topic {topic}", partial(self._drain, topic))
        if chores.are_due():
            self._start(CHORES, chores.do_due_chores)

    def finish(self) -> None:
        """Wait for what is in hand; ``is_stopping`` must be true by now."""
        self._threads.shutdown(wait=True)

    def _start(self, name: str, work: Callable[[], object]) -> None:
        at_work = self._at_work.get(name)
        if at_work is None or at_work.done():
            self._at_work[name] = self._threads.submit(self._run, name, work)

    def _drain(self, topic: str) -> None:
        drain(topic, lease=self._lease, is_stopping=self._is_stopping)

    def _run(self, name: str, work: Callable[[], object]) -> None:
        close_old_connections()  # each thread has its own
        try:
            work()
        except Error:
            log.exception("outbox: the database did not answer (%s)", name)
        except Exception:  # not of a handler, those are caught: a fault in the drain must not go unseen
            log.exception("outbox: %s ended with an error, comes again", name)
        finally:
            close_old_connections()
