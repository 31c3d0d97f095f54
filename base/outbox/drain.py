"""Carry out what waits in the outbox: claim under a lease, hand to the topic's handler, delete or try again later."""

from __future__ import annotations

import datetime as dt
import logging
from typing import TYPE_CHECKING, Final

from django.db import connection, transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from base.outbox.handlers import Handler, Permanent, handler_of

if TYPE_CHECKING:
    from base.outbox.models import Entry

log = logging.getLogger(__name__)

LEASE: Final = dt.timedelta(seconds=60)  # a drain that dies is taken over after this
MAX_ATTEMPTS: Final = 8  # 2 + 4 + ... + 128 s: about four minutes of trying, then staff must look
LOOK_AHEAD: Final = 200


def drain(*, limit: int = 1_000_000) -> int:
    """Carry out everything due now, up to ``limit`` entries; returns how many were done for good."""
    done = 0
    while limit > 0:
        claimed = claim(min(limit, LOOK_AHEAD))
        if not claimed:
            break
        limit -= len(claimed)
        done += _carry_out(claimed)
    return done


def claim(limit: int) -> list[Entry]:
    """Lease the oldest due entries of one topic and return them; at most one per key, at most the topic's batch.

    An entry waits while an older one with its topic and key is unfinished, so order per key holds; a parked one
    holds nobody up.
    """
    from base.outbox.models import Entry

    now = timezone.now()
    older = Entry.objects.filter(
        topic=OuterRef("topic"), key=OuterRef("key"), pk__lt=OuterRef("pk"), parked_at__isnull=True
    )
    free = Q(leased_until__isnull=True) | Q(leased_until__lte=now)
    due = (
        Entry.objects.filter(free, parked_at__isnull=True, due_at__lte=now)
        .exclude(Exists(older))
        .order_by("pk")
    )
    if not due.exists():  # a plain read: an idle drain takes no write lock
        return []
    with transaction.atomic():
        if connection.features.has_select_for_update_skip_locked:
            due = due.select_for_update(skip_locked=True)
        waiting = list(due[:limit])
        if not waiting:
            return []
        chosen = [entry for entry in waiting if entry.topic == waiting[0].topic]
        found = handler_of(waiting[0].topic)
        chosen = chosen[: found.batch if found else 1]
        for entry in chosen:
            entry.leased_until = now + LEASE
            entry.attempts += 1
        Entry.objects.bulk_update(chosen, ["leased_until", "attempts"])
    return chosen


def _carry_out(entries: list[Entry]) -> int:
    found = handler_of(entries[0].topic)
    if found is None:
        _put_off(entries, LookupError(f"no handler for topic {entries[0].topic!r}"), give_up=False)
        return 0
    try:
        found.handle(entries)
    except Exception as error:  # whatever a handler does wrong, the others must go on
        return _one_by_one(found, entries, error)
    return _finish(entries)


def _one_by_one(found: Handler, entries: list[Entry], error: Exception) -> int:
    """Find the poison in a failed batch: carry out each entry alone, so that one does not hold up the others."""
    if len(entries) == 1:
        _put_off(entries, error, give_up=isinstance(error, Permanent))
        return 0
    done = 0
    for entry in entries:
        try:
            found.handle([entry])
        except Exception as alone:  # as above
            _put_off([entry], alone, give_up=isinstance(alone, Permanent))
        else:
            done += _finish([entry])
    return done


def _finish(entries: list[Entry]) -> int:
    from base.outbox.models import Entry

    Entry.objects.filter(pk__in=[entry.pk for entry in entries]).delete()
    return len(entries)


def _put_off(entries: list[Entry], error: Exception, *, give_up: bool) -> None:
    now = timezone.now()
    for entry in entries:
        entry.error = f"{type(error).__name__}: {error}"[:2000]
        entry.leased_until = None
        if give_up or entry.attempts >= MAX_ATTEMPTS:
            entry.parked_at = now
            log.error(
                "outbox: parked %s %s after %d attempts: %s",
                entry.topic,
                entry.key,
                entry.attempts,
                entry.error,
            )
        else:
            entry.due_at = now + dt.timedelta(seconds=2**entry.attempts)
            log.warning("outbox: %s %s failed, will try again: %s", entry.topic, entry.key, entry.error)
        entry.save(update_fields=["error", "leased_until", "parked_at", "due_at"])
