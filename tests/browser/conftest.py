"""A phone for browser tests: the site served for real, and Chromium at 360 × 740 looking at it."""

import os
from collections.abc import Callable, Iterator
from typing import Any, cast

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

import services
from tests.browser.seeded import SeededCopy
from tests.conftest import absent
from tests.databases import Copy, SqliteCopy

PHONE: dict[str, Any] = {
    "viewport": {"width": 360, "height": 740},
    "has_touch": True,
    "is_mobile": True,
    "device_scale_factor": 2,
    "locale": "vi-VN",
    "timezone_id": "Asia/Ho_Chi_Minh",
}
# Chromium's own errands find no network here and would only slow the start.
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
]
QUIET += ["--disable-component-update", "--disable-sync"]
OTHER_HOST = "lang-so.example"
"""The same site under a name for which a browser wants HTTPS: it trusts localhost without."""
QUIET += [f"--host-resolver-rules=MAP {OTHER_HOST} 127.0.0.1"]

expect.set_options(timeout=20_000)  # a saved course takes 5 s and more where two workers share a slow machine

NewPhone = Callable[..., Page]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    try:
        executable = services.chromium()
    except services.Absent as missing:
        absent(str(missing))
    # Playwright keeps an event loop in this thread, which Django takes for asynchronous code.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=executable, args=QUIET)
        yield chromium
        chromium.close()


@pytest.fixture
def live_site(live_server: Any, transactional_db: None) -> str:
    """Return the address of the site, served over HTTP from this test's database."""
    return str(live_server.url)


@pytest.fixture(scope="session")
def _seeded_copies() -> dict[str, SeededCopy]:
    return {}


@pytest.fixture
def seeded(
    transactional_db: None,
    database_copy: Copy,
    settings: Any,
    _seeded_copies: dict[str, SeededCopy],
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    """Fill this test's database, photos and index with the sample site."""
    if "copy" in _seeded_copies:
        _seeded_copies["copy"].restore()
    else:
        _seeded_copies["copy"] = SeededCopy(
            tmp_path_factory.mktemp("seeded"), cast(SqliteCopy, database_copy)
        )
    settings.IS_DEMO = True


@pytest.fixture
def new_phone(browser: Browser, live_site: str) -> Iterator[NewPhone]:
    """Return a maker of phones, each a person of its own; keywords go to Playwright (java_script_enabled=False …)."""
    contexts: list[BrowserContext] = []

    def make(**options: Any) -> Page:
        context = browser.new_context(base_url=live_site, **(PHONE | options))
        context.set_default_timeout(30_000)
        contexts.append(context)
        return context.new_page()

    yield make
    for context in contexts:
        context.close()


@pytest.fixture
def phone(new_phone: NewPhone) -> Page:
    """Return a page on a phone, 360 × 740."""
    return new_phone()


@pytest.fixture
def phone_without_scripts(new_phone: NewPhone) -> Page:
    return new_phone(java_script_enabled=False)
