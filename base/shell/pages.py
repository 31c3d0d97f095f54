"""Wagtail pages as our readers see them: their address from the row alone, and which rows anybody may read."""

from functools import lru_cache
from typing import Any, Self
from urllib.parse import quote
from uuid import UUID

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Length, Now, Substr
from django.urls import reverse
from django.utils import translation
from django.utils.translation import get_language
from wagtail.models import Page, PageManager, PageViewRestriction
from wagtail.query import PageQuerySet

from base.prepared import Param

SOURCE_LANGUAGE = "vi"


def page_path(page: Any, language: str | None = None) -> str:
    """Return the path of a page ("/chinh-sach/vay-von/"), under the prefix of `language` or of the active one.

    One site, so the first part of ``url_path`` is the home page of some language. Wagtail's own ``page.url`` always
    answers in the page's own language, which would throw a reader of fallback content out of hers.
    """
    return path_from_url_path(page.url_path, language)


def path_from_url_path(url_path: str, language: str | None = None) -> str:
    """``page_path`` for a row of which only ``url_path`` was read."""
    below_home = url_path.lstrip("/").partition("/")[2]
    return _home(language or get_language() or SOURCE_LANGUAGE) + quote(below_home)


@lru_cache(maxsize=32)
def _home(language: str) -> str:
    """Return the path of the home page. Kept: reversing it for each row of a list costs as much as the query."""
    with translation.override(language):
        return reverse("wagtail_serve", args=[""])


def is_restricted() -> Exists:
    """Whether the page, or a page above it, has a view restriction; for ``annotate`` and ``filter``.

    Wagtail's ``public()`` asks the restrictions first in a query of their own; this is part of the query.
    """
    above = PageViewRestriction.objects.annotate(above=Substr(OuterRef("path"), 1, Length("page__path")))
    return Exists(above.filter(page__path=F("above")))


def unexpired() -> Q:
    """Not past its end. Wagtail takes a page down only when its command runs; our pages compare at the request.

    By the database's clock, so that a prepared read (base.prepared) does not keep the time it was built at.
    """
    return Q(expire_at__isnull=True) | Q(expire_at__gt=Now())


class ShownPageQuerySet(PageQuerySet):
    """Pages that people read."""

    def shown(self) -> Self:
        """Those that anybody may read at this moment: live, not restricted, not past their end."""
        shown: Self = self.filter(unexpired(), ~is_restricted(), live=True)
        return shown

    def in_reading_language(self) -> Self:
        """Those in the active language, and in Vietnamese those that nobody has translated into it."""
        language = get_language() or SOURCE_LANGUAGE
        if language == SOURCE_LANGUAGE:
            source: Self = self.filter(locale__language_code=SOURCE_LANGUAGE)
            return source
        translated = Page.objects.filter(
            unexpired(), ~is_restricted(), live=True, locale__language_code=language
        ).values("translation_key")
        readable: Self = self.filter(
            Q(locale__language_code=language)
            | Q(locale__language_code=SOURCE_LANGUAGE) & ~Q(translation_key__in=translated)
        )
        return readable

    def counts_by_type(self) -> QuerySet[Any, Any]:
        """How many there are, in rows of one number to be summed: a read that is prepared cannot end in a sum."""
        by_type = self.order_by().values("content_type")
        return by_type.annotate(count=Count("pk")).values_list("count")

    def on_shelf(self, translation_key: UUID | Param) -> Self:
        """Those right below the page with this key or below its translations."""
        shelves = Page.objects.filter(translation_key=translation_key)
        parent = Substr("path", 1, Length("path") - Page.steplen)
        below: Self = self.alias(parent_path=parent).filter(parent_path__in=shelves.values("path"))
        return below


ShownPageManager = PageManager.from_queryset(ShownPageQuerySet)
