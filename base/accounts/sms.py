"""Text messages: written into the outbox, carried out by a delivery backend.

No gateway can be reached from here, so the only backend is a test double, and it says so. A real one is a class with
``send(message)``, named by ``SMS_BACKEND``; it should pass ``message.id`` on as the gateway's own idempotency key.
"""

from __future__ import annotations

import logging
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from django.conf import settings
from django.utils.module_loading import import_string

from base import outbox
from base.access import rates
from base.accounts.phones import last4
from base.outbox.models import Entry

log = logging.getLogger(__name__)

TOPIC: Final = "sms"
PER_DAY: Final = 10  # messages of a sort to one phone: each costs money, and a stranger can ask for them
ABOUT_ORDERS: Final = frozenset(
    {"purchase placed"}
)  # counted apart, or ten made-up orders would use up the codes
DAY_S: Final = 24 * 3600


@dataclass(frozen=True, slots=True)
class Message:
    """One text message. ``id`` is made when it is written, so sending it twice can be noticed."""

    id: uuid.UUID
    kind: str
    to: str
    body: str


class Backend(Protocol):
    """What carries a message to a phone."""

    def send(self, message: Message) -> None:
        """Send it; raise to have it tried again later."""


class LogBackend:
    """Test double: keeps the message as a row that platform staff can read. NOTHING IS SENT to any phone."""

    def send(self, message: Message) -> None:
        """Keep the message once, however often the outbox brings it; its text stays out of the log."""
        from base.accounts.models import SentMessage

        SentMessage.objects.get_or_create(
            message_id=message.id, defaults={"topic": message.kind, "to": message.to, "body": message.body}
        )
        log.info(
            "test double, nothing sent: %s to the phone ending in %s is kept as a row",
            message.kind,
            last4(message.to),
        )


def send(kind: str, to: str, body: str) -> bool:
    """Write a message into the outbox; False (and no message) when the phone had its share for today.

    Callers must not show the difference: it would tell a stranger whether a phone has an account.
    """
    if not rates.hit("sms.day.orders" if kind in ABOUT_ORDERS else "sms.day", to, PER_DAY, DAY_S):
        log.warning("the phone ending in %s had %s messages today, no more are sent", last4(to), PER_DAY)
        return False
    outbox.enqueue(TOPIC, key=to, payload={"id": str(uuid.uuid4()), "kind": kind, "to": to, "body": body})
    return True


@outbox.handler(TOPIC)
def deliver(entries: Sequence[Entry]) -> None:
    """Hand waiting messages to the backend."""
    backend: Backend = import_string(settings.SMS_BACKEND)()
    for entry in entries:
        p = entry.payload
        backend.send(Message(uuid.UUID(p["id"]), p["kind"], p["to"], p["body"]))
