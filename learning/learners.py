"""Who is learning: an account, or a device whose id is in the session of somebody without an account."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

SESSION_KEY = "learner"


@dataclass(frozen=True, slots=True)
class Learner:
    """Owner of rows: exactly one of the two is set."""

    user_id: int | None = None
    device_id: uuid.UUID | None = None

    def __post_init__(self) -> None:
        if (self.user_id is None) == (self.device_id is None):
            raise ValueError("a learner is an account or a device")

    def as_fields(self) -> dict[str, Any]:
        """The owner as fields of a row and as a filter."""
        return (
            {"user_id": self.user_id, "device_id": self.device_id}
            if self.user_id is None
            else {"user_id": self.user_id}
        )

    def as_params(self) -> dict[str, Any]:
        """The owner as values of a prepared read (``OwnedQuerySet.of_one``)."""
        return {"user_id": self.user_id, "device_id": self.device_id}


def learner_of(request: HttpRequest) -> Learner | None:
    """Return who is learning, or None for a visitor who has not done anything yet. Never makes a session."""
    if request.user.is_authenticated:
        return Learner(user_id=request.user.pk)
    device = _device_in(request)
    return Learner(device_id=device) if device else None


def learner_for_writing(request: HttpRequest) -> Learner:
    """Return who is learning; a visitor without an account gets a new id in her session."""
    learner = learner_of(request)
    if learner is None:
        device = uuid.uuid4()
        request.session[SESSION_KEY] = str(device)
        learner = Learner(device_id=device)
    return learner


def take_device(request: HttpRequest) -> uuid.UUID | None:
    """Return the device id and remove it from the session: after sign-in the account is the learner."""
    device = _device_in(request)
    request.session.pop(SESSION_KEY, None)
    return device


def _device_in(request: HttpRequest) -> uuid.UUID | None:
    try:
        return uuid.UUID(request.session.get(SESSION_KEY, ""))
    except (TypeError, ValueError, AttributeError):
        return None
