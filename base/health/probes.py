"""The registry of probes, and those of the base: database, migrations, cache, outbox."""

from __future__ import annotations

import datetime as dt
import logging
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from django.core.cache import cache
from django.db import connection
from django.utils import timezone

log = logging.getLogger(__name__)

LATE: Final = dt.timedelta(minutes=2)  # an outbox entry due for longer means that nobody drains
IN_VAIN: Final = dt.timedelta(minutes=15)  # tried for longer: topics that never give up park nothing
RECHECK_S: Final = 5.0


@dataclass(frozen=True)
class Finding:
    """What a probe saw; ``note`` is read by strangers too, so no addresses, names or error texts."""

    is_ok: bool
    note: str = ""


@dataclass(frozen=True)
class Probe:
    """A registered question; without an essential one the site cannot serve."""

    name: str
    ask: Callable[[], Finding]
    is_essential: bool


_probes: Final[dict[str, Probe]] = {}


def register(name: str, ask: Callable[[], Finding], *, is_essential: bool = False) -> None:
    """Add a probe; call it from an app's ``ready()``. A second one of the same name raises ValueError."""
    if name in _probes:
        raise ValueError(f"There is a probe {name!r} already")
    _probes[name] = Probe(name, ask, is_essential)


def findings() -> dict[Probe, Finding]:
    """Ask every probe; one that raises is not ok, and its error goes to the log only."""
    found = {}
    for probe in _probes.values():
        try:
            found[probe] = probe.ask()
        except Exception:
            log.exception("The probe %s failed", probe.name)
            found[probe] = Finding(False, "error, see the log")
    return found


def database() -> Finding:
    """One round trip to the database."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return Finding(True, connection.vendor)


class Migrations:
    """Whether every migration is applied; reading them all costs a second, so "yes" is remembered for good."""

    def __init__(self) -> None:
        self._is_applied = False
        self._asked_at = -RECHECK_S

    def __call__(self) -> Finding:
        """Look once, then again at most every RECHECK_S seconds until they are applied."""
        if not self._is_applied and time.monotonic() - self._asked_at >= RECHECK_S:
            from django.db.migrations.executor import MigrationExecutor

            executor = MigrationExecutor(connection)
            self._is_applied = not executor.migration_plan(executor.loader.graph.leaf_nodes())
            self._asked_at = time.monotonic()
        return Finding(self._is_applied, "" if self._is_applied else "run manage.py migrate")


def shared_cache() -> Finding:
    """Write to the cache and read it back."""
    token = secrets.token_hex(4)
    cache.set("health", token, 30)
    return Finding(cache.get("health") is not None)


def outbox() -> Finding:
    """Whether somebody drains the outbox, and nothing lies there as poison."""
    from base.outbox.models import Entry

    parked = Entry.objects.filter(parked_at__isnull=False).count()
    waiting = Entry.objects.filter(parked_at__isnull=True)
    is_late = waiting.filter(due_at__lt=timezone.now() - LATE).exists()
    in_vain = waiting.filter(created_at__lt=timezone.now() - IN_VAIN).exclude(error="").count()
    notes = ["nobody drains it"] * is_late + [f"{parked} parked"] * bool(parked)
    notes += [f"{in_vain} tried in vain"] * bool(in_vain)
    return Finding(not notes, ", ".join(notes))


register("database", database, is_essential=True)
register("migrations", Migrations(), is_essential=True)
register("cache", shared_cache)
register("outbox", outbox)
