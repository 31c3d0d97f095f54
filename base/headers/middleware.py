"""Adds what Django's SecurityMiddleware does not: Permissions-Policy, and "private" for pages of one person."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

from base.pagecache.public import plan_of


class ExtraHeaders:
    """Permissions-Policy on every answer; Cache-Control on pages that say nothing about it themselves."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Add the headers that are missing."""
        response = self.get_response(request)
        response.headers.setdefault("Permissions-Policy", settings.PERMISSIONS_POLICY)
        plan = plan_of(request)
        if (plan is None or not plan.is_public) and "Cache-Control" not in response.headers:
            # no-cache, not no-store: "back" must work without network; desks say no-store themselves (never_cache)
            response.headers["Cache-Control"] = "private, no-cache"
        return response
