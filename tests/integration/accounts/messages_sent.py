"""What the test double "sent": reads the newest message to a phone."""

import re

from base import outbox
from base.accounts.models import SentMessage


def kinds_to(phone: str) -> list[str]:
    """Carry out the outbox; return the kinds of all messages to a phone, oldest first."""
    outbox.drain()
    return list(SentMessage.objects.filter(to=phone).order_by("pk").values_list("topic", flat=True))


def code_to(phone: str) -> str:
    """Carry out the outbox; return the newest code sent to a phone."""
    outbox.drain()
    newest = SentMessage.objects.filter(to=phone, topic="code").latest("pk")
    found = re.search(r"\b\d{6}\b", newest.body)
    assert found, newest.body
    return found.group()
