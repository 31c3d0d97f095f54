"""A TEST DOUBLE of an S3-compatible store: buckets in memory behind a loopback socket, asked over real HTTP.

It knows what our storage needs (put, get, head, delete of small objects, path style) and what matters here: whoever
comes without a signature reads only buckets that a policy opens. Signatures are not verified, nor is anything else.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import unquote, urlsplit


@dataclass
class Store:
    """The buckets: name -> key -> (body, headers). ``public`` are those that anybody reads."""

    public: frozenset[str]
    buckets: dict[str, dict[str, tuple[bytes, dict[str, str]]]] = field(default_factory=dict)
    url: str = ""

    def keys(self, bucket: str) -> list[str]:
        """Return the names of the objects in a bucket."""
        return sorted(self.buckets[bucket])


@contextmanager
def s3_double(*, public: str, private: str) -> Iterator[Store]:
    """Serve one public and one private bucket on a free loopback port."""
    store = Store(frozenset({public}), {public: {}, private: {}})
    handler = type("Handler", (_Handler,), {"store": store})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        store.url = f"http://127.0.0.1:{server.server_address[1]}"
        thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        try:
            yield store
        finally:
            server.shutdown()
            thread.join()


class _Handler(BaseHTTPRequestHandler):
    store: Store
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        bucket, key = self._asked()
        if bucket not in self.store.public and not self._is_signed():
            return self._answer(403)
        if key not in self.store.buckets.get(bucket, {}):
            return self._answer(404)
        body, headers = self.store.buckets[bucket][key]
        return self._answer(200, body, headers)

    do_HEAD = do_GET

    def do_PUT(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        bucket, key = self._asked()
        if not self._is_signed():
            return self._answer(403)
        kept = {name: self.headers[name] for name in ("Content-Type", "Cache-Control") if self.headers[name]}
        self.store.buckets[bucket][key] = (body, kept)
        return self._answer(200)

    def do_DELETE(self) -> None:
        bucket, key = self._asked()
        if not self._is_signed():
            return self._answer(403)
        self.store.buckets[bucket].pop(key, None)
        return self._answer(204)

    def _asked(self) -> tuple[str, str]:
        bucket, _, key = unquote(urlsplit(self.path).path).lstrip("/").partition("/")
        return bucket, key

    def _is_signed(self) -> bool:
        return self.headers.get("Authorization", "").startswith("AWS4-HMAC-SHA256 ")

    def _answer(self, status: int, body: bytes = b"", headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Last-Modified", formatdate(usegmt=True))
        self.send_header("ETag", f'"{len(body)}"')
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""
