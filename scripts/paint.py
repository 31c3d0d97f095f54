"""Paint times of key pages in Chromium on DevTools' 3G preset with a four times slower processor, for `make bench`.

Largest contentful paint (ms, median of several first visits) beside an empty page of ours: the "no such page" page,
which has the whole frame and a few words. A page whose largest paint is a photo is also held against an empty page with
that very photo (tests/benchmarks/photo_page.py).
"""

import statistics
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit

from playwright.sync_api import Browser, Page, sync_playwright

import services

PRESET: dict[str, Any] = {
    "offline": False,
    "latency": 2000,
    "downloadThroughput": 50_000,
    "uploadThroughput": 50_000,
}  # bytes a second
SLOWER = 4
PHONE: dict[str, Any] = {
    "viewport": {"width": 360, "height": 740},
    "device_scale_factor": 2,
    "is_mobile": True,
    "has_touch": True,
}
EMPTY = "/khong-co-trang-nay/"
LARGEST = """() => new Promise(done => new PerformanceObserver(list => {
  const last = list.getEntries().at(-1);
  done([last.startTime, last.url || ""]);
}).observe({type: "largest-contentful-paint", buffered: true}))"""


@dataclass
class Paint:
    """One page: its largest contentful paint, and how many times that of an empty page, without or with its photo."""

    address: str
    largest_ms: float
    of_empty: float
    of_photo: float | None = None  # None: the largest paint is text


def measure(host: str, photo_host: str, addresses: list[str], runs: int = 3) -> list[Paint]:
    """Return the paint of each page of the site at ``host``; empty pages with a photo are asked of ``photo_host``.

    Raises services.Absent without Chromium.
    """
    executable = services.chromium()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=executable, args=["--no-sandbox", "--disable-gpu"]
        )
        empty, _ = _median(browser, f"http://{host}{EMPTY}", runs)
        paints = [Paint(EMPTY, empty, 1.0)]
        for address in addresses:
            largest, photo = _median(browser, f"http://{host}{address}", runs)
            shown = Paint(address, largest, round(largest / empty, 2))
            if photo:
                src = urlencode({"src": urlsplit(photo).path})
                beside, _ = _median(browser, f"http://{photo_host}/_anh/?{src}", runs)
                shown.of_photo = round(largest / beside, 2)
            paints.append(shown)
        browser.close()
    return paints


def _median(browser: Browser, url: str, runs: int) -> tuple[float, str]:
    seen = []
    for _ in range(runs):
        with _slow_phone(browser) as page:
            page.goto(url, wait_until="load", timeout=120_000)
            page.wait_for_timeout(500)
            seen.append(page.evaluate(LARGEST))
    return round(statistics.median(time for time, _ in seen)), seen[-1][1]


@contextmanager
def _slow_phone(browser: Browser) -> Iterator[Page]:
    """Yield a page of a phone that was never here before, on a slow line."""
    context = browser.new_context(**PHONE)
    page = context.new_page()
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.emulateNetworkConditions", PRESET)
    session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    yield page
    context.close()
