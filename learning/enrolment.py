"""Taking a course. Nobody has to sign up for one: the first thing done in it enrols."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import BigIntegerField, QuerySet

from base.prepared import Param, prepared
from learning.learners import Learner
from learning.models import Enrolment


def enrol(learner: Learner, course_pk: int, moment: datetime) -> None:
    """Note that something was done in a course at `moment`. Safe to repeat, in any order; the caller holds her."""
    rows = _own(learner.user_id is not None).rows(**learner.as_params(), course=course_pk)
    if not rows:
        Enrolment.objects.create(**learner.as_fields(), course_id=course_pk, begun_at=moment, seen_at=moment)
        return
    pk, begun_at, seen_at = rows[0]
    Enrolment.objects.filter(pk=pk).update(begun_at=min(begun_at, moment), seen_at=max(seen_at, moment))


@prepared
def _own(is_account: bool) -> QuerySet[Enrolment, Any]:
    found = Enrolment.objects.of_one(is_account).filter(course_id=Param("course", BigIntegerField()))
    return found.values_list("pk", "begun_at", "seen_at")
