"""Sessions that ended, and messages that staff have had time to read."""

from __future__ import annotations

import datetime as dt

from django.contrib.sessions.models import Session
from django.db.models import QuerySet
from django.utils import timezone

from base.accounts.models import SentMessage
from base.outbox.forgetting import forget


def forget_ended_sessions() -> int:
    """Delete sessions past their end; returns how many. (Django's ``clearsessions`` is one long statement.)"""
    return forget(Session.objects.filter(expire_date__lt=timezone.now()))


def old_messages(before: dt.datetime) -> QuerySet[SentMessage]:
    """Return the messages that the test double has kept since before then."""
    return SentMessage.objects.filter(sent_at__lt=before)
