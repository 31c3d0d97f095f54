"""Which content security policy a path gets: the strict one, unless a longer prefix in CSP_BY_PREFIX names another."""

from __future__ import annotations

from typing import Any

from csp.middleware import CSPMiddleware, PolicyParts
from django.conf import settings
from django.http import HttpRequest, HttpResponseBase


class PolicyByPath(CSPMiddleware):
    """django-csp's middleware with named policies by path prefix (settings.CSP_POLICIES, CSP_BY_PREFIX)."""

    def get_policy_parts(
        self, request: HttpRequest, response: HttpResponseBase, report_only: bool = False
    ) -> PolicyParts:
        """Return the policy of the longest matching prefix; a view's own ``@csp_replace`` still comes on top.

        A preview is made by a request of Wagtail's own (``is_dummy``, which no visitor can set) under the page's public
        path, and shown in a frame of its admin: it keeps the page's policy but for that.
        """
        parts = super().get_policy_parts(request, response, report_only)
        name = policy_name(request.path_info)
        if parts.config is None and name is not None and not report_only:
            parts.config = settings.CSP_POLICIES[name]
        if getattr(request, "is_dummy", False):
            parts.replace = {**(parts.replace or {}), "frame-ancestors": ["'self'"]}
        return parts


def policy_name(path: str) -> str | None:
    """Return the name of the policy for a path, or None for the strict one."""
    prefixes: dict[str, Any] = settings.CSP_BY_PREFIX
    matching = [prefix for prefix in prefixes if path.startswith(prefix)]
    return prefixes[max(matching, key=len)] if matching else None
