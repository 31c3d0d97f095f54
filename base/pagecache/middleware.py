"""First of all middleware: gives kept pages away before anything else runs, and keeps what public views answer."""

from __future__ import annotations

import hashlib
import logging
import time
from collections.abc import Callable
from typing import Final, cast
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseBase

from base.pagecache import generations
from base.pagecache.entry import Entry, answer, build, can_keep
from base.pagecache.plan import Plan
from base.pagecache.public import plan_of
from base.pagecache.query import pairs_for_key
from base.pagecache.release import release

log = logging.getLogger(__name__)

LOCK_S: Final = 10
WAIT_S: Final = 0.3  # how long a request waits for another one that makes the same page
STEP_S: Final = 0.02


class PageCacheMiddleware:
    """A hit costs one read of the entry and one of its stamps; a miss runs the site as if this were not here."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer from the cache, or run the view and keep what it says may be kept."""
        key = page_key(request)
        if key is None:
            return self._make(request, None)
        entry = _load(key)
        if entry is None:
            return self._make(request, key)
        if _is_good(entry):
            if time.time() < entry.fresh_until or not _lock(key):
                return answer(request, entry)
        elif not _lock(key):  # somebody else is making it: two may make the same page, twenty should not
            entry = _awaited(key)
            if entry is not None:
                return answer(request, entry)
        try:
            entry = _load(key)  # whoever had the lock until this moment may have made it
            if entry is not None and _is_good(entry) and time.time() < entry.fresh_until:
                return answer(request, entry)
            return self._make(request, key)
        finally:
            _unlock(key)

    def _make(self, request: HttpRequest, key: str | None) -> HttpResponseBase:
        response = self.get_response(request)
        plan = plan_of(request)
        if plan is None or not plan.is_public:
            return response
        if getattr(request, "_csp_nonce", None) is not None:
            plan.touched("a CSP nonce")
        if not plan.is_public or request.method == "HEAD" or not can_keep(response):
            return response  # what a view answers to HEAD may have no body
        return _kept(request, cast(HttpResponse, response), plan, key)


def page_key(request: HttpRequest) -> str | None:
    """Return the key of the page asked for, or None if it cannot be a kept one.

    The host is checked against ALLOWED_HOSTS by ``get_host``, which answers 400 for any other.
    """
    if request.method not in ("GET", "HEAD") or getattr(request, "is_dummy", False):
        return None  # is_dummy: Wagtail sends a made-up request through all middleware to preview a draft
    found = pairs_for_key(request)
    if found is None:
        return None
    parts = (
        release(),
        request.scheme or "",
        request.get_host().lower(),
        request.path,
        urlencode(found),
        "save" if request.META.get("HTTP_SAVE_DATA", "").lower() == "on" else "",
    )
    return (
        "pc:p:"
        + hashlib.blake2b("\n".join(parts).encode("utf-8", "surrogatepass"), digest_size=20).hexdigest()
    )


def _kept(request: HttpRequest, response: HttpResponse, plan: Plan, key: str | None) -> HttpResponse:
    """Keep the page unless it has no key or something changed meanwhile, and answer with it either way."""
    tokens = plan.final_tokens()
    entry = build(response, plan, tokens or {})
    if key is not None and tokens is not None and not plan.is_over():
        generations.keep(key, entry, entry.timeout_s())
    return answer(request, entry)


def _load(key: str) -> Entry | None:
    entry: Entry | None = generations.kept(key)
    return entry


def _is_good(entry: Entry) -> bool:
    try:
        return not entry.is_over() and generations.are_current(entry.tokens)
    except Exception:
        log.exception("The page cache could not be read")
        return False


def _awaited(key: str) -> Entry | None:
    """Wait a little for the request that makes the page; None if it did not keep one."""
    end = time.monotonic() + WAIT_S
    while time.monotonic() < end:
        time.sleep(STEP_S)
        is_locked = generations.kept(f"{key}:lock") is not None
        entry = _load(key)
        if entry is not None and _is_good(entry):
            return entry
        if not is_locked:
            return None
    return None


def _lock(key: str) -> bool:
    try:
        return generations.cache().add(f"{key}:lock", 1, LOCK_S)
    except Exception:
        log.exception("The page cache could not be written")
        return True


def _unlock(key: str) -> None:
    try:
        generations.cache().delete(f"{key}:lock")
    except Exception:
        log.exception("The page cache could not be written")
