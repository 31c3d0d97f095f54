"""A wire to Elasticsearch that a test can cut, hold still or make slow."""

import contextlib
import socket
import threading
import time
from collections.abc import Iterator
from typing import Literal
from urllib.parse import urlsplit

State = Literal["open", "slow", "silent", "cut"]
SLOW_S = 2.0
"""More than twice what a search waits."""


class Wire:
    """Takes connections on a port of its own and carries them on. `state` may change at any time."""

    def __init__(self, target: str) -> None:
        parts = urlsplit(target)
        self._target = (parts.hostname or "127.0.0.1", parts.port or 9200)
        self._server = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._server.getsockname()[1]}"
        self.state: State = "open"
        self._ends: list[socket.socket] = []
        threading.Thread(target=self._take, daemon=True).start()

    def to(self, state: State) -> None:
        """From now on every connection, old or new, is treated so."""
        self.state = state
        if state == "cut":
            self.close_all()

    def close_all(self) -> None:
        """Cut every connection."""
        for end in self._ends:
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()
        self._ends.clear()

    def _take(self) -> None:
        while True:
            try:
                near, _ = self._server.accept()
            except OSError:
                return
            if self.state == "cut":
                near.close()
                continue
            far = socket.create_connection(self._target)
            self._ends += [near, far]
            for source, sink, is_answer in ((near, far, False), (far, near, True)):
                threading.Thread(target=self._carry, args=(source, sink, is_answer), daemon=True).start()

    def _carry(self, source: socket.socket, sink: socket.socket, is_answer: bool) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                if is_answer and self.state == "slow":
                    time.sleep(SLOW_S)
                while is_answer and self.state == "silent":
                    time.sleep(0.05)
                sink.sendall(data)
        with contextlib.suppress(OSError):
            sink.shutdown(socket.SHUT_WR)

    def end(self) -> None:
        """Take no connections any more."""
        self.to("cut")
        self._server.close()


@contextlib.contextmanager
def wire(target: str) -> Iterator[Wire]:
    """Yield a wire to this address."""
    made = Wire(target)
    try:
        yield made
    finally:
        made.end()
