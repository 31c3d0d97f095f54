"""Take the entries of a batch in, each by itself: what one of them does wrong harms no other.

Some small ones share a transaction, since a commit costs as much as an entry; when one of them cannot be taken, nothing
of that transaction stays, and they are taken one by one. An entry with files is always alone, since a photo takes long
and SQLite has one writer at a time. Killed in the middle, what was committed stays; the phone asks again and hears it.
"""

from __future__ import annotations

import logging
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Final

from django.db import DatabaseError, OperationalError, transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _

from base.accounts import holding
from base.intake import kinds, uploads, wire
from base.intake.authors import is_author
from base.intake.kinds import Incoming, Kind, NotYet, Refused
from base.intake.schema import Wrong
from base.intake.uploads import WrongTotal
from base.intake.verbs import (
    Answered,
    Conflict,
    Kept,
    Owner,
    Receipt,
    accept_new,
    keep,
    kept_as,
    kept_of,
    receipt_from,
)
from base.intake.wire import Answer, Batch, Envelope

log = logging.getLogger(__name__)

TOGETHER: Final = 10
WAITED_FOR_EACH_OTHER: Final = (
    "40P01",
    "40001",
)  # what PostgreSQL calls it; one of the two was chosen to begin again


class _Apart(Exception):
    """One of those that share a transaction cannot be taken; its cause says why."""


@dataclass(slots=True)
class Sender:
    """Who sends a batch, and which of its ids were taken before (read once, since each query costs on a busy line)."""

    request: HttpRequest
    ids: Sequence[uuid.UUID]
    is_together: bool = False
    _kept: dict[tuple[str, uuid.UUID], Kept] | None = None
    _owner: Owner | None = None

    @property
    def owner(self) -> Owner:
        """The owner of what is taken; a session is begun only for something that may be."""
        if self._owner is None:
            self._owner = Owner.of(self.request)
        return self._owner

    @property
    def kept(self) -> dict[tuple[str, uuid.UUID], Kept]:
        """What was taken before, by kind and id."""
        if self._kept is None:
            self._kept = kept_of(self.owner, self.ids)
        return self._kept

    def receipt(self, kind: Kind, entry_id: uuid.UUID, whole: dict[str, Any]) -> Receipt | None:
        """Return what came of this entry if it was taken before. Raises Conflict when that was something else."""
        return receipt_from(self.kept.get((kind.name, entry_id)), whole)

    def hold(self) -> None:
        """Let one request of a person take things in at a time: two with the same entries in another order would wait
        for each other in a circle. What was read before that may be out of date."""
        user_id = self.request.user.pk  # none of a stranger, who may have nothing to be taken
        if user_id is not None:
            holding.hold(user_id)
            self.forget()

    def forget(self) -> None:
        """Look again: what was taken has been undone."""
        self._kept = None


def take_all(request: HttpRequest, batch: Batch) -> list[Answer]:
    """Return what became of each entry, in the order in which they came."""
    answers: list[Answer] = []
    read = [_read(raw, batch, place) for place, raw in enumerate(batch.entries)]
    envelopes = [one for one in read if isinstance(one, Envelope)]
    sender = Sender(request, [one_id for one in envelopes for one_id in (one.id, one.after) if one_id])
    for is_small, some in groupby(read, key=lambda one: isinstance(one, Envelope) and not one.files):
        found: list[Any] = list(some)
        if is_small:
            for first in range(0, len(found), TOGETHER):
                answers += _take_together(sender, found[first : first + TOGETHER])
        else:
            answers += [take(sender, one) if isinstance(one, Envelope) else one for one in found]
    return answers


def _read(raw: object, batch: Batch, place: int) -> Envelope | Answer:
    try:
        return wire.read_entry(raw, batch, place)
    except Wrong as wrong:
        return _refused(wire.id_of(raw), wrong)


def _take_together(sender: Sender, envelopes: list[Envelope]) -> list[Answer]:
    if len(envelopes) > 1:
        sender.is_together = True
        try:
            with transaction.atomic():
                sender.hold()
                return [take(sender, envelope) for envelope in envelopes]
        except (_Apart, DatabaseError) as error:  # nothing of it is there
            log.info("entries are taken one by one", exc_info=error)
            sender.forget()
        finally:
            sender.is_together = False
    return [take(sender, envelope) for envelope in envelopes]


def take(sender: Sender, envelope: Envelope, tries: int = 3) -> Answer:
    """Take one entry in, or say why not. Raises _Apart only for one that shares its transaction."""
    own_id, user = str(envelope.id), sender.request.user
    kind = kinds.find(envelope.kind)
    if kind is None:
        return _refused(own_id, Wrong("this site does not know such entries"))
    if not is_author(user, envelope.author):
        return Answer(own_id, "other", 401, _("This belongs to somebody else. It is sent when they sign in."))
    if kind.needs_account and not user.is_authenticated:
        return Answer(own_id, "other", 401, _("Sign in, then this is sent."))
    try:
        body = _body(kind, envelope)
    except Wrong as wrong:
        return _refused(own_id, wrong)
    try:
        return _take(sender, kind, envelope, body)
    except Exception as error:  # whatever a kind does wrong is ours to repair; the phone keeps the entry
        if sender.is_together:
            raise _Apart from error
        if tries > 1 and getattr(error.__cause__, "sqlstate", None) in WAITED_FOR_EACH_OTHER:
            sender.forget()
            return take(sender, envelope, tries - 1)
        return _not_taken(kind, own_id, error)


