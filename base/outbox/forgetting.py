"""Delete what is old, by the process that drains the outbox: a few rows at a time, so that nobody waits for a lock.

Each app says with ``forget_after`` what of its own is old; the periods are settings, in days.
"""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, Final

from django.conf import settings
from django.core.checks import CheckMessage, Error, register
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from base.outbox import chores

BATCH: Final = 500
MOST: Final = 10_000  # at a time; the rest the next time
PAUSE_S: Final = 0.05  # between batches: who waits to write comes in
EVERY_S: Final = 3600

Old = Callable[[dt.datetime], QuerySet[Any]]

_least_days: dict[str, int] = {}


def forget_after(setting: str, least_days: int, old: Old) -> None:
    """Have ``old(before)`` deleted now and then, ``before`` being as many days ago as the setting says.

    ``manage.py check`` refuses fewer than ``least_days``. What ``old`` returns must not join or be distinct.
    """
    _least_days[setting] = least_days
    chores.every(EVERY_S, f"forget after {setting}", partial(forget_old, setting, old))


def forget_old(setting: str, old: Old) -> int:
    """Delete what is older than the setting says; returns how many."""
    return forget(old(timezone.now() - dt.timedelta(days=getattr(settings, setting))))


def forget(rows: QuerySet[Any], *, batch: int = BATCH, most: int = MOST) -> int:
    """Delete ``rows``, with what belongs to them, in short transactions; returns how many, at most ``most``.

    Rows that somebody is changing at this moment are left for the next time.
    """
    done = 0
    while done < most:
        with transaction.atomic():
            locked = rows.select_for_update(of=("self",), skip_locked=True)
            numbers = list(locked.order_by("pk").values_list("pk", flat=True)[: min(batch, most - done)])
            rows.model._base_manager.filter(pk__in=numbers).delete()
        done += len(numbers)
        if len(numbers) < batch:
            break
        time.sleep(PAUSE_S)
    return done


@register
def check_periods(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[CheckMessage]:
    """outbox.E001 for a period that is missing, no whole number, or shorter than what people rely on."""
    return [
        Error(
            f"{setting} must be a whole number of days, {least} or more; it is {getattr(settings, setting, None)!r}.",
            hint=f"Set {setting} in the environment, or leave it out for the default (docs/operations.md).",
            id="outbox.E001",
        )
        for setting, least in _least_days.items()
        if not _is_days(getattr(settings, setting, None), least)
    ]


def _is_days(value: object, least: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= least
