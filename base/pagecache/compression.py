"""Compresses pages that are made for one person (desks, checkout); kept pages are compressed once, by the cache.

Compressing a page that holds a secret and repeats what a stranger sent can leak the secret (BREACH). Three things
stand against it: cookies are SameSite=Lax, so a stranger's page cannot ask for such a page in the background;
Django masks the CSRF token anew in each answer; and GZipMiddleware adds up to 100 random bytes ("Heal the Breach").
On 3G a desk of 12 KB instead of 3 would cost a farmer a second per page.
"""

from __future__ import annotations

from typing import Any, Final

from django.http import HttpRequest
from django.middleware.gzip import GZipMiddleware

from base.pagecache.public import plan_of

TEXT: Final = ("text/html", "application/json", "text/csv")


class CompressPersonalPages(GZipMiddleware):
    """Django's GZipMiddleware for text only (it would also pack photos) and not for pages that the cache takes."""

    def process_response(self, request: HttpRequest, response: Any) -> Any:
        """Compress a personal page of text."""
        plan = plan_of(request)
        if plan is not None and plan.is_public and response.status_code == 200:
            return response
        if response.streaming or not response.get("Content-Type", "").startswith(TEXT):
            return response
        return super().process_response(request, response)
