"""Where a lesson stands in its course: its number, and what comes before and after it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from wagtail.models import Page

from base.shell.pages import ShownPageQuerySet, page_path

if TYPE_CHECKING:
    from learning.models import CoursePage, LessonPage


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
    course = Page.objects.only("pk", "title", "url_path").get(path=lesson.path[: -Page.steplen])
    lessons = _entries(lesson.path[: -Page.steplen])
    number = next((entry.number for entry in lessons if entry.pk == lesson.pk), 0)
    return Outline(course.pk, course.title, page_path(course), lessons, number)


def _entries(course_path: str) -> list[Entry]:
    pages = (
        ShownPageQuerySet(Page)
        .shown()
        .filter(path__startswith=course_path, depth=len(course_path) // Page.steplen + 1)
        .order_by("path")
        .only("pk", "title", "url_path", "expire_at")
    )
    return as_entries(pages)


def as_entries(pages: Iterable[Page]) -> list[Entry]:
    """Return lessons in the order given, numbered from 1."""
    return [
        Entry(page.pk, number, page.title, page_path(page), page.expire_at)
        for number, page in enumerate(pages, start=1)
    ]
