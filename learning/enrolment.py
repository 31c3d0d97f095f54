"""Taking a course. Nobody has to sign up for one: the first thing done in it enrols."""

from __future__ import annotations

from datetime import datetime

from learning.learners import Learner
from learning.models import Enrolment


def enrol(learner: Learner, course_pk: int, now: datetime) -> Enrolment:
    """Return the learner's enrolment in a course, made now if need be. Safe to repeat; the caller holds the learner."""
    enrolment, is_new = Enrolment.objects.get_or_create(
        **learner.as_fields(), course_id=course_pk, defaults={"begun_at": now, "seen_at": now}
    )
    if not is_new:
        enrolment.seen_at = now
        enrolment.save(update_fields=["seen_at"])
    return enrolment
