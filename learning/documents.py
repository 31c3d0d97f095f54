"""Courses and lessons for the search: what anybody may read at this moment."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, Final

from django.db.models import BigIntegerField, QuerySet
from django.utils.translation import gettext_lazy as _

from base.prepared import params, prepared, room
from base.shell.pages import page_path, path_from_url_path
from learning.models import CoursePage, LessonPage
from media.blocks import plain_words
from search.documents import Card, SearchDocument

BATCH = 100
LENGTHS: Final = {
    "duoi-10": (_("Under 10 minutes"), 9),
    "10-20": (_("10 to 20 minutes"), 20),
    "tren-20": (_("Over 20 minutes"), 1 << 31),
}
"""Value in the address: what people call it, and the longest minutes of it."""


class CourseDocuments:
    """Kind "course"."""

    kind = "course"
    label = _("Courses")
    asked_as: tuple[str, ...] = ("khoa hoc", "lop hoc")
    narrowed_by: tuple[str, ...] = ("cap", "tieng")
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
                facets=self.facets(page),
                published_at=page.first_published_at,
            )

    def cards(self, ids: Collection[str]) -> Mapping[str, Card]:
        """Return cards of those of these ids that anybody may see now, in one query."""
        wanted = [int(pk) for pk in ids if pk.isdecimal()]
        rows = _cards(self.model, room(len(wanted))).rows(ids=wanted) if wanted else ()
        return {
            str(pk): Card(
                title=title,
                url=path_from_url_path(url_path),
                summary=summary,
                language=language,
                until=until,
                extra={"icon": "book"},
            )
            for pk, title, url_path, summary, language, until in rows
        }

    def words(self, page: Any) -> str:
        """The text that is searched besides title and summary."""
        return f"{page.summary} {page.level}"

    def facets(self, page: Any) -> dict[str, str]:
        """By what courses are narrowed, besides their language."""
        return {"cap": page.level} if page.level else {}

    def _shown(self, ids: Collection[str] | None) -> Any:
        pages = self.model.objects.shown().select_related("locale").order_by("pk")
        return pages if ids is None else pages.filter(pk__in=[int(pk) for pk in ids if pk.isdecimal()])


class LessonDocuments(CourseDocuments):
    """Kind "lesson"."""

    kind = "lesson"
    label = _("Lessons")
    asked_as = ("bai hoc", "bai giang")
    narrowed_by = ("dai", "tieng")
    model = LessonPage

    def words(self, page: Any) -> str:
        """The lesson with its questions."""
        return f"{page.summary} {plain_words(page.body)}"

    def facets(self, page: Any) -> dict[str, str]:
        """By what lessons are narrowed: how long they take."""
        return {"dai": length_of(page.minutes)}


def length_of(minutes: int) -> str:
    """Return which lengths this lesson belongs to; the values are search facets."""
    return next(value for value, (_label, limit) in LENGTHS.items() if minutes <= limit)


def length_names(values: Collection[str]) -> dict[str, str]:
    """Return what people call these lengths."""
    return {value: str(LENGTHS[value][0]) for value in values if value in LENGTHS}


def levels(values: Sequence[Any]) -> QuerySet[CoursePage, Any]:
    """Return those of these levels that some course anybody may see still has; a level is called by itself."""
    return CoursePage.objects.shown().filter(level__in=values).values_list("level", "level").distinct()


@prepared
def _cards(model: Any, count: int) -> QuerySet[Any, Any]:
    found: QuerySet[Any, Any] = model.objects.shown().filter(id__in=params("ids", count, BigIntegerField()))
    return found.order_by().values_list(
        "pk", "title", "url_path", "summary", "locale__language_code", "expire_at"
    )


SOURCES = (CourseDocuments(), LessonDocuments())
