"""Named reads: the rows of one learner, courses for a list."""

from __future__ import annotations

from typing import Any, Self

from django.db import models
from django.db.models import Count, Exists, OuterRef, Subquery
from django.db.models.functions import Coalesce, Length, Substr
from wagtail.models import Page, PageManager

from base.prepared import Param
from base.shell.pages import ShownPageQuerySet, is_restricted, unexpired
from learning.learners import Learner


class OwnedQuerySet(models.QuerySet[Any]):
    """Rows that belong to an account or to a device."""

    def of(self, learner: Learner) -> OwnedQuerySet:
        """The rows of this learner."""
        return self.filter(**learner.as_fields())

    def of_one(self, is_account: bool) -> OwnedQuerySet:
        """The rows of an account or of a device, for a prepared read with ``Learner.as_params``."""
        if is_account:
            return self.filter(user_id=Param("user_id", models.BigIntegerField()))
        return self.filter(user=None, device_id=Param("device_id", models.UUIDField()))


class CoursePageQuerySet(ShownPageQuerySet):
    """Courses."""

    def with_lesson_count(self) -> Self:
        """Add `lesson_count`: the lessons that anybody may read now."""
        parent = Substr("path", 1, Length("path") - Page.steplen)
        lessons = (
            Page.objects.filter(unexpired(), ~is_restricted(), live=True, content_type__model="lessonpage")
            .alias(parent_path=parent)
            .filter(parent_path=OuterRef("path"))
            .order_by()
            .values("content_type")
            .annotate(count=Count("pk"))
            .values("count")
        )
        counted: Self = self.annotate(lesson_count=Coalesce(Subquery(lessons), 0))
        return counted


CoursePageManager = PageManager.from_queryset(CoursePageQuerySet)


class LessonPageQuerySet(ShownPageQuerySet):
    """Lessons."""

    def shown(self) -> Self:
        """Those that anybody may read, of courses that are not withdrawn: Wagtail leaves lessons live then."""
        courses = Page.objects.filter(unexpired(), live=True, path=OuterRef("course_path"))
        of_course = Substr("path", 1, Length("path") - Page.steplen)
        shown: Self = super().shown().alias(course_path=of_course).filter(Exists(courses))
        return shown


LessonPageManager = PageManager.from_queryset(LessonPageQuerySet)
