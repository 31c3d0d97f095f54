"""One effect that must happen outside the database, once its transaction has committed."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Entry(models.Model):
    """A row of the outbox. Waits until ``due_at``, is leased while worked on, then deleted; ``parked_at`` is poison."""

    topic = models.CharField(max_length=40)
    key = models.CharField(max_length=200)
    payload = models.JSONField(default=dict)
    created_at = models.DateTimeField(default=timezone.now)
    due_at = models.DateTimeField(default=timezone.now)
    attempts = models.PositiveSmallIntegerField(default=0)
    leased_until = models.DateTimeField(null=True, blank=True)
    parked_at = models.DateTimeField(null=True, blank=True)
    error = models.TextField(blank=True)

    class Meta:
        ordering = ("pk",)
        indexes: ClassVar = [
            models.Index(
                fields=("topic", "due_at", "id"),
                name="outbox_due_by_topic",
                condition=Q(parked_at__isnull=True),
            ),
            models.Index(fields=("topic", "key", "id"), name="outbox_order_per_key"),
        ]
        verbose_name = _("outbox entry")
        verbose_name_plural = _("outbox")

    def __str__(self) -> str:
        return f"{self.topic} {self.key}"
