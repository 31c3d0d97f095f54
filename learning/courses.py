"""Lists of courses, in the editors' order and the language being read: /hoc/ by page, the first on the home page."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from django.core.paginator import Page
from django.db.models import QuerySet, UUIDField
from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from wagtail.models import Page as WagtailPage

from base.pagecache import expires_at
from base.prepared import Param, Prepared, paged, prepared
from base.shell.pages import path_from_url_path
from learning.querysets import CoursePageQuerySet
from media.pictures import pictures

PAGE_SIZE: Final = 12


class Row(NamedTuple):
    """What a list reads of a course, in the order of ``COLUMNS``."""

    title: str
    level: str
    url_path: str
    language: str
    cover_id: int | None
    expire_at: dt.datetime | None
    lesson_count: int


COLUMNS: Final = (
    "title",
    "level",
    "url_path",
    "locale__language_code",
    "cover_id",
    "expire_at",
    "lesson_count",
)


@dataclass(frozen=True, slots=True)
class CourseCard:
    """One course in a list."""

    title: str
    level: str
    path: str
    language: str
    lesson_count: int
    picture: SafeString | None


def first_courses(request: HttpRequest, count: int) -> list[CourseCard]:
    """Return the first courses of the school. Two queries."""
    return _cards(request, _courses(get_language(), False, 0, count))


def courses_on(index: WagtailPage, request: HttpRequest) -> Page[CourseCard]:
    """Return the page of its courses that is asked for. Three queries."""
    shelf, language = index.translation_key, get_language()

    def part(start: int, stop: int) -> list[CourseCard]:
        return _cards(request, _courses(language, True, start, stop), shelf=shelf)

    count = sum(of_type for (of_type,) in _how_many(language).rows(shelf=shelf))
    return paged(count, part, PAGE_SIZE, request.GET.get("trang"))


def _cards(request: HttpRequest, read: Prepared, **values: Any) -> list[CourseCard]:
    rows = [Row._make(row) for row in read.rows(**values)]
    photos = pictures(request, {row.cover_id for row in rows if row.cover_id}, "card")
    for row in rows:
        expires_at(request, row.expire_at)
    return [
        CourseCard(
            title=row.title,
            level=row.level,
            path=path_from_url_path(row.url_path),
            language=row.language,
            lesson_count=row.lesson_count,
            picture=photos.get(row.cover_id or 0),
        )
        for row in rows
    ]


@prepared
def _courses(language: str, on_shelf: bool, start: int, stop: int) -> QuerySet[Any, Any]:
    found = _found(on_shelf).with_lesson_count().order_by("path")
    return found[start:stop].values_list(*COLUMNS)


@prepared
def _how_many(language: str) -> QuerySet[Any, Any]:
    return _found(True).counts_by_type()


def _found(on_shelf: bool) -> CoursePageQuerySet:
    """Return courses in the active language, which the prepared reads above are told of as well."""
    from learning.models import CoursePage

    found: CoursePageQuerySet = CoursePage.objects.shown().in_reading_language()
    return found.on_shelf(Param("shelf", UUIDField())) if on_shelf else found
