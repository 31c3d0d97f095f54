"""One demo of a folder at a time, and nothing that outlives it, even after kill -9. Standard library only.

The lock goes with the last process that has it open. A helper process has it open, too: it reads from a pipe that only
the demo writes to, so it sees the demo's end however it came, ends what the demo had started, and lets the lock go.
"""

import contextlib
import fcntl
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

from environment import Problem

PATIENCE_S = 10
LEFT_BEHIND_LIMIT_S = 3 * PATIENCE_S
ENDED = "ended"


class Helper:
    """Ends the processes that it was told of when whoever started it is gone without having ended them."""

    def __init__(self, lock: int) -> None:
        """Start it; it keeps ``lock`` open as long as it lives."""
        self._process = subprocess.Popen(
            [sys.executable, __file__], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True,
            pass_fds=(lock,), start_new_session=True,
        )  # fmt: skip

    def end_with_us(self, process: "subprocess.Popen[bytes]") -> None:
        """Tell it of a process that leads a session of its own."""
        self._say(str(process.pid))

    def dismiss(self) -> None:
        """Let it go: everything has ended."""
        self._say(ENDED)
        with contextlib.suppress(OSError):
            self._process.communicate()

    def _say(self, line: str) -> None:
        assert self._process.stdin is not None
        with contextlib.suppress(BrokenPipeError):  # somebody killed it
            print(line, file=self._process.stdin, flush=True)


@contextlib.contextmanager
def alone(path: Path, address: str) -> Iterator[Helper]:
    """Hold the lock at ``path`` while the block runs, and give the helper. Raises Problem when a demo has it."""
    lock = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        _take(lock)
        os.ftruncate(lock, 0)
        os.pwrite(lock, f"{os.getpid()} {address}".encode(), 0)
        helper = Helper(lock)
        try:
            yield helper
        finally:
            helper.dismiss()
    finally:
        os.close(lock)


def _take(lock: int) -> None:
    """Take the lock; where only the helper of a killed demo has it, wait until it has ended what was left behind."""
    deadline = time.monotonic() + LEFT_BEHIND_LIMIT_S
    while True:
        with contextlib.suppress(BlockingIOError):
            return fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        pid, _, address = os.pread(lock, 200, 0).decode().partition(" ")
        if pid and _is_alive([int(pid)]):
            raise Problem(
                f"A demo of this folder is running already: {address} (process {pid}). "
                f"Use it, or end it first: Ctrl-C where it was started, or kill {pid}"
            )
        if time.monotonic() > deadline:
            raise Problem(
                f"What a killed demo (process {pid}) left behind does not end. Look for it: ps -ef | grep {address}"
            )
        time.sleep(0.2)


def _is_alive(pids: Iterable[int]) -> bool:
    for pid in pids:
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            continue
        except PermissionError:  # somebody else's
            pass
        return True
    return False


def _help() -> None:
    """Be the helper: read whom to end, and end them when the pipe closes without a word."""
    told = sys.stdin.read().split()
    if ENDED in told:
        return
    groups = [int(pid) for pid in told]
    _signal(groups, signal.SIGTERM)
    deadline = time.monotonic() + PATIENCE_S
    while _is_alive(groups) and time.monotonic() < deadline:
        time.sleep(0.1)
    _signal(groups, signal.SIGKILL)


def _signal(groups: Iterable[int], number: int) -> None:
    for group in groups:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(group, number)


if __name__ == "__main__":
    _help()
