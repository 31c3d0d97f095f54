"""Carry out what waits in the outbox: claim under a lease, hand to the topic's handler, delete or try again later."""

from __future__ import annotations

import contextlib
import datetime as dt
import logging
import threading
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Final

from django.db import Error, connection, connections, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from base.outbox.handlers import Handler, Permanent, handler_of

if TYPE_CHECKING:
    from base.outbox.models import Entry

log = logging.getLogger(__name__)

LEASE: Final = dt.timedelta(seconds=60)  # a drain that dies is taken over after this; a living one renews it
MAX_ATTEMPTS: Final = 8  # 2 + 4 + ... + 128 s: about four minutes of trying, then staff must look
TOGETHER: Final = (
    2  # entries tried more often than this go alone: one that kills the process takes no others along
)
AWAY: Final = 3  # failures in a row that mean "the service is away", not "this entry is poison"


def drain(
    *, limit: int = 1_000_000, lease: dt.timedelta = LEASE, is_stopping: Callable[[], bool] = lambda: False
) -> int:
    """Carry out everything due now, up to ``limit`` entries; returns how many were done for good.

    ``is_stopping`` is asked after each batch (each entry, where a batch failed) and ends the work early.
    """
    done = 0
    while limit > 0 and not is_stopping():
        claimed = claim(limit, lease)
        if not claimed:
            break
        limit -= len(claimed)
        with _lease_renewed(claimed, lease):
            done += _carry_out(claimed, is_stopping)
    return done


def claim(limit: int, lease: dt.timedelta = LEASE) -> list[Entry]:
    """Lease the oldest due entries of one topic and return them; at most one per key, at most the topic's batch.

    An entry waits while an older one with its topic and key is unfinished, so order per key holds; a parked one
    holds nobody up.
    """
    due = _due()
    if not due.exists():  # a plain read: an idle drain takes no write lock
        return []
    with transaction.atomic():
        if connection.features.has_select_for_update_skip_locked:
            due = due.select_for_update(skip_locked=True)
        head = due.first()
        while (
            head is not None and head.attempts >= MAX_ATTEMPTS
        ):  # the process died each time: nobody could park it
            _put_off([head], RuntimeError("the process ended in the middle of it each time"), give_up=True)
            head = due.first()
        if head is None:
            return []
        found = handler_of(head.topic)
        size = found.batch if found and head.attempts < TOGETHER else 1
        chosen = list(due.filter(topic=head.topic, attempts=head.attempts)[: min(size, limit)])
        until, attempts = timezone.now() + lease, head.attempts + 1
        _ours(chosen).update(leased_until=until, attempts=attempts)
    for entry in chosen:
        entry.leased_until, entry.attempts = until, attempts
    return chosen


def _due() -> QuerySet[Entry]:
    from base.outbox.models import Entry

    now = timezone.now()
    older = Entry.objects.filter(
        topic=OuterRef("topic"), key=OuterRef("key"), pk__lt=OuterRef("pk"), parked_at__isnull=True
    )
    free = Q(leased_until__isnull=True) | Q(leased_until__lte=now)
    return (
        Entry.objects.filter(free, parked_at__isnull=True, due_at__lte=now)
        .exclude(Exists(older))
        .order_by("pk")
    )


def _ours(entries: list[Entry]) -> QuerySet[Entry]:
    """Return those of ``entries`` (claimed together) that nobody took over: a claim counts ``attempts`` up."""
    from base.outbox.models import Entry

    return Entry.objects.filter(pk__in=[entry.pk for entry in entries], attempts=entries[0].attempts)


@contextlib.contextmanager
def _lease_renewed(entries: list[Entry], lease: dt.timedelta) -> Iterator[None]:
    """Keep the lease while this process lives, however long the handler takes (a heartbeat in a thread)."""
    is_done = threading.Event()

    def beat() -> None:
        try:
            while not is_done.wait(lease.total_seconds() / 3):
                try:
                    _ours(entries).filter(leased_until__isnull=False).update(
                        leased_until=timezone.now() + lease
                    )
                except Error as error:
                    log.warning("outbox: a lease could not be renewed: %s", error)
        finally:
            connections.close_all()  # this thread's

    thread = threading.Thread(target=beat, name="outbox-lease", daemon=True)
    thread.start()
    try:
        yield
    finally:
        is_done.set()
        thread.join()


def _carry_out(entries: list[Entry], is_stopping: Callable[[], bool]) -> int:
    found = handler_of(entries[0].topic)
    if found is None:
        _put_off(entries, LookupError(f"no handler for topic {entries[0].topic!r}"), give_up=False)
        return 0
    try:
        found.handle(entries)
    except Exception as error:  # whatever a handler does wrong, the others must go on
        if len(entries) == 1:
            _put_off(entries, error, give_up=isinstance(error, Permanent))
            return 0
        return _one_by_one(found, entries, is_stopping)
    return _finish(entries)


def _one_by_one(found: Handler, entries: list[Entry], is_stopping: Callable[[], bool]) -> int:
    """Find the poison in a failed batch: carry out each entry alone, so that one does not hold up the others.

    When several fail in a row, the rest is put off untried: waiting 200 times for a service that is away would hold
    up every other topic.
    """
    done = failures = 0
    for place, entry in enumerate(entries):
        if is_stopping():
            _ours(entries[place:]).update(leased_until=None)
            break
        try:
            found.handle([entry])
        except Exception as alone:  # as above
            failures += 1
            _put_off([entry], alone, give_up=isinstance(alone, Permanent))
            if failures >= AWAY and (rest := entries[place + 1 :]):
                _put_off(rest, alone, give_up=False)
                break
        else:
            failures = 0
            done += _finish([entry])
    return done


def _finish(entries: list[Entry]) -> int:
    return _ours(entries).delete()[0]


def _put_off(entries: list[Entry], error: Exception, *, give_up: bool) -> None:
    first, reason = entries[0], f"{type(error).__name__}: {error}"[:2000].replace("\x00", "")
    if give_up or first.attempts >= MAX_ATTEMPTS:
        _ours(entries).update(error=reason, leased_until=None, parked_at=timezone.now())
        log.error(
            "outbox: parked %s %s after %d attempts: %s", first.topic, first.key, first.attempts, reason
        )
    else:
        due_at = timezone.now() + dt.timedelta(seconds=2**first.attempts)
        _ours(entries).update(error=reason, leased_until=None, due_at=due_at)
        log.warning("outbox: %s %s failed, will try again: %s", first.topic, first.key, reason)
