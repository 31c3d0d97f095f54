"""What learners did. Plain tables: they grow with people, and a tree of pages locks its parent at every write.

Every row belongs to an account or to a device (the session of somebody without an account), never to both.
"""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from learning.querysets import OwnedQuerySet


class LearnerDevice(models.Model):
    """Somebody without an account, by the id in her session. After sign-in the row stays and says whose it became."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    claimed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="learner_devices",
    )
    claimed_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return str(self.id)


class Owned(models.Model):
    """A row of exactly one owner."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="%(class)s_rows",
    )
    device = models.ForeignKey(
        LearnerDevice, null=True, blank=True, on_delete=models.CASCADE, related_name="%(class)s_rows"
    )

    objects = OwnedQuerySet.as_manager()

    class Meta:
        abstract = True


def _one_owner(name: str) -> models.CheckConstraint:
    """The constraint that a row has an account or a device, and not both."""
    account = models.Q(user__isnull=False, device__isnull=True)
    device = models.Q(user__isnull=True, device__isnull=False)
    return models.CheckConstraint(name=f"{name}_has_one_owner", condition=account | device)


class Enrolment(Owned):
    """Somebody takes a course; begun by the first thing done in it."""

    course = models.ForeignKey("learning.CoursePage", on_delete=models.PROTECT, related_name="enrolments")
    begun_at = models.DateTimeField()
    seen_at = models.DateTimeField(help_text=_("The last time something was done in the course."))

    class Meta:
        constraints = [
            _one_owner("enrolment"),
            models.UniqueConstraint(fields=["user", "course"], name="enrolment_once_per_user"),
            models.UniqueConstraint(fields=["device", "course"], name="enrolment_once_per_device"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id or self.device_id}: {self.course_id}"


class LessonProgress(Owned):
    """How far somebody is in a lesson."""

    lesson = models.ForeignKey("learning.LessonPage", on_delete=models.PROTECT, related_name="progress")
    begun_at = models.DateTimeField()
    completed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            _one_owner("progress"),
            models.UniqueConstraint(fields=["user", "lesson"], name="progress_once_per_user"),
            models.UniqueConstraint(fields=["device", "lesson"], name="progress_once_per_device"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id or self.device_id}: {self.lesson_id}"


class Attempt(Owned):
    """One go at a lesson's questions; the next go after a mistake is a new one, and all are kept.

    `client_id` is the id that a device gave it (for work done offline); a form without scripts has none and goes by
    owner, lesson and number. Devices make ids by themselves, so one is unique for its learner only.
    """

    lesson = models.ForeignKey("learning.LessonPage", on_delete=models.PROTECT, related_name="attempts")
    number = models.PositiveIntegerField()
    client_id = models.UUIDField(null=True, blank=True)
    begun_at = models.DateTimeField()

    class Meta:
        constraints = [
            _one_owner("attempt"),
            models.UniqueConstraint(fields=["user", "lesson", "number"], name="attempt_number_per_user"),
            models.UniqueConstraint(fields=["device", "lesson", "number"], name="attempt_number_per_device"),
            models.UniqueConstraint(fields=["user", "client_id"], name="attempt_client_id_per_user"),
            models.UniqueConstraint(fields=["device", "client_id"], name="attempt_client_id_per_device"),
        ]

    def __str__(self) -> str:
        return f"{self.lesson_id} #{self.number}"


class Answer(models.Model):
    """What was chosen for one question in one attempt.

    `question` and `choice` are the ids of blocks in the lesson's body, and no foreign keys: an editor may take a
    question out, and the answer stays. `is_correct` is as judged on that day.
    """

    attempt = models.ForeignKey(Attempt, on_delete=models.CASCADE, related_name="answers")
    question = models.UUIDField()
    choice = models.UUIDField()
    is_correct = models.BooleanField()
    answered_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["attempt", "question"], name="answer_once_per_attempt"),
        ]

    def __str__(self) -> str:
        return f"{self.attempt_id}: {self.question}"
