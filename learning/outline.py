"""Where a lesson stands in its course: its number, and what comes before and after it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from django.db.models import CharField, IntegerField, QuerySet
from django.utils import timezone
from wagtail.models import Page

from base.prepared import Param, prepared
from base.shell.pages import ShownPageQuerySet, path_from_url_path

if TYPE_CHECKING:
    from learning.models import CoursePage, LessonPage

READ: Final = ("pk", "title", "url_path", "expire_at")  # what an Entry is made of


@dataclass(frozen=True, slots=True)
class Entry:
    """A lesson in the list of its course."""

    pk: int
    number: int
    title: str
    path: str
    expire_at: datetime | None


@dataclass(frozen=True, slots=True)
class Outline:
    """The course of a lesson, and the lesson's place in it: `number`, 0 for a lesson that is not shown (a preview)."""

    course_pk: int
    course_title: str
    course_path: str
    course_ends: datetime | None
    is_withdrawn: bool
    """Whether the course is a draft (again) or past its end; its lessons go with it."""
    lessons: Sequence[Entry]
    number: int

    @property
    def count(self) -> int:
        """How many lessons the course has."""
        return len(self.lessons)

    @property
    def done_before(self) -> int:
        """How many lessons come before this one."""
        return max(self.number - 1, 0)

    @property
    def next(self) -> Entry | None:
        """The lesson after this one; None at the end."""
        return self.lessons[self.number] if 0 < self.number < self.count else None


def lessons_of(course: CoursePage) -> list[Entry]:
    """Return the lessons that anybody may read, in the editors' order. One query."""
    return _entries(course.path)


def outline_of(lesson: LessonPage) -> Outline:
    """Return the place of a lesson in its course. Two queries."""
    course_path = lesson.path[: -Page.steplen]
    pk, title, url_path, ends, is_live = _course().rows(path=course_path)[0]
    is_withdrawn = not is_live or (ends is not None and ends <= timezone.now())
    lessons = _entries(course_path)
    number = next((entry.number for entry in lessons if entry.pk == lesson.pk), 0)
    return Outline(pk, title, path_from_url_path(url_path), ends, is_withdrawn, lessons, number)


def _entries(course_path: str) -> list[Entry]:
    first, last = Page._get_children_path_interval(course_path)  # as treebeard's get_children does
    depth = len(course_path) // Page.steplen + 1
    return as_entries(_lessons().rows(first=first, last=last, depth=depth))


@prepared
def _course() -> QuerySet[Page, Any]:
    columns = ("pk", "title", "url_path", "expire_at", "live")
    return Page.objects.filter(path=Param("path", CharField())).values_list(*columns)


@prepared
def _lessons() -> QuerySet[Page, Any]:
    below = Param("first", CharField()), Param("last", CharField())
    pages = ShownPageQuerySet(Page).shown().filter(depth=Param("depth", IntegerField()), path__range=below)
    return pages.order_by("path").values_list(*READ)


def as_entries(rows: Iterable[Sequence[Any]]) -> list[Entry]:
    """Return lessons, read as ``READ``, in the order given, numbered from 1."""
    return [
        Entry(pk, number, title, path_from_url_path(url_path), expire_at)
        for number, (pk, title, url_path, expire_at) in enumerate(rows, start=1)
    ]
