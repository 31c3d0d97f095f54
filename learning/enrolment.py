"""Taking a course. Nobody has to sign up for one: the first thing done in it enrols."""

from __future__ import annotations

from datetime import datetime

from learning.learners import Learner
from learning.models import Enrolment


def enrol(learner: Learner, course_pk: int, moment: datetime) -> Enrolment:
    """Return the learner's enrolment in a course in which something was done at `moment`, made now if need be.

    Safe to repeat, in any order; the caller holds the learner.
    """
    enrolment, is_new = Enrolment.objects.get_or_create(
        **learner.as_fields(), course_id=course_pk, defaults={"begun_at": moment, "seen_at": moment}
    )
    if not is_new:
        enrolment.begun_at = min(enrolment.begun_at, moment)
        enrolment.seen_at = max(enrolment.seen_at, moment)
        enrolment.save(update_fields=["begun_at", "seen_at"])
    return enrolment
