"""The panel of the home page: the first few courses."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from base.pagecache import expires_at
from base.shell.panels import Panel

COURSES = 4


def courses(request: HttpRequest) -> dict[str, Any] | None:
    """Return the first courses in the editors' order; None while there is none. Three queries."""
    from learning.models import CoursePage

    found = list(CoursePage.objects.shown().in_reading_language().for_list()[:COURSES])
    for course in found:
        expires_at(request, course.expire_at)
    return {"courses": found} if found else None


PANEL = Panel(
    name="courses", template="learning/home_panel.html", context=courses, order=200, stamps=("pages",)
)
