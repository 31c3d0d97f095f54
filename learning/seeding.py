"""Makes sample courses for the seed command."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from learning.models import CourseIndexPage, CoursePage, LessonPage
from media.models import Photo
from media.seeding import body_data


def make_course(index: CourseIndexPage, data: Any, photos: Mapping[str, Photo]) -> CoursePage:
    """Publish a course (config.seed.records.Course) with its lessons; `photos` by picture key."""
    course = CoursePage(
        title=data.title,
        slug=data.slug,
        locale=index.locale,
        summary=data.summary,
        level=data.level,
        cover=photos.get(data.photo.key) if data.photo else None,
        cover_alt=data.photo.alt if data.photo else "",
    )
    index.add_child(instance=course)
    course.save_revision().publish()
    for lesson in data.lessons:
        _make_lesson(course, lesson, photos)
    return course


def _make_lesson(course: CoursePage, data: Any, photos: Mapping[str, Photo]) -> LessonPage:
    lesson = LessonPage(
        title=data.title,
        slug=data.slug,
        locale=course.locale,
        summary=data.summary,
        minutes=data.minutes,
        body=json.dumps(body_data(data.blocks, photos, f"{course.slug}/{data.slug}")),
    )
    course.add_child(instance=lesson)
    lesson.save_revision().publish()
    return lesson
