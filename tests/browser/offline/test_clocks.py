"""Phones whose clock is wrong, and is set meanwhile: nothing is deleted for it, and what was written last counts."""

from __future__ import annotations

import datetime as dt
import re
import time
from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from config.seed.people import HOUSEHOLD_PHONE
from learning.models import Answer
from tests.browser.offline.conftest import read, send, settled, until
from tests.browser.offline.proxy import Line

pytestmark = [pytest.mark.usefixtures("seeded"), pytest.mark.sqlite]
PhoneOn = Callable[..., Page]
DAY_MS = 24 * 3600 * 1000
NOW = re.compile(rb'"now": (\d+)')
CLOCK_BEHIND = """
import('/static/offline/store.js').then(() => self.langso.run(["entries"], "readwrite", async (store) => {
  for (const entry of await self.langso.ask(store.getAll())) {
    entry.made_at -= BEHIND;
    if (entry.told) entry.told.at -= BEHIND;
    store.put(entry);
  }
}))
"""


def test_answer_written_with_a_clock_behind_that_is_set_right_before_sending_keeps_its_time(
    phone_on: PhoneOn, line: Line
) -> None:
    page = phone_on(at="/hoc/nhan-biet-lua-dao/ba-dau-hieu/")
    page.wait_for_load_state("networkidle")
    until(page, "(await langso.state()).author", lambda author: author == "")
    line.is_down = True
    page.locator("form[data-queue] input[type=radio]").first.check(force=True)
    page.locator("button[name=check]").first.click()
    expect(page.get_by_text("Đã giữ trong máy.").locator("visible=true")).to_be_visible()
    read(page, CLOCK_BEHIND.replace("BEHIND", str(30 * DAY_MS)))  # as if it had been so all the time
    line.is_down = False
    assert [entry["state"] for entry in settled(page)] == ["taken"]
    assert timezone.now() - Answer.objects.latest("pk").answered_at < dt.timedelta(minutes=10)


def ahead(line: Line, days: int) -> None:
    """Let the site say that it is earlier by these days: the phone's clock is that much ahead."""
    before: Any = line.rewrite

    def rewrite(path: str, body: bytes) -> bytes:
        body = before(path, body)
        if not path.startswith(("/gui/", "/tai-ve/goi/")):
            return body
        return NOW.sub(lambda now: b'"now": %d' % (int(now[1]) - days * DAY_MS), body)

    line.rewrite = rewrite


def test_saved_desk_stays_on_a_phone_whose_clock_is_ahead(phone_on: PhoneOn, line: Line) -> None:
    ahead(line, 8)
    page = phone_on(HOUSEHOLD_PHONE, at="/ban/")
    page.get_by_role("button", name=re.compile("Lưu vào máy")).click()
    expect(page.locator("[data-pack] [data-is=saved]")).to_be_visible()
    end = int(time.time() * 1000) - DAY_MS  # seven days from now, as the site has it
    read(
        page,
        f"self.langso.read('packs').then(([pack]) => self.langso.write('packs', {{ ...pack, expires: {end} }}))",
    )
    until(page, "(await langso.state()).told", bool)
    page.goto("/tai-ve/")  # asks after its packs
    send(page)
    until(page, "(await langso.state()).contact", bool)
    page.wait_for_timeout(500)
    assert [pack["kind"] for pack in read(page, "self.langso.read('packs')")] == ["ban"]
    line.is_down = True
    page.goto("/ban/")
    expect(page.locator("main")).to_be_visible()
    expect(page.get_by_text("đây là bản lưu trong máy")).to_be_visible()
