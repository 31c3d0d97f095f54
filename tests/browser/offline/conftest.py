"""Phones on a bad line: each a profile of its own on the disk, so that it can be killed and started again."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.contrib.auth import get_user_model
from django.test import Client
from playwright.sync_api import BrowserContext, Error, Page

from tests.browser.conftest import PHONE
from tests.browser.offline.machines import OnDisk
from tests.browser.offline.proxy import Line

CONTROLLED = """() => new Promise((ready) => navigator.serviceWorker.controller ? ready()
    : navigator.serviceWorker.addEventListener("controllerchange", () => ready()))"""
CONFIGURATION = b"self.LANGSO={"
QUICK = b'"pauses_ms":[60,120,240,240,240,240,240],'


@pytest.fixture
def line(live_site: str) -> Iterator[Line]:
    """A line to the site, good until a test makes it bad; the worker tries again at once instead of in seconds."""
    where = urlsplit(live_site)
    made = Line((where.hostname or "localhost", where.port or 80))
    made.rewrite = lambda _path, body: body.replace(CONFIGURATION, CONFIGURATION + QUICK, 1)
    made.start()
    yield made
    made.stop()


@pytest.fixture
def phone_on(browser: Any, line: Line) -> Iterator[Callable[..., Page]]:
    """Return a maker of phones on the line, with the worker installed; ``phone``: who is signed in there."""
    contexts: list[BrowserContext] = []

    def make(phone: str = "", at: str = "/ngoai-mang/", **options: Any) -> Page:
        context = browser.new_context(base_url=line.url, **(PHONE | options))
        context.set_default_timeout(20_000)
        contexts.append(context)
        if phone:
            sign_in(context, phone, line.url)
        page = context.new_page()
        page.goto("/tai-khoan/" if phone else "/ngoai-mang/")  # a page of hers says who is signed in
        page.evaluate(CONTROLLED)
        if at:
            page.goto(at)
        return page

    yield make
    for context in contexts:
        context.close()


@pytest.fixture
def on_disk(browser: Any, line: Line, tmp_path: Path) -> Iterator[OnDisk]:
    """Return a phone that can be killed."""
    made = OnDisk(browser.browser_type, tmp_path / "profile", line.url)
    yield made
    made.kill()


def session_of(phone: str) -> str:
    """Return the key of a new session of the person with this phone number."""
    client = Client()
    client.force_login(get_user_model().objects.get(phone=phone))
    key: str = client.cookies[settings.SESSION_COOKIE_NAME].value
    return key


def sign_in(context: BrowserContext, phone: str, url: str) -> None:
    """Give the browser a session of the person with this phone number."""
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session_of(phone), "url": url}])


def entries(page: Page) -> list[dict[str, Any]]:
    """Return what the phone holds of entries, in order."""
    found: list[dict[str, Any]] = read(
        page, "import('/static/offline/store.js').then(() => self.langso.read('entries'))"
    )
    return found


def read(page: Page, script: str) -> Any:
    """Return what a script that changes nothing gives; asked again when the page goes on to its answer meanwhile."""
    for _ in range(3):
        try:
            return page.evaluate(script)
        except Error as error:
            if "context was destroyed" not in str(error):
                raise
            page.wait_for_load_state()
    return page.evaluate(script)


def keep(page: Page, entry: dict[str, Any], photo: bytes = b"", instead: str = "") -> str:
    """Store an entry as forms.js does, through the same modules; return its id."""
    made: str = page.evaluate(
        """async ([entry, photo, instead]) => {
            const { keep } = await import("/static/offline/queue.js");
            const mend = await import("/static/offline/mend.js");
            const blobs = {};
            entry.files = {};
            if (photo) {
                const bytes = Uint8Array.from(atob(photo), (char) => char.charCodeAt(0));
                const blob = new Blob([bytes], { type: "image/jpeg" });
                const sha256 = await self.langso.digest(bytes);
                blobs[sha256] = blob;
                entry.files.photo = { sha256, bytes: blob.size, name: "photo.jpg" };
            }
            return (await keep(entry, blobs, instead ? mend.instead(instead) : undefined)).id;
        }""",
        [entry, _base64(photo), instead],
    )
    return made


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def until(page: Page, script: str, wanted: Callable[[Any], bool], seconds: float = 20) -> Any:
    """Return what the script gives (``langso`` is the phone's store) as soon as it is what is wanted."""
    for _ in range(int(seconds * 10)):
        found = read(
            page,
            f"import('/static/offline/store.js').then(async () => {{ const {{ langso }} = self; return {script}; }})",
        )
        if wanted(found):
            return found
        page.wait_for_timeout(100)
    raise AssertionError(f"{script} is {found}")


def send(page: Page) -> None:
    """Tell the worker that there is something to send, as any page does when it opens."""
    read(page, "import('/static/offline/queue.js').then(({ tell }) => tell())")


def settled(page: Page, seconds: float = 30) -> list[dict[str, Any]]:
    """Return the entries once none waits any more; fails when some still do after this time."""
    for _ in range(int(seconds * 5)):
        found = entries(page)
        if not any(entry["state"] == "waits" for entry in found):
            return found
        send(page)
        page.wait_for_timeout(200)
    raise AssertionError(json.dumps(found, ensure_ascii=False)[:2000])
