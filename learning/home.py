"""The panel of the home page: the first few courses."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from base.shell.panels import Panel
from learning.courses import first_courses

COURSES = 4


def courses(request: HttpRequest) -> dict[str, Any] | None:
    """Return the first courses in the editors' order; None while there is none. Two queries."""
    found = first_courses(request, COURSES)
    return {"courses": found} if found else None


PANEL = Panel(
    name="courses", template="learning/home_panel.html", context=courses, order=200, stamps=("pages",)
)
