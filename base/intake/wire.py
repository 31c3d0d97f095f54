"""What goes over the line at /gui/ (docs/offline.md): read what came, without trusting any of it; write the answer."""

from __future__ import annotations

import base64
import binascii
import datetime as dt
import hashlib
import json
import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, NoReturn

from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from base.intake.kinds import Words
from base.intake.schema import LARGEST_WHOLE, Each, Fields, Id, Text, Whole, Wrong
from base.intake.uploads import LARGEST_CHUNK, LARGEST_FILE, Piece

MOST_BYTES: Final = 1024 * 1024  # of a request
MOST_ENTRIES: Final = 50
MOST_BODY: Final = 64 * 1024
MOST_FILES: Final = 10
OLDEST: Final = dt.timedelta(days=400)
CLOCK_SET_MS: Final = 2 * 60 * 1000  # from here on two reckonings of a moment tell of a clock that was set
SHA256: Final = re.compile(r"[0-9a-f]{64}", re.ASCII)
_RANGE: Final = re.compile(r"bytes (\d{1,10})-(\d{1,10})/(\d{1,10})", re.ASCII)
_DIGEST: Final = re.compile(r"(?:^|,)\s*sha-256=:([A-Za-z0-9+/=]{44}):\s*(?:$|,)", re.ASCII)


def now_ms() -> int:
    """Return this server's clock, by which a phone finds out how wrong its own is."""
    return int(timezone.now().timestamp() * 1000)


class Malformed(Exception):
    """The request is none of ours; ``status`` is 400, 413 or 422."""

    def __init__(self, words: str, status: int = 400) -> None:
        """Remember what to answer."""
        super().__init__(words)
        self.words, self.status = words, status


class _Anything:
    """A body; its kind looks at it."""

    optional = False

    def clean(self, value: object, where: str) -> Any:
        return value


class _Sha256:
    """64 hex digits."""

    optional = False

    def clean(self, value: object, where: str) -> str:
        if not isinstance(value, str) or not SHA256.fullmatch(value):
            raise Wrong(f"{where}: 64 hex digits are wanted")
        return value


_FILE: Final = Fields({"sha256": _Sha256(), "bytes": Whole(1, LARGEST_FILE)})
_ENTRY: Final = Fields(
    {
        "id": Id(),
        "kind": Text(40),
        "author": Text(64, optional=True),
        "made_at": Whole(-LARGEST_WHOLE),
        "after": Id(optional=True),
        "body": _Anything(),
        "files": Each(Text(40), _FILE, MOST_FILES, optional=True),
    }
)
_TOLD: Final = Fields({"now": Whole(), "at": Whole(-LARGEST_WHOLE)})


@dataclass(frozen=True, slots=True)
class Told:
    """What a phone knew of the time when it wrote an entry: what this server had told last, and its own clock then."""

    now: int
    at: int


@dataclass(frozen=True, slots=True)
class Batch:
    """What a phone sent at once; ``entries`` are still as they came, and so is what goes with each of ``told``."""

    entries: list[object]
    sent_at: int
    received_at: dt.datetime
    language: str
    told: list[object] = field(default_factory=list)

    def told_at(self, place: int) -> Told | None:
        """Return what the phone knew of the time at the entry in this place, if it says something sound."""
        try:
            return Told(**_TOLD.clean(self.told[place], "told"))
        except (IndexError, Wrong):
            return None


