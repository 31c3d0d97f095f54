"""Finds the page that answers an address (design.md, decision 3): one query to find it, one to read it.

Wagtail's own way costs 5 to 11 queries before any template, and its language fallback turns into 404 as soon as a
language has a home page. Here the same address in Vietnamese answers for what is not translated, with a notice.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.db import DEFAULT_DB_ALIAS
from django.db.models import BigIntegerField, CharField, Exists, F, OuterRef, QuerySet, Subquery, TextField
from django.db.models.functions import Concat
from django.http import (
    Http404,
    HttpRequest,
    HttpResponseBase,
    HttpResponseNotAllowed,
    HttpResponsePermanentRedirect,
    HttpResponseRedirect,
)
from django.utils import translation
from wagtail.models import Locale, Page, PageViewRestriction, Site
from wagtail.views import serve_chain
from wagtail.wagtail_hooks import check_view_restrictions

from base.pagecache import expires_at, public_page, touches, visitors_own
from base.prepared import Param, params, prepared
from base.shell.pages import SOURCE_LANGUAGE, ShownPageQuerySet, is_restricted, path_from_url_path, unexpired
from cms import moved

HOME_DEPTH = 2
_PLACE = ("url_path", "locale__language_code")
QUERY_NAMES = ("trang", "chu-de")  # what our pages read of the query string


@dataclass(frozen=True, slots=True)
class Found:
    """The row that answers an address. `url_paths`: where the same page lives in each language that has it."""

    pk: int
    content_type_id: int
    language: str
    is_restricted: bool
    url_paths: Mapping[str, str]


@public_page(stamps=("pages",), query=QUERY_NAMES)
def serve(request: HttpRequest, path: str) -> HttpResponseBase:
    """Answer with the live page at this path. Raises Http404 for drafts, for what has expired and for what is not."""
    if request.method not in ("GET", "HEAD"):
        return HttpResponseNotAllowed(["GET", "HEAD"])
    language = translation.get_language() or SOURCE_LANGUAGE
    found = find(path, language)
    if found is None:
        return _to_new_address(path, language)
    if found.language != language and language in found.url_paths:
        return HttpResponseRedirect(path_from_url_path(found.url_paths[language]))
    page = read(found)
    page.is_fallback = found.language != language
    page.languages = _languages(found, language)
    page.canonical = _canonical(page)
    touches(request, f"page:{page.pk}")
    expires_at(request, page.expire_at)
    if found.is_restricted:
        return serve_restricted(page, visitors_own(request))
    response: HttpResponseBase = serve_chain(page, request, (), {})
    return response


def find(path: str, language: str) -> Found | None:
    """Return the page at this path below the home page of that language, or of Vietnamese. One query."""
    segments = [segment for segment in path.split("/") if segment]
    codes = [code for code, _name in settings.LANGUAGES]
    by_language = {}
    for pk, content_type, code, restricted, *paths in _at_path(len(segments)).rows(
        path=path, slug=segments[-1] if segments else "", languages=[language, SOURCE_LANGUAGE]
    ):
        url_paths = {code: url_path for code, url_path in zip(codes, paths, strict=True) if url_path}
        by_language[code] = Found(pk, content_type, code, bool(restricted), url_paths)
    return by_language.get(language) or by_language.get(SOURCE_LANGUAGE)


@prepared
def _at_path(segments: int) -> QuerySet[Page, Any]:
    here = Page.objects.filter(
        depth=HOME_DEPTH, locale_id=OuterRef("locale_id"), translation_key__in=_home_translation_key()
    ).annotate(full=Concat("url_path", Param("path", TextField()), output_field=TextField()))
    pages = Page.objects.filter(
        Exists(here.filter(full=OuterRef("url_path"))),
        unexpired(),
        live=True,
        depth=HOME_DEPTH + segments,
        locale__language_code__in=params("languages", 2, CharField()),
    )
    if segments:
        pages = pages.filter(slug=Param("slug", CharField()))  # this column has the index
    in_language = {
        f"in_{code.replace('-', '_')}": Subquery(_in_language(code)) for code, _ in settings.LANGUAGES
    }
    return pages.annotate(
        language=F("locale__language_code"), restricted=is_restricted(), **in_language
    ).values_list("pk", "content_type_id", "language", "restricted", *in_language)[:2]


def read(found: Found) -> Any:
    """Return the page of its own type, with its language. One query."""
    model: Any = ContentType.objects.get_for_id(found.content_type_id).model_class() or Page
    rows = _own_fields(model).rows(pk=found.pk)
    if not rows:  # deleted since the first query
        raise Http404
    page = model.from_db(DEFAULT_DB_ALIAS, _names(model), rows[0])
    page.locale = Locale(pk=page.locale_id, language_code=found.language)
    return page


def _to_new_address(path: str, language: str) -> HttpResponseBase:
    """Lead on from an address that is printed somewhere. Raises Http404 where nothing was.

    "no-cache", because another page may be given the old address one day.
    """
    address = moved.new_address(path, language)
    if address is None:
        raise Http404
    response = HttpResponsePermanentRedirect(address)
    response["Cache-Control"] = "no-cache"
    return response


@prepared
def _own_fields(model: Any) -> QuerySet[Any, Any]:
    found: QuerySet[Any, Any] = model._base_manager.filter(pk=Param("pk", BigIntegerField()))
    return found.values_list(*_names(model))


def _names(model: Any) -> list[str]:
    return [field.attname for field in model._meta.concrete_fields]


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


def _languages(found: Found, language: str) -> list[dict[str, Any]]:
    """The menu of languages: only those in which this page exists; a fallback is no content in a language."""
    names = dict(settings.LANGUAGES)
    return [
        {
            "code": code,
            "name": names[code],
            "url": path_from_url_path(url_path, code),
            "current": code == language,
        }
        for code, url_path in found.url_paths.items()
    ]


def _canonical(page: Any) -> str:
    """Return the one address of what is read under several: an alias' original's, a fallback's own; else ""."""
    if page.alias_of_id:
        original = ShownPageQuerySet(Page).shown().filter(pk=page.alias_of_id).values_list(*_PLACE).first()
        return path_from_url_path(*original) if original else ""
    return path_from_url_path(page.url_path, SOURCE_LANGUAGE) if page.is_fallback else ""


def _in_language(code: str) -> QuerySet[Any]:
    """The address of the outer page in one language, as a subquery: its live translation or itself."""
    pages = Page.objects.filter(unexpired(), live=True, locale__language_code=code)
    same: QuerySet[Any] = pages.filter(translation_key=OuterRef("translation_key"))
    return same.values("url_path")[:1]


def _home_translation_key() -> Any:
    """The home page of the site in every language, as a subquery."""
    return Site.objects.filter(is_default_site=True).values("root_page__translation_key")
