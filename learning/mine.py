"""My courses: how far I am in each, and which lesson comes next."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.db.models.functions import Length, Substr
from wagtail.models import Page

from base.shell.pages import ShownPageQuerySet, page_path
from learning.learners import Learner
from learning.models import CoursePage, Enrolment, LessonProgress
from learning.outline import READ, Entry, as_entries


@dataclass(frozen=True, slots=True)
class CourseOfMine:
    """A course that I have begun. `next` is None when all its lessons are done."""

    title: str
    path: str
    done: int
    total: int
    next: Entry | None


def enrolments(learner: Learner) -> QuerySet[Enrolment]:
    """Return the learner's enrolments in courses that are shown, the last one used first (lazily)."""
    shown = CoursePage.objects.shown().values("pk")
    return (
        Enrolment.objects.of(learner)
        .filter(course__in=shown)
        .select_related("course")
        .order_by("-seen_at", "-pk")
    )


def with_progress(learner: Learner, rows: Sequence[Enrolment]) -> list[CourseOfMine]:
    """Return the courses of these enrolments with progress. Two queries, whatever their number."""
    lessons: dict[str, list[Sequence[Any]]] = defaultdict(list)
    parent = Substr("path", 1, Length("path") - Page.steplen)
    pages = (
        ShownPageQuerySet(Page)
        .shown()
        .alias(parent_path=parent)
        .filter(parent_path__in=[row.course.path for row in rows])
        .order_by("path")
    )
    for path, *row in pages.values_list("path", *READ):
        lessons[path[: -Page.steplen]].append(row)
    done = set(
        LessonProgress.objects.of(learner)
        .filter(completed_at__isnull=False)
        .values_list("lesson_id", flat=True)
    )
    return [_course(row.course, lessons[row.course.path], done) for row in rows]


def _course(course: CoursePage, lessons: list[Sequence[Any]], done: set[int]) -> CourseOfMine:
    entries = as_entries(lessons)
    return CourseOfMine(
        title=course.title,
        path=page_path(course),
        done=sum(1 for entry in entries if entry.pk in done),
        total=len(entries),
        next=next((entry for entry in entries if entry.pk not in done), None),
    )
