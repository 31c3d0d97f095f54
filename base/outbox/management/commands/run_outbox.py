"""Drain the outbox until told to stop (SIGTERM, SIGINT): the one process that writes the search index."""

from __future__ import annotations

import logging
import signal
import threading
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import DatabaseError, close_old_connections

from base.outbox import drain

log = logging.getLogger(__name__)


class Command(BaseCommand):
    """``manage.py run_outbox [--once] [--pause SECONDS]``."""

    help = "Drain the outbox: search index, messages, photo sizes, page cache."

    def add_arguments(self, parser: CommandParser) -> None:
        """Read the options."""
        parser.add_argument("--once", action="store_true", help="drain what is due now, then end")
        parser.add_argument(
            "--pause", type=float, default=0.2, help="seconds between looks when nothing is due"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Drain; an unreachable database is waited for, not died of."""
        if options["once"]:
            self.stdout.write(f"{drain()} done")
            return
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        while not stop.is_set():
            try:
                busy = drain(limit=500)
            except DatabaseError:
                log.exception("outbox: the database did not answer, waiting")
                close_old_connections()
                stop.wait(2)
                continue
            if not busy:
                stop.wait(options["pause"])
