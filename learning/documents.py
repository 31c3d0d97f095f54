"""Courses and lessons for the search: what anybody may read at this moment."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from base.shell.pages import page_path
from learning.models import CoursePage, LessonPage
from media.blocks import plain_words
from search.documents import Card, SearchDocument

BATCH = 100


class CourseDocuments:
    """Kind "course"."""

    kind = "course"
    label = _("Courses")
    template_name = "search/card.html"
    model: Any = CoursePage

    def public(self, ids: Collection[str] | None = None) -> Iterable[SearchDocument]:
        """Yield what anybody may see now, of these ids or of all."""
        pages = self._shown(ids)
        for page in pages.iterator(chunk_size=BATCH):
            language = page.locale.language_code
            yield SearchDocument(
                kind=self.kind,
                object_id=page.pk,
                title=page.title,
                summary=page.summary,
                body=self.words(page),
                url=page_path(page, language),
                language=language,
            )

    def cards(self, ids: Collection[str]) -> Mapping[str, Card]:
        """Return cards of those of these ids that anybody may see now, in one query."""
        return {
            str(page.pk): Card(
                title=page.title,
                url=page_path(page),
                summary=page.summary,
                language=page.locale.language_code,
                until=page.expire_at,
                extra={"icon": "book"},
            )
            for page in self._shown(ids)
        }

    def words(self, page: Any) -> str:
        """The text that is searched besides title and summary."""
        return f"{page.summary} {page.level}"

    def _shown(self, ids: Collection[str] | None) -> Any:
        pages = self.model.objects.shown().select_related("locale").order_by("pk")
        return pages if ids is None else pages.filter(pk__in=[int(pk) for pk in ids if pk.isdecimal()])


class LessonDocuments(CourseDocuments):
    """Kind "lesson"."""

    kind = "lesson"
    label = _("Lessons")
    model = LessonPage

    def words(self, page: Any) -> str:
        """The lesson with its questions."""
        return f"{page.summary} {plain_words(page.body)}"


SOURCES = (CourseDocuments(), LessonDocuments())
