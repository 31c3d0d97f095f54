"""Turns allauth's rate limits that nobody catches into a page (without it the fourth sign-up a minute was a 500), and
sees to it that every answer to too many tries says when to come back."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import Final

from allauth.core.exceptions import RateLimited
from django.http import HttpRequest, HttpResponseBase

from base.shell import errors

RETRY_AFTER_S: Final = 600


class RateLimitedMiddleware:
    """Answers 429 where allauth raises RateLimited (account/internal/flows/phone_verification.py, send)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Pass the request on; a form shown again with a 429 (following, checkout) gets its Retry-After here."""
        response = self.get_response(request)
        if response.status_code == HTTPStatus.TOO_MANY_REQUESTS:
            response.headers.setdefault("Retry-After", str(RETRY_AFTER_S))
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponseBase | None:
        """Return the 429 page for a rate limit, None for anything else."""
        return errors.too_many(request, retry_after_s=60) if isinstance(exception, RateLimited) else None
