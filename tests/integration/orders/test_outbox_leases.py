"""Leases of the outbox: one drain at a time per entry, and what a drain that died or froze leaves goes on."""

from __future__ import annotations

import datetime as dt
import threading
import time
from collections.abc import Callable, Sequence

import pytest
from django.utils import timezone

from base import outbox
from base.outbox.drain import MAX_ATTEMPTS, claim, drain
from base.outbox.models import Entry
from tests.integration.orders.concurrency import at_once


@pytest.mark.django_db
def test_a_leased_entry_is_left_alone_until_its_lease_runs_out(register: Callable[..., None]) -> None:
    outbox.enqueue("test.note", "1")
    assert [entry.key for entry in claim("test.note", 10)] == ["1"]
    assert claim("test.note", 10) == []
    Entry.objects.update(leased_until=timezone.now() - dt.timedelta(seconds=1))
    again = claim("test.note", 10)
    assert [(entry.key, entry.attempts) for entry in again] == [("1", 2)]


@pytest.mark.django_db
def test_entries_tried_before_are_soon_taken_alone(register: Callable[..., None]) -> None:
    """One that kills the process must not use up the attempts of its whole batch."""
    register("test.note", lambda entries: None, batch=10)
    for key in range(4):
        outbox.enqueue("test.note", str(key))
    sizes = []
    for _ in range(3):
        sizes.append(len(claim("test.note", 10)))
        Entry.objects.update(leased_until=None)
    assert sizes == [4, 4, 1]


@pytest.mark.django_db
def test_an_entry_that_ends_the_process_each_time_is_parked(register: Callable[..., None]) -> None:
    seen: list[str] = []
    register("test.note", lambda entries: seen.extend(e.key for e in entries))
    outbox.enqueue("test.note", "killer")
    outbox.enqueue("test.note", "next")
    Entry.objects.filter(key="killer").update(attempts=MAX_ATTEMPTS)  # claimed so often, never put off

    assert drain() == 1
    assert seen == ["next"]
    parked = Entry.objects.get()
    assert parked.parked_at is not None
    assert parked.error == "RuntimeError: the process ended in the middle of it each time"


@pytest.mark.django_db(transaction=True)
def test_a_handler_longer_than_the_lease_is_not_taken_over_while_it_lives(
    register: Callable[..., None],
) -> None:
    calls: list[float] = []

    def slow(entries: Sequence[Entry]) -> None:
        calls.append(time.monotonic())
        time.sleep(3)

    register("test.slow", slow)
    outbox.enqueue("test.slow", "1")
    lease = dt.timedelta(seconds=1.5)

    def second() -> int:
        done = 0
        for _ in range(15):
            time.sleep(0.2)
            done += drain(lease=lease)
        return done

    assert at_once([lambda: drain(lease=lease), second]) == [1, 0]
    assert len(calls) == 1
    assert not Entry.objects.exists()


@pytest.mark.django_db
def test_a_drain_that_lost_its_lease_does_not_touch_the_entry(register: Callable[..., None]) -> None:
    """A process frozen for longer than its lease wakes up and fails: the one that took over goes on undisturbed."""

    def lose_it(entries: Sequence[Entry]) -> None:
        Entry.objects.update(leased_until=timezone.now() - dt.timedelta(seconds=1))
        assert [entry.attempts for entry in claim("test.note", 1)] == [2]
        raise ValueError

    register("test.note", lose_it)
    outbox.enqueue("test.note", "1")
    assert drain() == 0
    entry = Entry.objects.get()
    assert (entry.attempts, entry.error, entry.leased_until is None) == (2, "", False)


@pytest.mark.django_db(transaction=True)
def test_two_drains_at_once_carry_out_each_entry_once_and_in_order(register: Callable[..., None]) -> None:
    seen: list[tuple[str, int]] = []
    lock = threading.Lock()

    def handle(entries: Sequence[Entry]) -> None:
        with lock:
            seen.extend((e.key, e.payload["n"]) for e in entries)
        time.sleep(0.001)

    register("test.note", handle, batch=3)
    for n in range(5):
        for key in range(12):
            outbox.enqueue("test.note", str(key), {"n": n})

    def until_empty() -> None:
        while Entry.objects.exists():
            drain()

    assert at_once([until_empty] * 3) == [None] * 3
    assert sorted(seen) == sorted((str(key), n) for key in range(12) for n in range(5))
    assert all([n for k, n in seen if k == str(key)] == [0, 1, 2, 3, 4] for key in range(12))
