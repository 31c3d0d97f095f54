"""The real `manage.py run_outbox`: a topic that is stuck, and a chore that is, leave the others at work."""

from __future__ import annotations

import os
import signal
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from base import outbox
from base.accounts import sms
from base.accounts.models import SentMessage
from base.outbox.models import Entry
from search import indexing
from tests.integration.orders.outbox_process import OutboxProcess, lines, wait_for

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("database_url")]


@pytest.fixture
def silent() -> Iterator[socket.socket]:
    """A server that takes connections and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(30)
        yield server


def is_open(connection: socket.socket) -> bool:
    """Whether the other side still waits for an answer; reads away what it has sent."""
    connection.setblocking(False)
    try:
        while connection.recv(65536):
            pass
    except BlockingIOError:
        return True
    return False


def test_while_elasticsearch_is_silent_everything_else_goes_out(
    tmp_path: Path, silent: socket.socket, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ELASTICSEARCH_URL", f"http://127.0.0.1:{silent.getsockname()[1]}")
    outbox.enqueue(indexing.COPY_TOPIC, "product:1")
    with OutboxProcess(tmp_path, "--pause", "0.02") as process:
        waiting, _ = silent.accept()
        with waiting:
            outbox.enqueue(indexing.TOPIC, "product:1")
            outbox.enqueue("test.note", "1", {"number": 1})
            assert sms.send("test", "+84912345670", "tin")
            outbox.enqueue(indexing.COPY_TOPIC, "product:2")
            copies = Entry.objects.filter(topic=indexing.COPY_TOPIC)
            others = Entry.objects.exclude(topic=indexing.COPY_TOPIC)
            assert wait_for(lambda: not others.exists()), process.log
            assert is_open(waiting), "the others had to wait until Elasticsearch was given up"
            assert list(copies.values_list("key", "attempts")) == [("product:1", 1), ("product:2", 0)]
    assert "1:1" in lines(tmp_path)
    assert SentMessage.objects.count() == 1


def test_a_chore_that_is_stuck_holds_up_no_entry_and_asked_to_end_it_waits_for_both(tmp_path: Path) -> None:
    (tmp_path / "stuck-chore").touch()
    with OutboxProcess(tmp_path, "--pause", "0.02") as process:
        assert wait_for(lambda: "chore-begun" in lines(tmp_path)), process.log
        outbox.enqueue("test.note", "1", {"number": 1})
        assert wait_for(lambda: "1:1" in lines(tmp_path)), process.log
        assert "chore-ended" not in lines(tmp_path)
        os.kill(process.process.pid, signal.SIGTERM)
        (tmp_path / "stuck-chore").unlink()
        assert process.process.wait(30) == 0, process.log
    assert lines(tmp_path)[-1] == "chore-ended"
