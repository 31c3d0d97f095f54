"""Take the entries of a batch in, each by itself: what one of them does wrong harms no other.

Some small ones share a transaction, each in a savepoint of its own: a commit costs as much as an entry. When such a
transaction fails as a whole, they are taken one by one. An entry with files is always alone, since a photo takes long
and SQLite has one writer at a time. Killed in the middle, what was committed stays; the phone asks again and hears it.
"""

from __future__ import annotations

import logging
from itertools import groupby
from typing import Any, Final

from django.db import DatabaseError, OperationalError, connection, transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _

from base.intake import kinds, uploads, wire
from base.intake.authors import is_author
from base.intake.kinds import Incoming, Kind, NotYet, Refused
from base.intake.schema import Wrong
from base.intake.uploads import WrongTotal
from base.intake.verbs import Answered, Conflict, Owner, accept_new, is_taken, receipt_of
from base.intake.wire import Answer, Batch, Envelope

log = logging.getLogger(__name__)


TOGETHER: Final = 10


def take_all(request: HttpRequest, batch: Batch) -> list[Answer]:
    """Return what became of each entry, in the order in which they came."""
    answers: list[Answer] = []
    read = [_read(raw, batch) for raw in batch.entries]
    for is_small, some in groupby(read, key=lambda one: isinstance(one, Envelope) and not one.files):
        found: list[Any] = list(some)
        if is_small:
            for first in range(0, len(found), TOGETHER):
                answers += _take_together(request, found[first : first + TOGETHER])
        else:
            answers += [take(request, one) if isinstance(one, Envelope) else one for one in found]
    return answers


def _read(raw: object, batch: Batch) -> Envelope | Answer:
    try:
        return wire.read_entry(raw, batch)
    except Wrong as wrong:
        return _refused(wire.id_of(raw), wrong)


def _take_together(request: HttpRequest, envelopes: list[Envelope]) -> list[Answer]:
    if len(envelopes) > 1:
        try:
            with transaction.atomic():
                return [take(request, envelope) for envelope in envelopes]
        except DatabaseError:  # at the commit: nothing of it is there
            log.warning("entries are taken one by one", exc_info=True)
    return [take(request, envelope) for envelope in envelopes]


def take(request: HttpRequest, envelope: Envelope) -> Answer:
    """Take one entry in, or say why not."""
    own_id = str(envelope.id)
    kind = kinds.find(envelope.kind)
    if kind is None:
        return _refused(own_id, Wrong("this site does not know such entries"))
    if not is_author(request.user, envelope.author):
        return Answer(own_id, "other", 401, _("This belongs to somebody else. It is sent when they sign in."))
    if kind.needs_account and not request.user.is_authenticated:
        return Answer(own_id, "other", 401, _("Sign in, then this is sent."))
    try:
        body = _body(kind, envelope)
    except Wrong as wrong:
        return _refused(own_id, wrong)
    try:
        if connection.in_atomic_block:  # whatever goes wrong with it must leave the others' transaction whole
            with transaction.atomic():
                return _take(request, kind, envelope, body)
        return _take(request, kind, envelope, body)
    except Refused as refusal:
        return Answer(own_id, "refused", refusal.status, refusal.words, errors=refusal.errors)
    except NotYet as reason:
        return Answer(own_id, "waits", 202, reason.args[0])
    except OperationalError:  # a lock that took too long, a deadlock, a database that is just restarting
        log.warning("an entry of kind %s could not be taken now", kind.name, exc_info=True)
    except Exception:  # ours to repair; the phone keeps the entry until we have
        log.exception("taking an entry of kind %s failed", kind.name)
    return Answer(own_id, "waits", 202, _("It could not be taken just now. It is sent again later."))


def _take(request: HttpRequest, kind: Kind, envelope: Envelope, body: dict[str, Any]) -> Answer:
    own_id, owner = str(envelope.id), Owner.of(request)
    try:
        receipt = receipt_of(kind.name, owner, envelope.id, envelope.all_of_it())
        if receipt is None:
            reason = _not_yet(owner, envelope)
            if reason is not None:
                return reason
            entry = _incoming(request, owner, kind, envelope, body)
            receipt = accept_new(
                kind.name, owner, envelope.id, envelope.all_of_it(), lambda: _apply(kind, entry)
            )
    except Conflict as conflict:
        words = _("Something else was sent before under the same number. What came first was kept.")
        return Answer(own_id, "conflict", 409, words, url=conflict.answer.get("url", ""))
    return Answer(own_id, "taken", 200, is_repeat=receipt.is_repeat, **receipt.answer)


def _body(kind: Kind, envelope: Envelope) -> dict[str, Any]:
    body = kind.schema.clean(envelope.body, "body")
    if wire.is_too_long(envelope.body):  # type: ignore[arg-type]  # an object, or the schema had refused it
        raise Wrong(f"body: more than {wire.MOST_BODY} bytes")
    if not set(envelope.files) <= set(kind.files):
        raise Wrong("files: has a file that is not known")
    return body


def _not_yet(owner: Owner, envelope: Envelope) -> Answer | None:
    own_id = str(envelope.id)
    if envelope.after is not None and not is_taken(owner, envelope.after, kinds.names()):
        return Answer(own_id, "waits", 202, _("It waits for what was written before it."))
    try:
        lacking = uploads.missing(owner, envelope.wanted_files())
    except WrongTotal:
        return _refused(own_id, Wrong("files: of another length than what was sent"))
    if lacking:
        return Answer(own_id, "waits", 202, _("It waits for its photo."), missing=tuple(lacking))
    return None


def _incoming(
    request: HttpRequest, owner: Owner, kind: Kind, envelope: Envelope, body: dict[str, Any]
) -> Incoming:
    files = {name: uploads.open_file(owner, one["sha256"]) for name, one in envelope.files.items()}
    entry = Incoming(request, owner, envelope.id, body, envelope.made_at, files)
    return entry.with_prepared(kind.prepare(entry)) if kind.prepare else entry


def _apply(kind: Kind, entry: Incoming) -> Answered:
    outcome = kind.apply(entry)
    answer = {"words": outcome.words, "url": outcome.url, "errors": outcome.errors}
    return Answered(outcome.result, wire.in_words({name: one for name, one in answer.items() if one}))


def _refused(own_id: str | None, wrong: Wrong) -> Answer:
    log.info("refused an entry: %s", wrong)
    words = _("This could not be read, so it was not taken. Write it once more on the page itself.")
    return Answer(own_id, "refused", 422, words, errors={"": [str(wrong)]})
