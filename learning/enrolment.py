"""Taking a course. Nobody has to sign up for one: the first thing done in it enrols."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import CharField, QuerySet

from base.prepared import Param, prepared
from learning.learners import Learner
from learning.models import CoursePage, Enrolment


def enrol(learner: Learner, course_path: str, moment: datetime) -> None:
    """Note that something was done in a course at `moment`. Safe to repeat, in any order; the caller holds her."""
    rows = _own(learner.user_id is not None).rows(**learner.as_params(), course=course_path)
    if not rows:
        course = CoursePage.objects.only("pk").get(path=course_path)
        Enrolment.objects.create(**learner.as_fields(), course_id=course.pk, begun_at=moment, seen_at=moment)
        return
    pk, begun_at, seen_at = rows[0]
    if not begun_at <= moment <= seen_at:
        Enrolment.objects.filter(pk=pk).update(begun_at=min(begun_at, moment), seen_at=max(seen_at, moment))


@prepared
def _own(is_account: bool) -> QuerySet[Enrolment, Any]:
    found = Enrolment.objects.of_one(is_account).filter(course__path=Param("course", CharField()))
    return found.values_list("pk", "begun_at", "seen_at")
