"""The service worker's own file: a small configuration, then the scripts by their hashed names; or the kill switch."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import NoReverseMatch, reverse
from django.utils import translation

from base.offline import files
from base.offline.rendering import as_stranger
from base.pagecache import generations
from base.pagecache.release import release

SCRIPTS: Final = ("offline/store.js", "offline/send.js", "offline/worker.js")  # in this order
NOT_OF_PAGES: Final = ("offline/send.js", "offline/worker.js")
SHELL: Final = (
    "shell/site.css",
    "shell/site.js",
    "shell/photo.js",
    "shell/favicon.svg",
    "offline/icon-192.png",
)
WAIT_MS: Final = 3_000  # how long a person waits for the network before she sees the copy on her phone
PAGES: Final = 40  # pages that were looked at last, kept without being asked for
KEPT_S: Final = 60  # seconds
NOT_COLLECTED: Final = "-"  # base.pagecache.release in development: files change under their name
CONTACT_MS: Final = 60 * 60 * 1000  # how often packs are asked after
OFF: Final = """// Switched off on the server: what pages were kept is emptied, what waits to be sent (IndexedDB) stays.
self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil((async () => {
  for (const name of await caches.keys()) await caches.delete(name);
  await self.registration.unregister();
})()));
"""


def script(request: HttpRequest) -> str:
    """Return what /sw.js answers. Browsers ask for it at each page they open: it is made once a minute."""
    if not settings.OFFLINE_ENABLED:
        return OFF
    key = f"offline:worker:{request.get_host().lower()}:{request.scheme}:{release()}"
    kept: str | None = generations.kept(key) if release() != NOT_COLLECTED else None
    if kept is None:
        parts = [static(name) for name in SCRIPTS if _is_there(name)]
        known = configuration()
        known["release"] = _release(request, known["precache"], parts)
        told = json.dumps(known, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
        kept = f"self.LANGSO={told};importScripts({','.join(json.dumps(part) for part in parts)});\n"
        generations.keep(key, kept, KEPT_S)
    return kept


def mark_of(content: bytes) -> str:
    """Return a mark for the ETag of a small answer."""
    return hashlib.sha256(content).hexdigest()[:24]


def configuration() -> dict[str, Any]:
    """Return what the worker must know; the same until a file, an address or a language changes."""
    languages = [code for code, _name in settings.LANGUAGES]
    pages = {code: _in(code, "offline:nothing") for code in languages}
    saved = [_in(code, "offline:saved") for code in languages]
    statics = [static(name) for name in (*SHELL, *_modules()) if name not in NOT_OF_PAGES and _is_there(name)]
    return {
        "hashed": static(SHELL[0]) != f"{settings.STATIC_URL}{SHELL[0]}",
        "precache": [*statics, *pages.values(), *saved],
        "offline": {_first_segment(code): address for code, address in pages.items()},
        "media": _origin_of_photos(),
        "sign_out": [_in(code, "account_logout") for code in languages],
        "wait_ms": WAIT_MS,
        "pages": PAGES,
        "contact_ms": CONTACT_MS,
    }


def _origin_of_photos() -> str:
    """Return where public photos lie, when that is another host (a bucket); "" when they lie here."""
    parts = urlsplit(settings.MEDIA_URL)
    return f"{parts.scheme}://{parts.netloc}" if parts.netloc else ""


def _modules() -> Iterator[str]:
    """Yield our own modules of this app by name: what phones load when they have no network to load it by."""
    here = Path(__file__).parent / "static"
    yield from sorted(str(path.relative_to(here)) for path in (here / "offline").rglob("*.js"))


def _is_there(name: str) -> bool:
    """Whether it was collected; where nothing is (development, tests), whether its app has it."""
    try:
        stored: str = staticfiles_storage.stored_name(name)  # type: ignore[attr-defined]  # of the hashing storage
        return bool(staticfiles_storage.exists(stored))
    except AttributeError:
        return finders.find(name) is not None
    except ValueError:
        return False


def _release(request: HttpRequest, precache: list[str], scripts: list[str]) -> str:
    """Return a mark of the bytes of these files and pages: names alone do not tell of a page with other words."""
    marks = hashlib.sha256()
    for url in [*precache, *scripts]:
        known = files.static(url) if url.startswith(settings.STATIC_URL) else None
        page = None if known else as_stranger(request, url)
        mark = known[0].sha256 if known else files.sha256(page.body) if page else ""
        marks.update(f"{url} {mark}\n".encode())
    return marks.hexdigest()[:12]


def _in(language: str, name: str) -> str:
    with translation.override(language):
        try:
            return reverse(name)
        except NoReverseMatch:  # a site of a test has fewer addresses
            return "/"


def _first_segment(language: str) -> str:
    return "" if language == settings.LANGUAGE_CODE else language
