"""The outbox: nothing before commit, nothing lost, order per key, poison set aside, one drain at a time per entry."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable, Sequence

import pytest
from django.contrib.admin import site
from django.db import connections, transaction
from django.test import RequestFactory
from django.utils import timezone

from base import outbox
from base.outbox.admin import EntryAdmin
from base.outbox.drain import MAX_ATTEMPTS, drain, due_topics
from base.outbox.handlers import Handle
from base.outbox.models import Entry
from base.outbox.verbs import retry_parked


def make_due() -> None:
    """Let the time for the next attempt come."""
    Entry.objects.update(due_at=timezone.now() - dt.timedelta(seconds=1))


# --- writing ----------------------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_a_transaction_rolled_back_leaves_no_entry() -> None:
    with transaction.atomic():
        outbox.enqueue("test.note", "1")
        transaction.set_rollback(True)
    assert not Entry.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_an_entry_is_not_carried_out_before_its_transaction_commits(register: Callable[..., None]) -> None:
    """Seen from another connection, as the draining process would be. (On SQLite a writer would have to wait.)"""
    seen: list[str] = []
    register("test.note", lambda entries: seen.extend(entry.key for entry in entries))

    def drain_elsewhere() -> None:
        def run() -> None:
            drain()
            connections.close_all()

        thread = threading.Thread(target=run)
        thread.start()
        thread.join(20)

    with transaction.atomic():
        outbox.enqueue("test.note", "1")
        drain_elsewhere()
        before = list(seen)
    drain_elsewhere()

    assert (before, seen) == ([], ["1"])


@pytest.mark.django_db
def test_a_key_longer_than_its_column_is_cut(register: Callable[..., None]) -> None:
    outbox.enqueue("test.note", "á" * 300)
    assert len(Entry.objects.get().key) == 200


def test_two_handlers_for_a_topic_are_an_error(register: Callable[..., None]) -> None:
    register("test.note", lambda entries: None)
    with pytest.raises(ValueError, match=r"two handlers for outbox topic 'test\.note'"):
        register("test.note", lambda entries: None)


# --- order and batches ------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_entries_of_a_key_are_carried_out_in_the_order_written(register: Callable[..., None]) -> None:
    seen: list[tuple[str, int]] = []
    register("test.note", lambda entries: seen.extend((e.key, e.payload["n"]) for e in entries), batch=10)
    for n in range(4):
        for key in "ab":
            outbox.enqueue("test.note", key, {"n": n})

    assert drain() == 8
    assert [n for key, n in seen if key == "a"] == [n for key, n in seen if key == "b"] == [0, 1, 2, 3]


@pytest.mark.django_db
def test_a_batch_holds_a_key_once_and_no_more_than_its_size(register: Callable[..., None]) -> None:
    batches: list[list[str]] = []
    register("test.note", lambda entries: batches.append([e.key for e in entries]), batch=3)
    for key in ["a", "a", "b", "c", "d"]:
        outbox.enqueue("test.note", key)

    drain()

    assert batches == [["a", "b", "c"], ["a", "d"]]


@pytest.mark.django_db
def test_a_batch_holds_one_topic(register: Callable[..., None]) -> None:
    batches: list[list[str]] = []
    for topic in ("test.one", "test.two"):
        register(topic, lambda entries: batches.append([e.topic for e in entries]), batch=10)
    for topic in ("test.one", "test.two", "test.one"):
        outbox.enqueue(topic, f"{topic}{Entry.objects.count()}")

    drain()

    assert batches == [["test.one", "test.one"], ["test.two"]]


@pytest.mark.django_db
def test_topics_take_turns_batch_by_batch(register: Callable[..., None]) -> None:
    turns: list[str] = []
    for topic in ("test.many", "test.few"):
        register(topic, lambda entries: turns.append(entries[0].topic), batch=2)
    for topic, count in (("test.many", 6), ("test.few", 3)):
        for key in range(count):
            outbox.enqueue(topic, str(key))

    assert drain() == 9
    assert turns == ["test.few", "test.many", "test.few", "test.many", "test.many"]


@pytest.mark.django_db
def test_one_topic_can_be_drained_alone(register: Callable[..., None]) -> None:
    for topic in ("test.one", "test.two"):
        register(topic, lambda entries: None)
        outbox.enqueue(topic, "1")
    Entry.objects.create(topic="test.later", key="1", due_at=timezone.now() + dt.timedelta(minutes=1))

    assert due_topics() == ["test.one", "test.two"]
    assert drain("test.two") == 1
    assert due_topics() == ["test.one"]


@pytest.mark.django_db
def test_drain_stops_at_its_limit(register: Callable[..., None]) -> None:
    register("test.note", lambda entries: None, batch=10)
    for key in range(5):
        outbox.enqueue("test.note", str(key))
    assert drain(limit=3) == 3
    assert Entry.objects.count() == 2


# --- failures ---------------------------------------------------------------------------------------------------------


def poison_for(*keys: str, seen: list[str]) -> Handle:
    def handle(entries: Sequence[Entry]) -> None:
        for entry in entries:
            if entry.key in keys:
                raise ValueError(f"bad {entry.key}")
        seen.extend(entry.key for entry in entries)

    return handle


@pytest.mark.django_db
def test_poison_in_a_batch_does_not_stop_the_others(register: Callable[..., None]) -> None:
    seen: list[str] = []
    register("test.note", poison_for("3", seen=seen), batch=10)
    for key in range(6):
        outbox.enqueue("test.note", str(key))

    assert drain() == 5
    assert seen == ["0", "1", "2", "4", "5"]
    left = Entry.objects.get()
    assert (left.key, left.attempts, left.error, left.leased_until) == ("3", 1, "ValueError: bad 3", None)


@pytest.mark.django_db
def test_a_failed_entry_waits_longer_each_time_then_is_parked(register: Callable[..., None]) -> None:
    register("test.note", poison_for("1", seen=[]))
    outbox.enqueue("test.note", "1")
    waits = []
    for _ in range(MAX_ATTEMPTS):
        make_due()
        before = timezone.now()
        assert drain() == 0
        entry = Entry.objects.get()
        waits.append(round((entry.due_at - before).total_seconds()))

    assert waits[:-1] == [2, 4, 8, 16, 32, 64, 128]
    assert entry.parked_at is not None
    make_due()
    assert drain() == 0
    assert Entry.objects.get().attempts == MAX_ATTEMPTS


@pytest.mark.django_db
def test_a_later_entry_of_the_key_waits_for_a_failed_one_but_not_for_a_parked_one(
    register: Callable[..., None],
) -> None:
    seen: list[int] = []

    def handle(entries: Sequence[Entry]) -> None:
        if entries[0].payload["n"] == 1:
            raise ValueError
        seen.append(entries[0].payload["n"])

    register("test.note", handle)
    for n in (1, 2):
        outbox.enqueue("test.note", "same", {"n": n})

    assert (drain(), seen) == (0, [])
    Entry.objects.filter(attempts=1).update(attempts=MAX_ATTEMPTS - 1)
    make_due()
    assert (drain(), seen) == (1, [2])


@pytest.mark.django_db
def test_a_permanent_failure_is_parked_at_once(register: Callable[..., None]) -> None:
    def handle(entries: Sequence[Entry]) -> None:
        raise outbox.Permanent("no such number")

    register("test.note", handle)
    outbox.enqueue("test.note", "1")
    assert drain() == 0
    entry = Entry.objects.get()
    assert (entry.parked_at is None, entry.attempts, entry.error) == (False, 1, "Permanent: no such number")


@pytest.mark.django_db
def test_a_topic_without_handler_is_tried_again_not_lost(register: Callable[..., None]) -> None:
    outbox.enqueue("test.nobody", "1")
    assert drain() == 0
    assert Entry.objects.get().error == "LookupError: no handler for topic 'test.nobody'"


@pytest.mark.django_db
def test_a_service_that_is_away_does_not_hold_up_other_topics(register: Callable[..., None]) -> None:
    """200 entries, each waiting for a service that does not answer, would take minutes; three tell enough."""
    calls: list[int] = []
    others: list[str] = []

    def away(entries: Sequence[Entry]) -> None:
        calls.append(len(entries))
        raise ConnectionError

    register("test.away", away, batch=200)
    register("test.note", lambda entries: others.extend(e.key for e in entries))
    for key in range(200):
        outbox.enqueue("test.away", str(key))
    outbox.enqueue("test.note", "mail")

    assert drain() == 1
    assert (calls, others) == ([200, 1, 1, 1], ["mail"])
    assert Entry.objects.filter(attempts=1, leased_until=None, error="ConnectionError: ").count() == 200


@pytest.mark.django_db
def test_a_service_said_to_be_away_is_asked_once_and_nothing_counts_as_tried(
    register: Callable[..., None],
) -> None:
    calls: list[int] = []

    def away(entries: Sequence[Entry]) -> None:
        calls.append(len(entries))
        raise outbox.Away("no answer")

    register("test.away", away, batch=10)
    for key in range(25):
        outbox.enqueue("test.away", str(key))
    for _ in range(MAX_ATTEMPTS + 4):
        make_due()
        assert drain() == 0

    assert calls == [10] * (MAX_ATTEMPTS + 4)
    waiting = Entry.objects.filter(
        attempts=0, parked_at=None, leased_until=None, due_at__gt=timezone.now(), error="Away: no answer"
    )
    assert waiting.count() == 25


@pytest.mark.django_db
def test_a_service_that_goes_away_in_the_middle_of_a_batch_keeps_the_rest_waiting(
    register: Callable[..., None],
) -> None:
    seen: list[str] = []

    def handle(entries: Sequence[Entry]) -> None:
        if len(entries) > 1:
            raise ValueError
        if entries[0].key == "1":
            raise outbox.Away
        seen.append(entries[0].key)

    register("test.away", handle, batch=10)
    for key in range(4):
        outbox.enqueue("test.away", str(key))

    assert (drain(), seen) == (1, ["0"])
    assert sorted(Entry.objects.values_list("key", "attempts")) == [("1", 0), ("2", 0), ("3", 0)]


@pytest.mark.django_db
def test_a_topic_that_never_gives_up_parks_nothing_and_waits_about_a_minute_at_most(
    register: Callable[..., None],
) -> None:
    register("test.index", poison_for("1", seen=[]), never_gives_up=True)
    outbox.enqueue("test.index", "1")
    waits = []
    for _ in range(MAX_ATTEMPTS + 4):
        make_due()
        before = timezone.now()
        assert drain() == 0
        waits.append(round((Entry.objects.get().due_at - before).total_seconds()))

    assert waits == [2, 4, 8, 16, 32, *[64] * (MAX_ATTEMPTS - 1)]
    assert (Entry.objects.get().parked_at, Entry.objects.get().error) == (None, "ValueError: bad 1")


@pytest.mark.django_db
def test_of_a_topic_that_never_gives_up_what_kills_the_process_or_cannot_help_is_parked_all_the_same(
    register: Callable[..., None],
) -> None:
    def handle(entries: Sequence[Entry]) -> None:
        raise outbox.Permanent("no such thing")

    register("test.index", handle, never_gives_up=True)
    for key in ("killer", "hopeless"):
        outbox.enqueue("test.index", key)
    Entry.objects.filter(key="killer").update(attempts=MAX_ATTEMPTS)  # claimed so often, never put off

    assert drain() == 0
    assert Entry.objects.filter(parked_at__isnull=False).count() == 2


@pytest.mark.django_db
def test_parked_entries_are_shown_to_staff_who_can_try_them_again(
    register: Callable[..., None], rf: RequestFactory
) -> None:
    register("test.note", poison_for("bad", seen=[]))
    outbox.enqueue("test.note", "bad")
    Entry.objects.update(attempts=MAX_ATTEMPTS - 1)
    drain()
    entry = Entry.objects.get()
    assert entry.parked_at is not None

    admin = EntryAdmin(Entry, site)
    assert {"parked_at", "error", "attempts"} <= set(admin.list_display)
    assert not admin.has_add_permission(rf.get("/"))
    assert not admin.has_change_permission(rf.get("/"))
    assert retry_parked([entry.pk]) == 1
    entry.refresh_from_db()
    assert (entry.parked_at, entry.attempts) == (None, 0)
    assert retry_parked([entry.pk]) == 0  # no longer parked: nothing to give back
