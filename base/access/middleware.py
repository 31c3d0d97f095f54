"""Enforces the permission matrix on every request, and says it when something may be deleted by nobody."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db.models import ProtectedError, RestrictedError
from django.http import HttpRequest, HttpResponseBase, HttpResponseNotAllowed
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from base.access import matrix
from base.access.roles import has_any
from base.shell import errors

log = logging.getLogger(__name__)


class AccessMiddleware:
    """Refuses whoever has no role in the row of the address, and everybody where there is no row.

    A row open to anyone asks nothing about the visitor, so that public pages cost no query.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Pass the request on; the work is in process_view, where the address is resolved. An address that refuses
        the method with an empty page (Django's own, and third parties') says it in words."""
        response = self.get_response(request)
        if isinstance(response, HttpResponseNotAllowed) and not response.content:
            return errors.wrong_method(request, response)
        return response

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponseBase | None:
        """Let the view run (None), send a guest to sign in, or raise PermissionDenied."""
        match = request.resolver_match
        assert match is not None  # process_view runs after resolving
        row = matrix.row_for(match)
        if row is None:
            log.error("no row in the permission matrix for %s (%s): refused", match.route, match.view_name)
            raise PermissionDenied
        if has_any(request, row.who):
            return None
        if request.user.is_authenticated:
            raise PermissionDenied
        if request.method == "POST":
            words = _(
                "You were signed out, so what you just sent is not saved yet. Sign in, then press “back” twice: what "
                "you typed is there again, and you can send it once more."
            )
            messages.warning(request, words)
        return redirect_to_login(_way_back(request))

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponseBase | None:
        """Say what to do when a third party's page tries to delete what others hang on; it does not catch that."""
        if not isinstance(exception, ProtectedError | RestrictedError):
            return None
        log.warning("not deleted, other things hang on it: %s", request.path)
        text = _(
            "Goods, orders or other things hang on it and must stay. Close a household or a cooperative instead: under "
            "“People and system”, take the tick away at “active”. Goods are put away on the household's desk."
        )
        back = _way_back(request)
        return errors.page(request, 409, heading=_("This cannot be deleted"), text=text, back=back)


def _way_back(request: HttpRequest) -> str:
    """Where to go after signing in: the page asked for, or for a post the page that it was sent from."""
    if request.method in ("GET", "HEAD"):
        return request.get_full_path()
    referer = request.headers.get("Referer", "")
    if url_has_allowed_host_and_scheme(referer, {request.get_host()}, require_https=request.is_secure()):
        parts = urlsplit(referer)
        return f"{parts.path}?{parts.query}" if parts.query else parts.path
    return "/"
