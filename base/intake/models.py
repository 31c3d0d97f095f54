"""What devices have sent: one row per (owner, kind, id made on the device)."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone


class Entry(models.Model):
    """A thing taken in once. Its owner is a user or, without an account, a session's owner key."""

    kind = models.CharField(max_length=40)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, related_name="+")
    session_owner = models.CharField(max_length=64, blank=True)
    client_id = models.UUIDField()
    body_sha256 = models.CharField(max_length=64)
    result = models.CharField(max_length=200, blank=True)
    received_at = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(user__isnull=False, session_owner="")
                | (Q(user__isnull=True) & ~Q(session_owner="")),
                name="intake_has_exactly_one_owner",
            ),
            models.UniqueConstraint(
                fields=("user", "kind", "client_id"),
                condition=Q(user__isnull=False),
                name="taken_in_once_per_user",
            ),
            models.UniqueConstraint(
                fields=("session_owner", "kind", "client_id"),
                condition=Q(user__isnull=True),
                name="taken_in_once_per_session",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.client_id}"
