"""Lists of articles in the language being read: the newest on the home page; on a section page by topic and page."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from django.db.models import CharField, QuerySet, TextChoices, UUIDField
from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from wagtail.models import Page

from base.pagecache import expires_at
from base.prepared import Param, paged, prepared
from base.shell.pages import ShownPageQuerySet, page_path, path_from_url_path
from media.pictures import pictures

PAGE_SIZE: Final = 12


class Row(NamedTuple):
    """What a list reads of an article, in the order of ``COLUMNS``."""

    title: str
    summary: str
    url_path: str
    language: str
    cover_id: int | None
    expire_at: dt.datetime | None


COLUMNS: Final = ("title", "summary", "url_path", "locale__language_code", "cover_id", "expire_at")


@dataclass(frozen=True, slots=True)
class ArticleCard:
    """One article in a list."""

    title: str
    summary: str
    path: str
    language: str
    picture: SafeString | None


def newest_articles(request: HttpRequest, count: int) -> list[ArticleCard]:
    """Return the newest articles of all shelves, without pictures. One query."""
    rows = _articles(get_language(), False, False, 0, count).rows()
    return _cards(request, [Row._make(row) for row in rows], {})


def articles_on(section: Page, request: HttpRequest, topics: type[TextChoices]) -> dict[str, Any]:
    """Return context for a list: `articles` (one page of them), `topic` (chosen or ""), `topics` (choices).

    Under another language the shelf also holds what stands on its Vietnamese original, untranslated.
    """
    topic = request.GET.get("chu-de", "")
    topic = topic if topic in topics.values else ""
    values = {"shelf": section.translation_key, "topic": topic}
    shape = (get_language(), True, bool(topic))

    def part(start: int, stop: int) -> list[ArticleCard]:
        rows = [Row._make(row) for row in _articles(*shape, start, stop).rows(**values)]
        covers = {row.cover_id for row in rows if row.cover_id}
        return _cards(request, rows, pictures(request, covers, "thumb"))

    count = sum(of_type for (of_type,) in _how_many(*shape).rows(**values))
    page = paged(count, part, PAGE_SIZE, request.GET.get("trang"))
    return {"articles": page, "topic": topic, "topics": topics.choices, "section_path": page_path(section)}


def _cards(request: HttpRequest, rows: list[Row], photos: dict[int, SafeString]) -> list[ArticleCard]:
    for row in rows:
        expires_at(request, row.expire_at)
    return [
        ArticleCard(
            title=row.title,
            summary=row.summary,
            path=path_from_url_path(row.url_path),
            language=row.language,
            picture=photos.get(row.cover_id or 0),
        )
        for row in rows
    ]


@prepared
def _articles(language: str, on_shelf: bool, by_topic: bool, start: int, stop: int) -> QuerySet[Any, Any]:
    found = _found(on_shelf, by_topic).order_by("-first_published_at", "-pk")
    return found[start:stop].values_list(*COLUMNS)


@prepared
def _how_many(language: str, on_shelf: bool, by_topic: bool) -> QuerySet[Any, Any]:
    return _found(on_shelf, by_topic).counts_by_type()


def _found(on_shelf: bool, by_topic: bool) -> ShownPageQuerySet:
    """Return articles in the active language, which the prepared reads above are told of as well."""
    from cms.models import PolicyPage

    found: ShownPageQuerySet = PolicyPage.objects.shown().in_reading_language()
    if on_shelf:
        found = found.on_shelf(Param("shelf", UUIDField()))
    if by_topic:
        found = found.filter(topic=Param("topic", CharField()))
    return found