@dataclass(frozen=True, slots=True)
class Envelope:
    """An entry whose frame is right; its ``body`` is still as it came."""

    id: uuid.UUID
    kind: str
    author: str
    made_at: dt.datetime
    after: uuid.UUID | None
    body: object
    files: Mapping[str, Mapping[str, Any]]

    def all_of_it(self) -> dict[str, Any]:
        """Return what must be the same when the entry comes again."""
        return {"body": self.body, "files": self.files}

    def wanted_files(self) -> dict[str, int]:
        """Return the length of each file by its digest."""
        return {one["sha256"]: one["bytes"] for one in self.files.values()}


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of one entry."""

    id: str | None
    state: str
    status: int
    words: Words = ""
    url: str = ""
    errors: Mapping[str, Any] | None = None
    missing: tuple[str, ...] = ()
    is_repeat: bool = False

    def as_json(self) -> dict[str, Any]:
        """Return it as the phone gets it."""
        found: dict[str, Any] = {
            "id": self.id,
            "state": self.state,
            "words": self.words,
            "url": self.url,
            "errors": self.errors or {},
            "missing": list(self.missing),
        }
        if self.is_repeat:
            found["again"] = True
        plain: dict[str, Any] = in_words(found)
        return plain


def read_batch(request: HttpRequest, languages: Mapping[str, str]) -> Batch:
    """Return what was sent. Raises Malformed."""
    if request.content_type != "application/json":
        raise Malformed(_("This is not something our pages send."))
    whole = _parse(_body(request, MOST_BYTES))
    if not isinstance(whole, dict):
        _not_ours()
    entries, sent_at, language = whole.get("entries"), whole.get("sent_at"), whole.get("language", "")
    if not isinstance(entries, list) or not isinstance(sent_at, int) or not _is_clock(sent_at):
        _not_ours()
    if len(entries) > MOST_ENTRIES:
        raise Malformed(_("Too much was sent at once."), 413)
    language = language if isinstance(language, str) and language in languages else ""
    told = whole.get("told")
    return Batch(entries, sent_at, timezone.now(), language, told if isinstance(told, list) else [])


def read_entry(raw: object, batch: Batch, place: int = 0) -> Envelope:
    """Return the entry at this place of the batch. Raises Wrong.

    A phone sends in the order in which things were made: that tells where clocks that were wrong cannot.
    """
    found = _ENTRY.clean(raw, "entry")
    made_at = true_time(found["made_at"], batch, batch.told_at(place)) - dt.timedelta(
        microseconds=len(batch.entries) - place
    )
    return Envelope(**{**found, "made_at": made_at, "files": found["files"] or {}})


def true_time(made_at: int, batch: Batch, told: Told | None = None) -> dt.datetime:
    """Return when it was made by our clock: as long before it came as the phone's own clock says.

    Where that clock was set between writing and sending, as long after the phone had been told the time, and never
    before that. Never later than now, never older than 400 days.
    """
    ago_ms, most_ms = batch.sent_at - made_at, int(OLDEST.total_seconds() * 1000)
    if told is not None:
        since_told_ms = max(int(batch.received_at.timestamp() * 1000) - told.now, 0)
        by_told_ms = since_told_ms - (made_at - told.at)
        if 0 <= by_told_ms <= since_told_ms and abs(by_told_ms - ago_ms) > CLOCK_SET_MS:
            ago_ms = by_told_ms
        elif ago_ms > since_told_ms + CLOCK_SET_MS:
            ago_ms = since_told_ms
    return batch.received_at - dt.timedelta(milliseconds=min(max(ago_ms, 0), most_ms))


def id_of(raw: object) -> str | None:
    """Return the id of an entry with a wrong frame, so that the phone knows it again."""
    given = raw.get("id") if isinstance(raw, dict) else None
    try:
        return str(Id().clean(given, "id"))
    except Wrong:
        return None


def is_too_long(body: Mapping[str, Any]) -> bool:
    """Whether a body, of which is known that it can be stored, is over the limit."""
    return len(json.dumps(body, ensure_ascii=False).encode()) > MOST_BODY


def read_piece(request: HttpRequest) -> Piece:
    """Return the piece of a file in a PUT. Raises Malformed."""
    place = _RANGE.fullmatch(request.headers.get("Content-Range", ""))
    if place is None:
        raise Malformed("Content-Range: bytes first-last/total")
    first, last, total = (int(number) for number in place.groups())
    if total > LARGEST_FILE:
        raise Malformed(_("This file is too heavy (over 15 MB)."), 413)
    data = _body(request, LARGEST_CHUNK)
    if not first <= last < total or last - first + 1 != len(data):
        raise Malformed("Content-Range does not fit the body")
    digest = _DIGEST.search(request.headers.get("Content-Digest", ""))
    if digest is None:
        raise Malformed("Content-Digest: sha-256=:…:")
    try:
        said = base64.b64decode(digest[1], validate=True)
    except binascii.Error:
        raise Malformed("Content-Digest: sha-256=:…:") from None
    if hashlib.sha256(data).digest() != said:
        raise Malformed(_("The line broke a piece of the file. It is sent again."))
    return Piece(first, total, data)


def in_words(value: Any) -> Any:
    """Return JSON without lazy texts, in the active language."""
    if isinstance(value, Promise):
        return str(value)
    if isinstance(value, Mapping):
        return {str(key): in_words(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [in_words(one) for one in value]
    return value


def _body(request: HttpRequest, most: int) -> bytes:
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not length.isascii() or not length.isdigit():
        _not_ours()
    if len(length) > 12 or int(length) > most:
        raise Malformed(_("Too much was sent at once."), 413)
    return request.body


def _parse(text: bytes) -> object:
    try:
        found: object = json.loads(text.decode(), parse_constant=_no_constant)
    except (
        ValueError,
        RecursionError,
    ):  # broken UTF-8 is a ValueError, too, and so is a number of 5,000 digits
        _not_ours()
    return found


def _no_constant(name: str) -> NoReturn:
    raise ValueError(name)


def _is_clock(value: int) -> bool:
    return not isinstance(value, bool) and abs(value) <= LARGEST_WHOLE


def _not_ours() -> NoReturn:
    raise Malformed(_("This is not something our pages send."))
