"""What stands between a phone and the site (a proxy, a host) and answers 200 with a page of its own."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from config.seed.people import HOUSEHOLD_PHONE
from tests.browser.offline.conftest import send, until
from tests.browser.offline.proxy import Line

pytestmark = [pytest.mark.usefixtures("seeded"), pytest.mark.sqlite]
PhoneOn = Callable[..., Page]
FOREIGN = (
    "<!doctype html><meta charset=utf-8><title>Wifi</title><body><h1>Chào mừng bạn đến với Wifi</h1>".encode()
)


def test_foreign_page_takes_the_place_of_no_copy(phone_on: PhoneOn, line: Line) -> None:
    page = phone_on(at="/cho/")
    page.wait_for_load_state("networkidle")
    until(page, "(await caches.open('trang')).match('/cho/').then(Boolean)", bool)
    line.instead = FOREIGN
    for address in ("/cho/", "/tai-ve/"):
        page.goto(address)
        expect(page.locator("h1")).to_have_text("Chào mừng bạn đến với Wifi")
    page.wait_for_timeout(500)
    line.instead, line.is_down = b"", True
    page.goto("/cho/")
    expect(page.locator("h1")).not_to_contain_text("Wifi")
    expect(page.get_by_text("đây là bản lưu trong máy")).to_be_visible()
    page.goto("/tai-ve/")
    expect(page.locator("h1")).to_have_text("Đã lưu trong máy")


def test_foreign_answer_does_not_swallow_a_sign_out(phone_on: PhoneOn, line: Line) -> None:
    page = phone_on(HOUSEHOLD_PHONE, at="/tai-khoan/")
    line.is_down = True
    page.get_by_role("button", name="Thoát tài khoản").click()
    until(page, "(await langso.state()).out", bool)
    line.is_down, line.instead = False, FOREIGN
    send(page)
    until(page, "(await fetch('/gui/toi/')).ok", bool)
    page.wait_for_timeout(1500)
    assert ("POST", "/gui/ra/", "") in line.asked
    line.instead = b""
    page.goto("/tai-khoan/")
    page.wait_for_url("**/dang-nhap/**")
