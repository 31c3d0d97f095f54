"""Take a thing in once: the same again changes nothing, the same id with another body is a conflict."""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from django.db import IntegrityError, transaction
from django.db.models import BigIntegerField, CharField, QuerySet, UUIDField

from base.intake.models import Entry
from base.prepared import Param, params, prepared, room

if TYPE_CHECKING:
    from django.http import HttpRequest

    from base.accounts.models import User

SESSION_KEY: Final = "intake_owner"


class Conflict(Exception):
    """The id was used before for something else (answer 409); its argument is what came of that, ``answer`` what was
    said about it."""

    def __init__(self, result: str, answer: Mapping[str, Any]) -> None:
        """Remember what came of the first."""
        super().__init__(result)
        self.answer = answer


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose thing it is: a user, or the owner key kept in the session of somebody without an account."""

    user: User | None = None
    session_owner: str = ""

    @classmethod
    def of(cls, request: HttpRequest) -> Owner:
        """Return the owner behind ``request``; makes the session's owner key on first use."""
        if request.user.is_authenticated:
            return cls(user=request.user)
        key = request.session.get(SESSION_KEY)
        if key is None:
            key = request.session[SESSION_KEY] = uuid.uuid4().hex
        return cls(session_owner=key)

    def as_fields(self) -> dict[str, Any]:
        """The owner as fields of a row and as a filter."""
        return {"user": self.user, "session_owner": self.session_owner}

    def entries(self) -> QuerySet[Entry]:
        """Return what was taken in from this owner."""
        return Entry.objects.filter(**self.as_fields())


@dataclass(frozen=True, slots=True)
class Receipt:
    """What came of it: the result text that ``apply`` returned, now or the first time, and its answer, if any."""

    result: str
    is_repeat: bool
    answer: Mapping[str, Any] = field(default_factory=dict)


class Kept(NamedTuple):
    """A thing that was taken in before."""

    body_sha256: str
    result: str
    answer: Mapping[str, Any]


class Answered(NamedTuple):
    """What ``apply`` returns when the sender is to hear the same each time: a result, and JSON to keep with it."""

    result: str
    answer: dict[str, Any]


def receipt_of(kind: str, owner: Owner, client_id: uuid.UUID, body: Mapping[str, Any]) -> Receipt | None:
    """Return what came of it if it was taken in before, else None. Raises Conflict when the body differs."""
    return receipt_from(kept_of(owner, [client_id]).get((kind, client_id)), body)


def receipt_from(kept: Kept | None, body: Mapping[str, Any]) -> Receipt | None:
    """``receipt_of`` for what ``kept_of`` found."""
    if kept is None:
        return None
    if kept.body_sha256 != _digest(body):
        raise Conflict(kept.result, kept.answer)
    return Receipt(kept.result, is_repeat=True, answer=kept.answer)


def kept_as(receipt: Receipt, body: Mapping[str, Any]) -> Kept:
    """Return what ``kept_of`` would find now."""
    return Kept(_digest(body), receipt.result, receipt.answer)


def kept_of(owner: Owner, client_ids: Sequence[uuid.UUID]) -> dict[tuple[str, uuid.UUID], Kept]:
    """Return what was taken in before under these ids, by kind and id. One query."""
    if not client_ids:
        return {}
    user_id = owner.user.pk if owner.user else None
    read = _kept(owner.user is not None, room(len(client_ids)))
    rows = read.rows(client_ids=client_ids, user=user_id, session_owner=owner.session_owner)
    return {(kind, client_id): Kept(*rest) for kind, client_id, *rest in rows}


@prepared
def _kept(is_account: bool, places: int) -> QuerySet[Entry, Any]:
    found = Entry.objects.filter(client_id__in=params("client_ids", places, UUIDField()))
    if is_account:
        found = found.filter(user_id=Param("user", BigIntegerField()))
    else:
        found = found.filter(user=None, session_owner=Param("session_owner", CharField()))
    return found.values_list("kind", "client_id", "body_sha256", "result", "answer")


def result_of(kind: str, owner: Owner, client_id: uuid.UUID) -> str | None:
    """Return what came of an entry that was taken in before, whatever its body; None when it was not."""
    found = owner.entries().filter(kind=kind, client_id=client_id)
    return found.values_list("result", flat=True).first()


def accept(
    kind: str,
    owner: Owner,
    client_id: uuid.UUID,
    body: Mapping[str, Any],
    apply: Callable[[], str | Answered],
) -> Receipt:
    """Run ``apply`` once for (owner, kind, client_id) and remember its result (at most 200 characters).

    All in one transaction: when ``apply`` raises, nothing is remembered and the sender may try again. Of two
    requests at the same time the second waits for the first. Raises Conflict when the body differs.
    """
    receipt = receipt_of(kind, owner, client_id, body)
    return receipt or accept_new(kind, owner, client_id, body, apply)


def accept_new(
    kind: str,
    owner: Owner,
    client_id: uuid.UUID,
    body: Mapping[str, Any],
    apply: Callable[[], str | Answered],
) -> Receipt:
    """``accept`` for who has just asked ``receipt_of``."""
    try:
        with transaction.atomic():
            entry = Entry.objects.create(
                kind=kind, client_id=client_id, body_sha256=_digest(body), **owner.as_fields()
            )
            outcome = apply()
            entry.result, entry.answer = (outcome, {}) if isinstance(outcome, str) else outcome
            Entry.objects.filter(pk=entry.pk).update(result=entry.result, answer=entry.answer)
            return Receipt(entry.result, is_repeat=False, answer=entry.answer)
    except IntegrityError:
        receipt = receipt_of(kind, owner, client_id, body)
        if receipt is None:  # the error came from ``apply``, not from our constraint
            raise
        return receipt


def keep(
    kind: str, owner: Owner, client_id: uuid.UUID, body: Mapping[str, Any], outcome: Answered
) -> Receipt:
    """Remember what came of it. For who holds the owner, has asked ``receipt_of`` since, and applied it in the same
    transaction: nobody else can have taken it meanwhile."""
    Entry.objects.create(
        kind=kind,
        client_id=client_id,
        body_sha256=_digest(body),
        result=outcome.result,
        answer=outcome.answer,
        **owner.as_fields(),
    )
    return Receipt(outcome.result, is_repeat=False, answer=outcome.answer)


def _digest(body: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(body, sort_keys=True, default=str).encode()).hexdigest()
