"""The pages of the school: the list of courses, courses, lessons. What people did is in ``records.py``."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.http import Http404, HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, HelpPanel
from wagtail.fields import StreamField
from wagtail.models import Page

from base.pagecache import expires_at
from base.shell.pages import ShownPageManager
from base.shell.reserved import PageSlugMixin, refusal_under_courses
from base.shell.review import ReviewersWords
from learning import courses, outline
from learning.blocks import lesson_blocks
from learning.packs import COURSE
from learning.parts import lesson_parts
from learning.querysets import CoursePageManager, LessonPageManager
from learning.records import Answer, Attempt, Enrolment, LearnerDevice, LessonProgress
from media.pictures import picture

__all__ = [
    "Answer",
    "Attempt",
    "CourseIndexPage",
    "CoursePage",
    "Enrolment",
    "LearnerDevice",
    "LessonPage",
    "LessonProgress",
]


class CourseIndexPage(PageSlugMixin, Page):
    """/hoc/: every course."""

    own_segment = "hoc"
    lead = models.CharField(_("First sentence"), max_length=300, blank=True)

    objects = ShownPageManager()

    max_count_per_parent = 1
    subpage_types = ["learning.CoursePage"]
    template = "learning/course_index_page.html"
    content_panels = [ReviewersWords(), *Page.content_panels, FieldPanel("lead")]

    class Meta:
        verbose_name = _("list of courses")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add one page of the courses, with their covers and the number of lessons."""
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        context["courses"] = courses.courses_on(self, request)
        context["nav"] = "learn"
        return context


class CoursePage(PageSlugMixin, Page):
    """A course: what one can do after it, and its lessons in order."""

    summary = models.CharField(
        _("In short"),
        max_length=400,
        help_text=_("What people can do after this course. One or two short sentences."),
    )
    level = models.CharField(_("For whom"), max_length=60, blank=True, help_text=_("Such as “Beginners”."))
    cover = models.ForeignKey(
        "media.Photo",
        verbose_name=_("Cover photo"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    cover_alt = models.CharField(_("What the cover photo shows"), max_length=200, blank=True)

    objects = CoursePageManager()

    parent_page_types = ["learning.CourseIndexPage"]
    subpage_types = ["learning.LessonPage"]
    template = "learning/course_page.html"
    content_panels = [
        ReviewersWords(),
        HelpPanel(template="learning/help/course.html", heading=_("How a course gets to people")),
        *Page.content_panels,
        FieldPanel("summary"),
        FieldPanel("level"),
        FieldPanel("cover"),
        FieldPanel("cover_alt"),
    ]

    class Meta:
        verbose_name = _("course")
        verbose_name_plural = _("courses")

    def slug_refusal(self, slug: str, depth: int | None) -> str:
        """Return why the course cannot have this slug (/hoc/cua-toi/ is not a course), or ""."""
        return refusal_under_courses(slug)

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add the lessons in order."""
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        context["cover"] = picture(request, self.cover_id, "cover", self.cover_alt)
        context["lessons"] = lessons = outline.lessons_of(self)
        for lesson in lessons:
            expires_at(request, lesson.expire_at)
        context["pack"] = f"{COURSE.kind}/{self.pk}"
        context["nav"] = "learn"
        return context


class LessonPage(PageSlugMixin, Page):
    """A lesson of a few minutes: text, photos, steps, and questions with feedback."""

    summary = models.CharField(_("In short"), max_length=300, blank=True)
    minutes = models.PositiveSmallIntegerField(_("Minutes"), default=5)
    body = StreamField(lesson_blocks(), verbose_name=_("Lesson"), use_json_field=True)

    objects = LessonPageManager()

    parent_page_types = ["learning.CoursePage"]
    subpage_types: ClassVar[list[str]] = []
    template = "learning/lesson_page.html"
    content_panels = [
        ReviewersWords(),
        HelpPanel(template="learning/help/lesson.html", heading=_("What makes a good lesson")),
        *Page.content_panels,
        FieldPanel("summary"),
        FieldPanel("minutes"),
        FieldPanel("body"),
    ]

    class Meta:
        verbose_name = _("lesson")
        verbose_name_plural = _("lessons")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add the lesson's place in its course. Nothing personal: this page is kept for everybody."""
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        context["outline"] = place = outline.outline_of(self)
        if place.is_withdrawn and not getattr(request, "is_preview", False):
            raise Http404
        expires_at(request, place.course_ends)
        for entry in place.lessons:
            expires_at(request, entry.expire_at)
        context["parts"] = lesson_parts(self)
        context["nav"] = "learn"
        return context
