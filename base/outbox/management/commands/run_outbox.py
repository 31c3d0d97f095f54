"""Drain the outbox until told to stop (SIGTERM, SIGINT): the one process that writes the search index."""

from __future__ import annotations

import datetime as dt
import logging
import signal
import time
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import Error, close_old_connections

from base.outbox import drain
from base.outbox.drain import LEASE
from base.outbox.lanes import Lanes

log = logging.getLogger(__name__)


class _Stop:
    """Whether a signal asked to end. Not ``threading.Event``: its ``set`` may deadlock in a signal handler."""

    def __init__(self) -> None:
        self._asked = False

    def set(self) -> None:
        """Ask to end."""
        self._asked = True

    def is_set(self) -> bool:
        """Whether to end."""
        return self._asked

    def wait(self, seconds: float) -> None:
        """Sleep, but not on when asked to end."""
        end = time.monotonic() + seconds
        while not self._asked and (rest := end - time.monotonic()) > 0:
            time.sleep(min(rest, 0.2))


class Command(BaseCommand):
    """``manage.py run_outbox [--once] [--pause SECONDS] [--lease SECONDS]``."""

    help = "Drain the outbox: search index, messages, photo sizes, page cache."

    def add_arguments(self, parser: CommandParser) -> None:
        """Read the options."""
        parser.add_argument("--once", action="store_true", help="drain what is due now, then end")
        parser.add_argument(
            "--pause", type=float, default=0.2, help="seconds between looks when nothing is due"
        )
        parser.add_argument(
            "--lease",
            type=float,
            default=LEASE.total_seconds(),
            help="seconds after which the work of a process that died is taken over",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Drain; an unreachable database is waited for, not died of."""
        lease = dt.timedelta(seconds=options["lease"])
        if options["once"]:
            self.stdout.write(f"{drain(lease=lease)} done")
            return
        stop = _Stop()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        lanes = Lanes(lease, stop.is_set)
        while not stop.is_set():
            try:
                lanes.start_what_is_due()
            except Error:
                log.exception("outbox: the database did not answer, waiting")
                close_old_connections()
                stop.wait(2)
            else:
                stop.wait(options["pause"])
        lanes.finish()
