"""From a device to an account: what somebody did before signing in becomes hers, once, whatever runs beside it.

Whoever writes for a learner first calls ``hold``; sign-in calls ``claim``. Both lock the same rows, so a form that is
on its way while its sender signs in lands in the account.
"""

from __future__ import annotations

import uuid

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from base.accounts import holding
from learning.learners import Learner
from learning.models import Attempt, Enrolment, LearnerDevice, LessonProgress


def hold(learner: Learner) -> Learner:
    """Lock a learner until the end of the transaction and return who it is by now: a claimed device is an account."""
    user_id = learner.user_id
    if learner.device_id is not None:
        device, _created = LearnerDevice.objects.select_for_update().get_or_create(pk=learner.device_id)
        if device.claimed_by_id is None:
            return learner
        user_id = device.claimed_by_id
    assert user_id is not None
    holding.hold(user_id)
    return Learner(user_id=user_id)


@transaction.atomic
def claim(device_id: uuid.UUID, user_id: int) -> None:
    """Give everything of a device to an account. Repeating it changes nothing; another's device is left alone."""
    device, _created = LearnerDevice.objects.select_for_update().get_or_create(pk=device_id)
    if device.claimed_by_id is not None:
        return
    hold(Learner(user_id=user_id))
    _move_enrolments(device_id, user_id)
    _move_progress(device_id, user_id)
    _move_attempts(device_id, user_id)
    device.claimed_by_id, device.claimed_at = user_id, timezone.now()
    device.save(update_fields=["claimed_by", "claimed_at"])


def _move_enrolments(device_id: uuid.UUID, user_id: int) -> None:
    own = {row.course_id: row for row in Enrolment.objects.filter(user_id=user_id)}
    for row in Enrolment.objects.filter(device_id=device_id):
        mine = own.get(row.course_id)
        if mine is None:
            _give(row, user_id)
            continue
        mine.begun_at, mine.seen_at = min(mine.begun_at, row.begun_at), max(mine.seen_at, row.seen_at)
        mine.save(update_fields=["begun_at", "seen_at"])
        row.delete()


def _move_progress(device_id: uuid.UUID, user_id: int) -> None:
    own = {row.lesson_id: row for row in LessonProgress.objects.filter(user_id=user_id)}
    for row in LessonProgress.objects.filter(device_id=device_id):
        mine = own.get(row.lesson_id)
        if mine is None:
            _give(row, user_id)
            continue
        done = [moment for moment in (mine.completed_at, row.completed_at) if moment is not None]
        mine.begun_at, mine.completed_at = min(mine.begun_at, row.begun_at), min(done, default=None)
        mine.save(update_fields=["begun_at", "completed_at"])
        row.delete()


def _move_attempts(device_id: uuid.UUID, user_id: int) -> None:
    """Every attempt is kept, once; those of the device are numbered after those of the account."""
    last = dict(
        Attempt.objects.filter(user_id=user_id)
        .values_list("lesson_id")
        .annotate(last=Max("number"))
        .order_by()
    )
    sent = Attempt.objects.filter(user_id=user_id, client_id__isnull=False).values("client_id")
    Attempt.objects.filter(device_id=device_id, client_id__in=sent).delete()  # sent with the account, too
    for row in Attempt.objects.filter(device_id=device_id).order_by("number"):
        row.number += last.get(row.lesson_id, 0)
        _give(row, user_id)


def _give(row: Enrolment | LessonProgress | Attempt, user_id: int) -> None:
    row.user_id, row.device_id = user_id, None
    row.save()
