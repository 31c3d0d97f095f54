"""A phone that keeps entries and sends them to /gui/, as the worker's script does."""

from __future__ import annotations

import base64
import hashlib
import json
import time
import uuid
from typing import Any

from django.http import HttpResponse
from django.test import Client

from base.accounts.models import User
from base.intake.authors import author_key

HERE = {"Sec-Fetch-Site": "same-origin"}


def now_ms() -> int:
    return int(time.time() * 1000)


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


class Phone:
    """One phone with a cookie jar, signed in or not; its clock may be wrong by ``clock_ms``."""

    def __init__(self, user: User | None = None, clock_ms: int = 0) -> None:
        self.client = Client(raise_request_exception=False, headers=HERE)
        self.author, self.clock_ms = author_key(user) if user else "", clock_ms
        if user is not None:
            self.client.force_login(user)

    def entry(self, kind: str, body: Any, **changes: Any) -> dict[str, Any]:
        """Return an entry made just now by this phone's clock."""
        made = {
            "id": str(uuid.uuid4()),
            "kind": kind,
            "author": self.author,
            "made_at": now_ms() + self.clock_ms,
            "after": None,
            "body": body,
            "files": {},
        }
        return {**made, **changes}

    def post(self, entries: list[Any], **changes: Any) -> HttpResponse:
        return self.raw(json.dumps({"sent_at": now_ms() + self.clock_ms, "entries": entries, **changes}))

    def raw(self, text: str | bytes, content_type: str = "application/json", **headers: Any) -> HttpResponse:
        answer: Any = self.client.post("/gui/", text, content_type=content_type, headers=headers)
        return answer

    def send(self, *entries: Any, **changes: Any) -> list[dict[str, Any]]:
        """Return what became of each entry."""
        answer: Any = self.post(list(entries), **changes)
        results: list[dict[str, Any]] = answer.json()["results"]
        return results

    def states(self, *entries: Any) -> list[str]:
        return [result["state"] for result in self.send(*entries)]

    def put(self, data: bytes, first: int, last: int, whole: bytes | None = None, **headers: str) -> Any:
        """Send bytes ``first`` to ``last`` (included) of ``data``; ``whole`` is what is announced."""
        piece = data[first : last + 1]
        said = base64.b64encode(hashlib.sha256(piece).digest()).decode()
        sent = {
            "Content-Range": f"bytes {first}-{last}/{len(data)}",
            "Content-Digest": f"sha-256=:{said}:",
            **{name.replace("_", "-"): value for name, value in headers.items()},
        }
        address = f"/gui/tep/{sha256(whole or data)}/"
        return self.client.put(address, piece, content_type="application/octet-stream", headers=sent)

    def upload(self, data: bytes, step: int = 64 * 1024) -> dict[str, Any]:
        """Send a whole file; returns it as an entry names it."""
        for first in range(0, len(data), step):
            answer = self.put(data, first, min(first + step, len(data)) - 1)
            assert answer.status_code in (200, 201), answer.content
        return {"sha256": sha256(data), "bytes": len(data)}

    def head(self, data: bytes) -> Any:
        return self.client.head(f"/gui/tep/{sha256(data)}/")
