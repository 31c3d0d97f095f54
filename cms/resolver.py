"""Finds the page that answers an address (design.md, decision 3): one query to find it, one to read it.

Wagtail's own way costs 5 to 11 queries before any template, and its language fallback turns into 404 as soon as a
language has a home page. Here the same address in Vietnamese answers for what is not translated, with a notice.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, F, OuterRef, Subquery, Value
from django.db.models.functions import Concat
from django.http import Http404, HttpRequest, HttpResponseBase, HttpResponseNotAllowed, HttpResponseRedirect
from django.utils import translation
from wagtail.models import Page, PageViewRestriction, Site
from wagtail.views import serve_chain
from wagtail.wagtail_hooks import check_view_restrictions

from base.pagecache import expires_at, public_page, touches, visitors_own
from base.shell.pages import SOURCE_LANGUAGE, is_restricted, path_from_url_path, unexpired

HOME_DEPTH = 2
QUERY_NAMES = ("trang", "chu-de")  # what our pages read of the query string


@dataclass(frozen=True, slots=True)
class Found:
    """The row that answers an address. `translated_url_path`: the same page exists in the language asked for."""

    pk: int
    content_type_id: int
    language: str
    is_restricted: bool
    translated_url_path: str | None


@public_page(stamps=("pages",), query=QUERY_NAMES)
def serve(request: HttpRequest, path: str) -> HttpResponseBase:
    """Answer with the live page at this path. Raises Http404 for drafts, for what has expired and for what is not."""
    if request.method not in ("GET", "HEAD"):
        return HttpResponseNotAllowed(["GET", "HEAD"])
    language = translation.get_language() or SOURCE_LANGUAGE
    found = find(path, language)
    if found is None:
        raise Http404
    if found.translated_url_path is not None:
        return HttpResponseRedirect(path_from_url_path(found.translated_url_path))
    page = read(found)
    page.is_fallback = found.language != language
    touches(request, f"page:{page.pk}")
    expires_at(request, page.expire_at)
    if found.is_restricted:
        return serve_restricted(page, visitors_own(request))
    response: HttpResponseBase = serve_chain(page, request, (), {})
    return response


def find(path: str, language: str) -> Found | None:
    """Return the page at this path below the home page of that language, or of Vietnamese. One query."""
    segments = [segment for segment in path.split("/") if segment]
    here = Page.objects.filter(
        depth=HOME_DEPTH, locale_id=OuterRef("locale_id"), translation_key__in=_home_translation_key()
    ).annotate(full=Concat("url_path", Value(path)))
    pages = Page.objects.filter(
        Exists(here.filter(full=OuterRef("url_path"))),
        unexpired(),
        live=True,
        depth=HOME_DEPTH + len(segments),
        locale__language_code__in={language, SOURCE_LANGUAGE},
    )
    if segments:
        pages = pages.filter(slug=segments[-1])  # this column has the index
    translated = (
        Page.objects.filter(unexpired(), live=True, locale__language_code=language)
        .filter(translation_key=OuterRef("translation_key"))
        .exclude(pk=OuterRef("pk"))
    )
    rows = pages.annotate(
        language=F("locale__language_code"),
        restricted=is_restricted(),
        translated_url_path=Subquery(translated.values("url_path")[:1]),
    ).values_list("pk", "content_type_id", "language", "restricted", "translated_url_path")
    by_language = {row[2]: Found(*row) for row in rows[:2]}
    return by_language.get(language) or by_language.get(SOURCE_LANGUAGE)


def read(found: Found) -> Any:
    """Return the page of its own type, with its language. One query."""
    model: Any = ContentType.objects.get_for_id(found.content_type_id).model_class() or Page
    related = getattr(model, "read_with", ())
    try:
        return model.objects.select_related("locale", *related).get(pk=found.pk)
    except model.DoesNotExist as gone:  # deleted since the first query
        raise Http404 from gone


def serve_restricted(page: Any, request: HttpRequest) -> HttpResponseBase:
    """Answer as Wagtail does, which checks again; never kept. Raises PermissionDenied for the wrong group.

    Wagtail sends people who are signed in, but in no group of the page, to the sign-in page, which sends them back.
    """
    if request.user.is_authenticated:
        for restriction in page.get_view_restrictions():
            is_by_password = restriction.restriction_type == PageViewRestriction.PASSWORD
            if not is_by_password and not restriction.accept_request(request):
                raise PermissionDenied
    response: HttpResponseBase = check_view_restrictions(serve_chain)(page, request, (), {})
    response["Cache-Control"] = "private, no-store"
    return response


def _home_translation_key() -> Any:
    """The home page of the site in every language, as a subquery."""
    return Site.objects.filter(is_default_site=True).values("root_page__translation_key")
