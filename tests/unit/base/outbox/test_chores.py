"""Chores of the outbox process: each when it is due, and one that fails stops neither the others nor itself."""

from __future__ import annotations

import pytest

from base.outbox import chores


def test_chores_are_done_when_due_and_a_failing_one_stops_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    now, done = [1000.0], []
    monkeypatch.setattr(chores, "_planned", {})
    monkeypatch.setattr("base.outbox.chores.time.monotonic", lambda: now[0])

    def fail() -> None:
        done.append("fails")
        raise ValueError

    chores.every(60, "fails", fail)
    chores.every(10, "sweep", lambda: done.append("sweep"))
    for now[0] in (1000, 1005, 1010, 1059, 1060):
        chores.do_due_chores()

    assert done == ["fails", "sweep", "sweep", "sweep", "fails"]
