"""Turns allauth's rate limits that nobody catches into a page; without it the fourth sign-up a minute was a 500."""

from __future__ import annotations

from collections.abc import Callable

from allauth.core.exceptions import RateLimited
from django.http import HttpRequest, HttpResponseBase

from base.shell import errors


class RateLimitedMiddleware:
    """Answers 429 where allauth raises RateLimited (account/internal/flows/phone_verification.py, send)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Pass the request on; the work is in process_exception."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponseBase | None:
        """Return the 429 page for a rate limit, None for anything else."""
        return errors.too_many(request, retry_after_s=60) if isinstance(exception, RateLimited) else None
