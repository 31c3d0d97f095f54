"""Gets a page of this site from inside: as a stranger would get it, or as the person who asks sees her own desk."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from typing import Any, Final, cast
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.contrib.messages.storage.base import BaseStorage
from django.contrib.sessions.backends.base import SessionBase
from django.core.exceptions import PermissionDenied
from django.core.handlers.wsgi import WSGIRequest
from django.core.servers.basehttp import get_internal_wsgi_application
from django.http import Http404, HttpRequest, HttpResponseBase
from django.urls import Resolver404, resolve
from django.utils import translation

from base.access import matrix
from base.access.roles import has_any
from base.pagecache.entry import Entry, given

PASSED_ON: Final = ("HTTP_HOST", "SERVER_NAME", "SERVER_PORT", "REMOTE_ADDR", "wsgi.url_scheme")
FOR_NOBODY_ELSE: Final = re.compile(
    rb"""<input\b[^>]*\bname="(?:csrfmiddlewaretoken|entry_id)"[^>]*>\s*""", re.IGNORECASE
)
POST_FORM: Final = re.compile(rb"""<form\b(?=[^>]*\bmethod="post")(?![^>]*\bdata-queue=)""", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Drawn:
    """A page as it goes into a pack. ``entry`` is what the page cache knows of a public one."""

    body: bytes
    type: str
    entry: Entry | None = None


class Unavailable(Exception):
    """The page could not be made just now; that says nothing about whether it is still there."""


def as_stranger(request: HttpRequest, address: str) -> Drawn | None:
    """Return what somebody who is not signed in, with a browser that never was here, gets at a path of this site.

    The whole site answers, with its page cache and its middleware: what strangers may not see cannot be in a pack. None
    unless it is a page that the site keeps for everybody. Raises Unavailable.
    """
    inner = _request(request, address)
    with translation.override(None):
        response = _site().get_response(inner)
    entry = given(inner)
    if response.status_code >= 500 or response.status_code == 429:
        raise Unavailable(address)
    if response.status_code != 200 or response.streaming or entry is None:
        return None
    return Drawn(response.content, response.get("Content-Type", ""), entry)


def as_person(request: HttpRequest, address: str) -> Drawn | None:
    """Return the page as its view draws it for the person of ``request``, without what is true for one moment only.

    No session and no messages are touched; tokens and ids made for one form are taken out, and a form that cannot be
    sent without them is switched off. None where the person gets something else than a page. Raises PermissionDenied.
    """
    inner: Any = _request(request, address)
    inner.user = request.user
    inner.session = SessionBase()
    inner._messages = NoMessages(inner)
    try:
        with translation.override(
            translation.get_language_from_path(inner.path_info) or settings.LANGUAGE_CODE
        ):
            response = _view_of(inner)
            if response.status_code != 200:
                return None
            body = _body(response)
    except Http404:
        return None
    kind = response.headers.get("Content-Type", "")
    return Drawn(_settled(body) if kind.startswith("text/html") else body, kind)


def _view_of(request: HttpRequest) -> HttpResponseBase:
    """Ask the permission matrix as AccessMiddleware does, then call the view."""
    try:
        match = resolve(request.path_info)
    except Resolver404 as nothing:
        raise Http404 from nothing
    request.resolver_match = match
    row = matrix.row_for(match)
    if row is None or not has_any(request, row.who):
        raise PermissionDenied
    response: Any = match.func(request, *match.args, **match.kwargs)
    if hasattr(response, "render") and not response.is_rendered:
        response = response.render()
    return cast(HttpResponseBase, response)


def _body(response: HttpResponseBase) -> bytes:
    if not response.streaming:
        return cast(Any, response).content
    try:
        return b"".join(cast(Any, response))
    finally:  # not response.close(): that would end the outer request
        for close in cast(Any, response)._resource_closers:
            close()


def _settled(body: bytes) -> bytes:
    """Return the page without CSRF tokens and ids of one form; a form that would need them is switched off."""
    return POST_FORM.sub(b"<form inert", FOR_NOBODY_ELSE.sub(b"", body))


def _request(request: HttpRequest, address: str) -> WSGIRequest:
    """Return a GET of ``address`` at the host of ``request``, with nothing else of it."""
    parts = urlsplit(address)
    passed = {*PASSED_ON, *(settings.SECURE_PROXY_SSL_HEADER or ())[:1]}
    environ = {name: value for name, value in request.META.items() if name in passed}
    environ |= {
        "REQUEST_METHOD": "GET",
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote(parts.path).encode().decode("latin-1"),
        "QUERY_STRING": parts.query,
        "SERVER_PROTOCOL": "HTTP/1.1",
        "wsgi.input": io.BytesIO(),
    }
    environ.setdefault("wsgi.url_scheme", request.scheme or "http")
    environ.setdefault("SERVER_NAME", "localhost")
    environ.setdefault("SERVER_PORT", "80")
    inner = WSGIRequest(environ)
    inner.user = AnonymousUser()
    return inner


def _site() -> Any:
    """Return the site as this process serves it: the very object of config.wsgi, not a second one."""
    return get_internal_wsgi_application()


class NoMessages(BaseStorage):
    """Messages that are never read nor kept: those of the person wait for a page of hers."""

    def _get(self, *args: Any, **kwargs: Any) -> tuple[list[Any], bool]:
        return [], True

    def _store(self, messages: Any, response: Any, *args: Any, **kwargs: Any) -> list[Any]:
        return []
