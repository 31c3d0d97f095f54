"""What a phone can carry of the school: a course with its lessons, as anybody sees it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404, HttpRequest
from django.utils import timezone

from base.offline.packs import Contents, PackSource, key_of
from base.shell.pages import page_path
from learning.outline import lessons_of

if TYPE_CHECKING:
    from learning.models import CoursePage


def contents(request: HttpRequest, id: str) -> Contents:
    """Return the course page and its lessons in order; what ends first ends the pack. Raises Http404."""
    course = _course(id)
    lessons = lessons_of(course)
    ends = [when for when in (course.expire_at, *(lesson.expire_at for lesson in lessons)) if when]
    return Contents(
        title=course.title,
        addresses=[page_path(course), *(lesson.path for lesson in lessons)],
        expires=min((when for when in ends if when > timezone.now()), default=None),
    )


def _course(id: str) -> CoursePage:
    from learning.models import CoursePage

    found = CoursePage.objects.shown().filter(pk=key_of(id)).first()
    if found is None:
        raise Http404("no such course")
    course: CoursePage = found
    return course


COURSE = PackSource(kind="khoa-hoc", contents=contents)
