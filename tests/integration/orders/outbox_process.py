"""Runs the real `manage.py run_outbox` in a process of its own, with handlers that tests can stop in the middle.

As a script it is that process: `python -m tests.integration.orders.outbox_process FOLDER ARGUMENTS…` registers
the handlers below, which write what they do into FOLDER, and calls the management command.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]


class OutboxProcess:
    """A drain of its own; ``lines`` is what its handlers wrote down.

    The site's own chores enqueue what they find to do (an index to build), which who counts entries does not want.
    """

    def __init__(self, folder: Path, *arguments: str, with_chores: bool = False) -> None:
        self.folder = folder
        self._log = (folder / "process.log").open("ab")
        command = [sys.executable, "-m", "tests.integration.orders.outbox_process", str(folder), *arguments]
        environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "config.settings.test",
            "PYTHONPATH": str(ROOT),
            "OUTBOX_TEST_CHORES": "site" if with_chores else "",
        }
        self.process = subprocess.Popen(
            command, cwd=ROOT, env=environment, stdout=self._log, stderr=self._log, start_new_session=True
        )

    def __enter__(self) -> OutboxProcess:
        return self

    def __exit__(self, *error: object) -> None:
        self.kill()
        self._log.close()

    def kill(self) -> None:
        """kill -9, and wait until it is gone."""
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait(10)

    @property
    def log(self) -> str:
        return (self.folder / "process.log").read_text()


def lines(folder: Path) -> list[str]:
    """Return what handlers wrote down so far, in order."""
    path = folder / "done.txt"
    return path.read_text().split() if path.exists() else []


def wait_for(is_so: object, limit_s: float = 30) -> bool:
    """Return whether ``is_so()`` became true in time."""
    assert callable(is_so)
    deadline = time.monotonic() + limit_s
    while time.monotonic() < deadline:
        if is_so():
            return True
        time.sleep(0.05)
    return False


def _write(folder: Path, text: str) -> None:
    with (folder / "done.txt").open("a") as file:
        file.write(text + "\n")


def _register(folder: Path) -> None:
    from base import outbox
    from base.outbox import chores
    from base.outbox.models import Entry

    def stuck() -> None:
        """Wait as long as the test wants; without its file this chore is nothing."""
        if (folder / "stuck-chore").exists():
            _write(folder, "chore-begun")
            wait_for(lambda: not (folder / "stuck-chore").exists(), 60)
            _write(folder, "chore-ended")

    if not os.environ["OUTBOX_TEST_CHORES"]:
        chores._planned.clear()
    chores.every(3600, "test", stuck)

    @outbox.handler("test.note")
    def note(entries: Sequence[Entry]) -> None:
        _write(folder, f"{entries[0].key}:{entries[0].payload['number']}")

    @outbox.handler("test.batch", batch=10)
    def batch(entries: Sequence[Entry]) -> None:
        """Stop in the middle of the batch until the test lets it go on."""
        for place, entry in enumerate(entries):
            if place == 5 and not (folder / "go").exists():
                _write(folder, "in-the-middle")
                time.sleep(60)
            _write(folder, f"batch:{entry.key}")

    @outbox.handler("test.slow")
    def slow(entries: Sequence[Entry]) -> None:
        _write(folder, f"begun:{entries[0].key}")
        time.sleep(entries[0].payload["seconds"])
        _write(folder, f"ended:{entries[0].key}")

    @outbox.handler("test.killer")
    def killer(entries: Sequence[Entry]) -> None:
        _write(folder, "killed")
        os.kill(os.getpid(), 9)


class StoppingBackend:
    """The SMS test double, which stops before or after it has kept the message until the test lets it go on."""

    def send(self, message: object) -> None:
        from base.accounts.sms import LogBackend

        folder = Path(os.environ["OUTBOX_TEST_FOLDER"])
        self._stop(folder, "before")
        LogBackend().send(message)
        self._stop(folder, "after")

    def _stop(self, folder: Path, where: str) -> None:
        if (folder / f"stop-{where}").exists():
            _write(folder, f"stopped-{where}")
            time.sleep(60)


def main(folder: Path, arguments: list[str]) -> None:
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command

    os.environ["OUTBOX_TEST_FOLDER"] = str(folder)
    settings.SMS_BACKEND = f"{__spec__.name}.StoppingBackend"
    _register(folder)
    _write(folder, "ready")
    call_command("run_outbox", *arguments)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
