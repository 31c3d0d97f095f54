"""System checks: a cache that other processes cannot see, or middleware in an order that leaks, fails `check`."""

from __future__ import annotations

from typing import Any, Final

from django.conf import settings
from django.core.checks import Error, Tags, register

MIDDLEWARE: Final = "base.pagecache.middleware.PageCacheMiddleware"
LOCAL_ONLY: Final = ("locmem.LocMemCache", "dummy.DummyCache")


@register(Tags.caches)
def check_shared(**kwargs: Any) -> list[Error]:
    """Refuse a cache of the process itself: the outbox could not invalidate it, nor limits be counted in it."""
    found = []
    for alias in ("default", settings.PAGE_CACHE_ALIAS):
        backend = settings.CACHES.get(alias, {}).get("BACKEND", "")
        if backend.endswith(LOCAL_ONLY) and not getattr(settings, "CACHE_MAY_BE_LOCAL", False):
            found.append(
                Error(
                    f"The cache {alias!r} ({backend}) is seen by one process only, so old pages would stay in others.",
                    hint="Unset CACHE_URL for the cache on disk, or set CACHE_URL=redis://host:6379/0.",
                    id="pagecache.E001",
                )
            )
    return found[:1]


@register(Tags.security)
def check_order(**kwargs: Any) -> list[Error]:
    """The page cache comes first: what runs before it would run for each visitor of a kept page."""
    if settings.MIDDLEWARE[:1] == [MIDDLEWARE]:
        return []
    hint = f"Put {MIDDLEWARE!r} first in MIDDLEWARE (config/settings/base.py)."
    return [Error("The page cache is not the first middleware.", hint=hint, id="pagecache.E002")]


@register(Tags.security)
def check_life(**kwargs: Any) -> list[Error]:
    """A kept page must end some day, and live long enough to be worth keeping."""
    life = settings.PAGE_CACHE_LIFE_S
    if isinstance(life, int) and 1 <= life <= 86_400:
        return []
    hint = "Set PAGE_CACHE_LIFE_S to whole seconds from 1 to 86400; 300 is the default."
    return [Error(f"PAGE_CACHE_LIFE_S is {life!r}.", hint=hint, id="pagecache.E003")]


@register(Tags.caches)
def check_address(**kwargs: Any) -> list[Error]:
    """A CACHE_URL that nobody understands must not quietly mean the cache on disk."""
    address = settings.CACHE_URL
    if not address or address.startswith(("redis://", "rediss://")):
        return []
    hint = "Write CACHE_URL=redis://host:6379/0 (Valkey too), or unset it for the cache on disk."
    return [
        Error("CACHE_URL is not the address of a Redis or Valkey server.", hint=hint, id="pagecache.E004")
    ]
