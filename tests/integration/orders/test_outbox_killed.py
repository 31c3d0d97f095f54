"""kill -9 and SIGTERM of the real `manage.py run_outbox` at work: nothing lost, no message doubled."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

import pytest

from base import outbox
from base.accounts import sms
from base.accounts.models import SentMessage
from base.outbox.drain import MAX_ATTEMPTS
from base.outbox.models import Entry
from tests.integration.orders.outbox_process import OutboxProcess, lines, wait_for

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("database_url")]
QUICK_S = 10  # about one on an idle machine, most of it Python's own end
LEASE = ("--lease", "0.5", "--pause", "0.02")


def test_killed_in_the_middle_of_a_batch_it_loses_nothing(tmp_path: Path) -> None:
    for key in range(10):
        outbox.enqueue("test.batch", str(key))
    with OutboxProcess(tmp_path, *LEASE) as first:
        assert wait_for(lambda: "in-the-middle" in lines(tmp_path)), first.log
        first.kill()
    assert lines(tmp_path) == ["ready", *(f"batch:{key}" for key in range(5)), "in-the-middle"]
    assert Entry.objects.filter(attempts=1).exclude(leased_until=None).count() == 10

    (tmp_path / "go").touch()
    with OutboxProcess(tmp_path, *LEASE) as second:
        assert wait_for(lambda: not Entry.objects.exists()), second.log

    after = lines(tmp_path)[7:]
    assert after == ["ready", *(f"batch:{key}" for key in range(10))]


@pytest.mark.parametrize("where", ["before", "after"])
def test_killed_in_the_middle_of_a_message_it_sends_it_exactly_once(tmp_path: Path, where: str) -> None:
    for number in range(3):
        assert sms.send("test", f"+8491234567{number}", f"tin {number}")
    (tmp_path / f"stop-{where}").touch()
    with OutboxProcess(tmp_path, *LEASE) as first:
        assert wait_for(lambda: f"stopped-{where}" in lines(tmp_path)), first.log
        first.kill()
    assert SentMessage.objects.count() == (0 if where == "before" else 1)
    assert Entry.objects.count() == 3

    (tmp_path / f"stop-{where}").unlink()
    with OutboxProcess(tmp_path, *LEASE) as second:
        assert wait_for(lambda: not Entry.objects.exists()), second.log

    assert sorted(SentMessage.objects.values_list("to", "body")) == [
        (f"+8491234567{number}", f"tin {number}") for number in range(3)
    ]


def test_an_entry_that_kills_the_process_does_not_stop_the_others_and_is_parked(tmp_path: Path) -> None:
    outbox.enqueue("test.killer", "1")
    Entry.objects.filter(topic="test.killer").update(attempts=MAX_ATTEMPTS - 1)
    with OutboxProcess(tmp_path, *LEASE) as first:
        assert wait_for(lambda: first.process.poll() is not None), first.log
    assert lines(tmp_path) == ["ready", "killed"]

    outbox.enqueue("test.note", "2", {"number": 2})
    with OutboxProcess(tmp_path, *LEASE) as second:
        assert wait_for(lambda: Entry.objects.filter(parked_at__isnull=False).exists()), second.log
        assert wait_for(lambda: Entry.objects.count() == 1), second.log

    assert lines(tmp_path) == ["ready", "killed", "ready", "2:2"]
    assert Entry.objects.get().topic == "test.killer"


def test_asked_to_end_it_finishes_the_entry_in_hand_and_no_more(tmp_path: Path) -> None:
    outbox.enqueue("test.slow", "1", {"seconds": 0.7})
    outbox.enqueue("test.slow", "2", {"seconds": 0.7})
    with OutboxProcess(tmp_path, *LEASE) as process:
        assert wait_for(lambda: "begun:1" in lines(tmp_path)), process.log
        asked = time.monotonic()
        os.kill(process.process.pid, signal.SIGTERM)
        assert process.process.wait(20) == 0, process.log
        took_s = time.monotonic() - asked

    assert lines(tmp_path) == ["ready", "begun:1", "ended:1"]
    assert took_s < 0.7 + QUICK_S
    left = Entry.objects.get()
    assert (left.key, left.leased_until, left.attempts) == ("2", None, 0)


def test_asked_to_end_with_ctrl_c_while_idle_it_ends_at_once(tmp_path: Path) -> None:
    outbox.enqueue("test.note", "1", {"number": 1})
    with OutboxProcess(tmp_path, "--pause", "60") as process:
        assert wait_for(lambda: not Entry.objects.exists()), process.log
        time.sleep(0.3)
        asked = time.monotonic()
        os.kill(process.process.pid, signal.SIGINT)
        assert process.process.wait(20) == 0, process.log
    assert time.monotonic() - asked < QUICK_S