def _take(sender: Sender, kind: Kind, envelope: Envelope, body: dict[str, Any]) -> Answer:
    own_id, whole = str(envelope.id), envelope.all_of_it()
    try:
        receipt = sender.receipt(kind, envelope.id, whole)
        reason = _not_yet(sender, envelope) if receipt is None else None
        if reason is not None and reason.missing:
            sender.forget()  # taken in this very moment by another request of hers, it needs no photo any more
            receipt = sender.receipt(kind, envelope.id, whole)
        if receipt is None:
            if reason is not None:
                return reason
            entry = _incoming(sender, kind, envelope, body)
            receipt = _accept(sender, kind, entry, whole)
            sender.kept[kind.name, envelope.id] = kept_as(receipt, whole)
        uploads.forget(sender.owner, envelope.wanted_files())
    except Conflict as conflict:
        words = _("Something else was sent before under the same number. What came first was kept.")
        return Answer(own_id, "conflict", 409, words, url=conflict.answer.get("url", ""))
    return Answer(own_id, "taken", 200, is_repeat=receipt.is_repeat, **receipt.answer)


def _accept(sender: Sender, kind: Kind, entry: Incoming, whole: dict[str, Any]) -> Receipt:
    if sender.owner.user is None:  # no row to hold: the receipt comes first, and a second sender waits for it
        return accept_new(kind.name, sender.owner, entry.id, whole, lambda: _apply(kind, entry))
    if sender.is_together:
        return keep(kind.name, sender.owner, entry.id, whole, _apply(kind, entry))
    with transaction.atomic():
        sender.hold()
        taken = sender.receipt(kind, entry.id, whole)
        return taken or keep(kind.name, sender.owner, entry.id, whole, _apply(kind, entry))


def _not_taken(kind: Kind, own_id: str, error: Exception) -> Answer:
    if isinstance(error, Refused):
        return Answer(own_id, "refused", error.status, error.words, errors=error.errors)
    if isinstance(error, NotYet):
        return Answer(own_id, "waits", 202, error.args[0])
    # A lock that took too long, a database just restarting: passes by itself. Anything else is our fault.
    level = logging.WARNING if isinstance(error, OperationalError) else logging.ERROR
    log.log(level, "an entry of kind %s could not be taken", kind.name, exc_info=error)
    return Answer(own_id, "waits", 202, _("It could not be taken just now. It is sent again later."))


def _body(kind: Kind, envelope: Envelope) -> dict[str, Any]:
    body = kind.schema.clean(envelope.body, "body")
    if wire.is_too_long(envelope.body):  # type: ignore[arg-type]  # an object, or the schema had refused it
        raise Wrong(f"body: more than {wire.MOST_BODY} bytes")
    if not set(envelope.files) <= set(kind.files):
        raise Wrong("files: has a file that is not known")
    return body


def _not_yet(sender: Sender, envelope: Envelope) -> Answer | None:
    own_id = str(envelope.id)
    if envelope.after is not None and all(one_id != envelope.after for _kind, one_id in sender.kept):
        return Answer(own_id, "waits", 202, _("It waits for what was written before it."))
    try:
        lacking = uploads.missing(sender.owner, envelope.wanted_files())
    except WrongTotal:
        return _refused(own_id, Wrong("files: of another length than what was sent"))
    if lacking:
        return Answer(own_id, "waits", 202, _("It waits for its photo."), missing=tuple(lacking))
    return None


def _incoming(sender: Sender, kind: Kind, envelope: Envelope, body: dict[str, Any]) -> Incoming:
    files = {name: uploads.open_file(sender.owner, one["sha256"]) for name, one in envelope.files.items()}
    entry = Incoming(sender.request, sender.owner, envelope.id, body, envelope.made_at, files)
    return entry.with_prepared(kind.prepare(entry)) if kind.prepare else entry


def _apply(kind: Kind, entry: Incoming) -> Answered:
    outcome = kind.apply(entry)
    answer = {"words": outcome.words, "url": outcome.url, "errors": outcome.errors}
    return Answered(outcome.result, wire.in_words({name: one for name, one in answer.items() if one}))


def _refused(own_id: str | None, wrong: Wrong) -> Answer:
    log.info("refused an entry: %s", wrong)
    words = _("This could not be read, so it was not taken. Write it once more on the page itself.")
    return Answer(own_id, "refused", 422, words, errors={"": [str(wrong)]})
