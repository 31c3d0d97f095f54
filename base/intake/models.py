"""What devices have sent: one row per (owner, kind, id made on the device), and files that come in pieces."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone


class Owned(models.Model):
    """A row of exactly one owner: a user or, without an account, a session's owner key."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, related_name="+")
    session_owner = models.CharField(max_length=64, blank=True)

    class Meta:
        abstract = True


def _one_owner(name: str) -> models.CheckConstraint:
    account = Q(user__isnull=False, session_owner="")
    session = Q(user__isnull=True) & ~Q(session_owner="")
    return models.CheckConstraint(name=f"{name}_has_exactly_one_owner", condition=account | session)


class Entry(Owned):
    """A thing taken in once.

    ``result`` is for us, ``answer`` what the sender was told: it is told the same when the thing comes again.
    """

    kind = models.CharField(max_length=40)
    client_id = models.UUIDField()
    body_sha256 = models.CharField(max_length=64)
    result = models.CharField(max_length=200, blank=True)
    answer = models.JSONField(default=dict, blank=True)
    received_at = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        constraints: ClassVar = [
            _one_owner("intake"),
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


class Upload(Owned):
    """A file on its way to an entry. Once all is received it is known to have the content it was announced with."""

    sha256 = models.CharField(max_length=64)
    total = models.PositiveIntegerField()
    received = models.PositiveIntegerField(default=0)
    touched_at = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        constraints: ClassVar = [
            _one_owner("upload"),
            models.CheckConstraint(condition=Q(received__lte=F("total")), name="upload_received_at_most_all"),
            models.UniqueConstraint(
                fields=("user", "sha256"), condition=Q(user__isnull=False), name="upload_once_per_user"
            ),
            models.UniqueConstraint(
                fields=("session_owner", "sha256"),
                condition=Q(user__isnull=True),
                name="upload_once_per_session",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sha256[:8]} {self.received}/{self.total}"

    @property
    def is_whole(self) -> bool:
        """Whether nothing is missing any more."""
        return self.received == self.total


class Chunk(models.Model):
    """A piece of an upload."""

    upload = models.ForeignKey(Upload, on_delete=models.CASCADE, related_name="chunks")
    begins_at = models.PositiveIntegerField()
    data = models.BinaryField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("upload", "begins_at"), name="chunk_once_per_place")
        ]

    def __str__(self) -> str:
        return f"{self.upload_id} from {self.begins_at}"
