"""Write an effect into the outbox, within the caller's transaction."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def enqueue(topic: str, key: str, payload: Mapping[str, Any] | None = None) -> None:
    """Record that ``topic`` must be carried out for ``key`` once this transaction commits.

    Entries of one topic and key are carried out in the order they were written. ``payload`` is JSON.
    """
    from base.outbox.models import Entry

    Entry.objects.create(topic=topic, key=key[:200], payload=dict(payload or {}))


def is_waiting(topic: str) -> bool:
    """Return whether something of this topic is still to be done."""
    from base.outbox.models import Entry

    return Entry.objects.filter(topic=topic, parked_at__isnull=True).exists()


def retry_parked(entry_ids: list[int]) -> int:
    """Give parked entries another round of attempts; returns how many there were."""
    from django.utils import timezone

    from base.outbox.models import Entry

    return Entry.objects.filter(pk__in=entry_ids, parked_at__isnull=False).update(
        parked_at=None, attempts=0, leased_until=None, due_at=timezone.now()
    )
