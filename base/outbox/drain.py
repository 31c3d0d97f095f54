"""Carry out what waits in the outbox: claim under a lease, hand to the topic's handler, delete or try again later.

Work is claimed topic by topic, so that topics can be drained side by side (lanes.py).
"""

from __future__ import annotations

import contextlib
import datetime as dt
import logging
import random
import threading
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Final

from django.db import Error, connection, connections, transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone

from base.outbox.handlers import Away, Handler, Permanent, handler_of

if TYPE_CHECKING:
    from base.outbox.models import Entry

log = logging.getLogger(__name__)

LEASE: Final = dt.timedelta(seconds=60)  # a drain that dies is taken over after this; a living one renews it
MAX_ATTEMPTS: Final = 8  # 2 + 4 + ... + 128 s: about four minutes of trying, then staff must look
TOGETHER: Final = (
    2  # entries tried more often than this go alone: one that kills the process takes no others along
)
IN_A_ROW: Final = 3  # failures in a row that mean "something behind it is broken", not "this entry is poison"
AWAY_PAUSE: Final = dt.timedelta(seconds=10)


def drain(
    topic: str | None = None,
    *,
    limit: int = 1_000_000,
    lease: dt.timedelta = LEASE,
    is_stopping: Callable[[], bool] = lambda: False,
) -> int:
    """Carry out what is due now, of one topic or of all in turn; returns how many entries were done for good.

    ``is_stopping`` is asked after each batch (each entry, where a batch failed) and ends the work early.
    """
    done, is_more = 0, True
    while is_more:
        is_more = False
        for name in due_topics() if topic is None else [topic]:
            if limit <= 0 or is_stopping():
                return done
            claimed = claim(name, limit, lease)
            if claimed:
                is_more = True
                limit -= len(claimed)
                with _lease_renewed(claimed, lease):
                    done += _carry_out(claimed, is_stopping)
    return done


def due_topics() -> list[str]:
    """Return the topics that may have something to carry out now. Cheap: the idle process asks all the time."""
    from base.outbox.models import Entry

    due = Entry.objects.filter(parked_at__isnull=True, due_at__lte=timezone.now())
    return list(due.order_by("topic").values_list("topic", flat=True).distinct())


def claim(topic: str, limit: int, lease: dt.timedelta = LEASE) -> list[Entry]:
    """Lease the topic's entries that are due longest and return them; at most one per key, at most its batch.

    An entry waits while an older one with its topic and key is unfinished, so order per key holds; a parked one
    holds nobody up.
    """
    due = _due(topic)
    if not due.exists():  # a plain read: no write lock for nothing
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
        found = handler_of(topic)
        size = found.batch if found and head.attempts < TOGETHER else 1
        chosen = list(due.filter(attempts=head.attempts)[: min(size, limit)])
        # Uneven, so that what was in hand when another topic killed the process does not meet the killer again.
        until, attempts = timezone.now() + lease * random.uniform(1, 1.5), head.attempts + 1
        _ours(chosen).update(leased_until=until, attempts=attempts)
    for entry in chosen:
        entry.leased_until, entry.attempts = until, attempts
    return chosen


def _due(topic: str) -> QuerySet[Entry]:
    from base.outbox.models import Entry

    now = timezone.now()
    older = Entry.objects.filter(
        topic=OuterRef("topic"), key=OuterRef("key"), pk__lt=OuterRef("pk"), parked_at__isnull=True
    )
    free = Q(leased_until__isnull=True) | Q(leased_until__lte=now)
    return (
        Entry.objects.filter(free, topic=topic, parked_at__isnull=True, due_at__lte=now)
        .exclude(Exists(older))
        .order_by("due_at", "pk")
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
    except Away as error:
        _wait_for_service(entries, error)
        return 0
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
        except Away as error:
            _wait_for_service(entries[place:], error)
            break
        except Exception as alone:  # as above
            failures += 1
            _put_off([entry], alone, give_up=isinstance(alone, Permanent))
            if failures >= IN_A_ROW and (rest := entries[place + 1 :]):
                _put_off(rest, alone, give_up=False)
                break
        else:
            failures = 0
            done += _finish([entry])
    return done


def _finish(entries: list[Entry]) -> int:
    return _ours(entries).delete()[0]


def _put_off(entries: list[Entry], error: Exception, *, give_up: bool) -> None:
    first, reason = entries[0], _reason(error)
    found = handler_of(first.topic)
    attempts = first.attempts
    if (
        found is not None and found.never_gives_up
    ):  # what remains is for processes that die in the middle of it
        attempts = min(attempts, MAX_ATTEMPTS - 2)
    if give_up or attempts >= MAX_ATTEMPTS:
        _ours(entries).update(error=reason, leased_until=None, parked_at=timezone.now())
        log.error("outbox: parked %s %s after %d attempts: %s", first.topic, first.key, attempts, reason)
    else:
        due_at = timezone.now() + dt.timedelta(seconds=2**attempts)
        _ours(entries).update(error=reason, leased_until=None, due_at=due_at, attempts=attempts)
        log.warning("outbox: %s %s failed, will try again: %s", first.topic, first.key, reason)


def _wait_for_service(entries: list[Entry], error: Away) -> None:
    """Put off all that is due of the topic, as if it had not been tried: one question to a dead service, not 10,000."""
    from base.outbox.models import Entry

    topic, reason, now = entries[0].topic, _reason(error), timezone.now()
    due_at = now + AWAY_PAUSE
    if not entries[0].error:
        log.warning("outbox: %s waits for its service: %s", topic, reason)
    _ours(entries).update(error=reason, leased_until=None, due_at=due_at, attempts=F("attempts") - 1)
    waiting = Entry.objects.filter(topic=topic, parked_at__isnull=True, leased_until__isnull=True)
    waiting.filter(due_at__lte=now).update(due_at=due_at, error=reason)


def _reason(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:2000].replace("\x00", "")
