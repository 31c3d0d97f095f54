"""A bad line between a phone and the site: a reverse proxy that cuts, delays, drops and duplicates by seed."""

from __future__ import annotations

import asyncio
import contextlib
import random
import re
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

FAULTS: Final = ("late", "cut before", "answer dropped", "answer cut", "twice", "busy")
LENGTH: Final = re.compile(rb"^content-length:\s*(\d+)", re.IGNORECASE | re.MULTILINE)
PER_HOP: Final = re.compile(rb"^(connection|keep-alive):.*\r\n", re.IGNORECASE | re.MULTILINE)
KNOWN: Final = re.compile(rb"^if-none-match:.*\r\n", re.IGNORECASE | re.MULTILINE)
BUSY: Final = (
    b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\nRetry-After: 0\r\nConnection: close\r\n\r\n"
)
FOREIGN: Final = (
    b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: %d\r\nConnection: close\r\n\r\n"
)


@dataclass
class Request:
    """One request as it came."""

    method: str
    path: str
    head: bytes
    body: bytes


Decide = Callable[[Request], str]


def seeded(seed: int, share: float = 0.35, paths: str = "/gui/") -> Decide:
    """Return a decider that spoils this share of the requests below ``paths``, the same for the same seed."""
    luck = random.Random(f"line:{seed}")

    def decide(request: Request) -> str:
        is_bad = luck.random() < share
        fault = luck.choice(FAULTS)
        return fault if is_bad and request.path.startswith(paths) else ""

    return decide


@dataclass
class Line:
    """The proxy, in a thread of its own. ``is_down``: a valley without signal; ``decide`` names a request's fault."""

    upstream: tuple[str, int]
    decide: Decide | None = None
    is_down: bool = False
    kbit_s: int = 0  # 0: as fast as it goes
    cut_after: Callable[[Request], int | None] | None = (
        None  # bytes of the answer's body, then the line breaks
    )
    rewrite: Callable[[str, bytes], bytes] | None = (
        None  # changes the body of what the server answers (tests of releases)
    )
    instead: bytes = b""  # a page with which something in between answers, whatever is asked
    asked: list[tuple[str, str, str]] = field(default_factory=list)  # method, path, fault
    sent_bytes: dict[str, int] = field(
        default_factory=dict
    )  # of bodies that reached the phone's side, by path
    under_way: int = 0  # requests whose answer may still be on its way
    port: int = 0

    def start(self) -> None:
        """Listen on a free port of loopback."""
        ready = threading.Event()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, args=(ready,), daemon=True)
        self._thread.start()
        ready.wait(10)

    def stop(self) -> None:
        """Hang up."""
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)

    @property
    def url(self) -> str:
        """Where phones find the site."""
        return f"http://localhost:{self.port}"

    def _run(self, ready: threading.Event) -> None:
        asyncio.set_event_loop(self._loop)
        server = self._loop.run_until_complete(asyncio.start_server(self._serve, "127.0.0.1", 0))
        self.port = server.sockets[0].getsockname()[1]
        ready.set()
        try:
            self._loop.run_forever()
        finally:
            server.close()
            for task in asyncio.all_tasks(self._loop):
                task.cancel()
            with contextlib.suppress(Exception):
                self._loop.run_until_complete(asyncio.sleep(0))
            self._loop.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            request = await _read(reader)
            if request is not None and not self.is_down:
                self.under_way += 1
                try:
                    await self._carry(request, writer)
                finally:
                    self.under_way -= 1
        except (OSError, asyncio.IncompleteReadError):
            pass  # somebody hung up: the phone, the server, or this line
        finally:
            writer.close()

    async def _carry(self, request: Request, writer: asyncio.StreamWriter) -> None:
        fault = self.decide(request) if self.decide else ""
        self.asked.append((request.method, request.path, fault))
        if fault == "cut before":
            return
        if fault == "busy":
            writer.write(BUSY)
            return await writer.drain()
        if self.instead:
            writer.write(FOREIGN % len(self.instead) + self.instead)
            return await writer.drain()
        if fault == "late":
            await asyncio.sleep(0.15)
        head, body = await self._ask(request)
        if fault == "twice":  # as a middlebox that repeats what it thinks was lost
            head, body = await self._ask(request)
        if fault == "answer dropped" or self.is_down:
            return
        if self.rewrite is not None:
            body = self.rewrite(request.path, body)
            head = re.sub(rb"(?im)^content-length:.*\r\n", b"Content-Length: %d\r\n" % len(body), head)
        end = len(body) // 2 if fault == "answer cut" else len(body)
        if self.cut_after is not None and (cut := self.cut_after(request)) is not None:
            end = min(end, cut)
        writer.write(head)
        await self._give(request, body[:end], writer)

    async def _give(self, request: Request, body: bytes, writer: asyncio.StreamWriter) -> None:
        step = 8192
        for place in range(0, len(body), step):
            part = body[place : place + step]
            writer.write(part)
            await writer.drain()
            self.sent_bytes[request.path] = self.sent_bytes.get(request.path, 0) + len(part)
            if self.kbit_s:
                await asyncio.sleep(len(part) * 8 / 1000 / self.kbit_s)
            if self.is_down:
                return
        if len(body) and self.cut_after is not None:
            await asyncio.sleep(0.05)  # what was written is to arrive before the line breaks

    async def _ask(self, request: Request) -> tuple[bytes, bytes]:
        reader, writer = await asyncio.open_connection(*self.upstream)
        try:
            writer.write(request.head + request.body)
            await writer.drain()
            head = await reader.readuntil(b"\r\n\r\n")
            length = LENGTH.search(head)
            if request.method == "HEAD" or head.split(b" ", 2)[1] in (b"204", b"304"):
                body = b""
            else:
                body = await (reader.readexactly(int(length[1])) if length else reader.read())
        finally:
            writer.close()
        head = PER_HOP.sub(b"", head).removesuffix(b"\r\n") + b"Connection: close\r\n\r\n"
        return head, body


async def _read(reader: asyncio.StreamReader) -> Request | None:
    try:
        head = await reader.readuntil(b"\r\n\r\n")
    except asyncio.IncompleteReadError:
        return None
    method, path, _version = head.split(b"\r\n", 1)[0].decode("latin-1").split(" ", 2)
    length = LENGTH.search(head)
    body = await reader.readexactly(int(length[1])) if length else b""
    head = PER_HOP.sub(b"", head).removesuffix(b"\r\n") + b"Connection: close\r\n\r\n"
    if path == "/sw.js":  # a test may rewrite it
        head = KNOWN.sub(b"", head)
    return Request(method, path, head, body)
