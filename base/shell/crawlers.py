"""What search engines of the world read: robots.txt, and sitemaps of what each app registers as public."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import escape

from base.pagecache import public_page, touches

PER_FILE: Final = 2_000  # addresses; a file that is made stays small, and one change makes few others old
CLOSED: Final = (
    "tim", "gio", "dat-hang", "don", "ban", "htx", "tai-khoan", "hoc/cua-toi", "quan-tri", "api", "gui", "tep",
)  # fmt: skip
XML: Final = "application/xml; charset=utf-8"
HEAD: Final = '<?xml version="1.0" encoding="UTF-8"?>\n'
NAMESPACE: Final = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'


@dataclass(frozen=True, slots=True)
class Shelf:
    """One kind of public address. ``count`` and ``paths`` (from, to) cost a query each; ``stamp`` is what they show."""

    kind: str
    stamp: str
    count: Callable[[], int]
    paths: Callable[[int, int], Iterable[str]]


_shelves: dict[str, Shelf] = {}


def register(shelf: Shelf) -> None:
    """Add a kind; called in an app's ``ready()``. Raises ImproperlyConfigured when the kind is taken."""
    if shelf.kind in _shelves:
        raise ImproperlyConfigured(f"sitemap {shelf.kind!r} is registered twice")
    _shelves[shelf.kind] = shelf


@public_page()
def robots(request: HttpRequest) -> HttpResponse:
    """Keep crawlers out of what is personal, changes with each visitor, or has no end; in every language."""
    prefixes = ["", *(f"{code}/" for code, _name in settings.LANGUAGES if code != settings.LANGUAGE_CODE)]
    closed = [f"Disallow: /{prefix}{part}/" for prefix in prefixes for part in CLOSED]
    lines = ["User-agent: *", *closed, f"Sitemap: {settings.SITE_BASE_URL}{reverse('crawlers:sitemap')}", ""]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")


@public_page()
def sitemap(request: HttpRequest) -> HttpResponse:
    """Name the files: as many of each kind as hold all of it."""
    touches(request, *(shelf.stamp for shelf in _shelves.values()))
    files = [
        reverse("crawlers:part", args=[shelf.kind, number])
        for shelf in _shelves.values()
        for number in range(1, -(-shelf.count() // PER_FILE) + 1)
    ]
    return _xml("sitemapindex", "sitemap", files)


@public_page()
def part(request: HttpRequest, kind: str, number: int) -> HttpResponse:
    """Up to ``PER_FILE`` addresses of a kind. Raises Http404 past the last."""
    shelf = _shelves.get(kind)
    if shelf is None or not 0 < number < 100_000:
        raise Http404
    touches(request, shelf.stamp)
    paths = list(shelf.paths((number - 1) * PER_FILE, number * PER_FILE))
    if not paths:
        raise Http404
    return _xml("urlset", "url", paths)


def _xml(root: str, entry: str, paths: Iterable[str]) -> HttpResponse:
    rows = "".join(
        f"<{entry}><loc>{escape(settings.SITE_BASE_URL + path)}</loc></{entry}>\n" for path in paths
    )
    return HttpResponse(f"{HEAD}<{root} {NAMESPACE}>\n{rows}</{root}>\n", content_type=XML)
