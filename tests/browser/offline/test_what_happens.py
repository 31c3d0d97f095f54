"""What a phone goes through: an empty battery, a server that dies, a new release, other people's sign-in."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.sessions.models import Session
from playwright.sync_api import Page, expect

from base.intake.authors import author_key
from base.intake.models import Entry
from config.seed.people import HOUSEHOLD_PHONE, LEARNER_PHONE
from marketplace.access import households_of
from marketplace.catalogue.models import Category, Product
from tests.browser.offline.conftest import CONTROLLED, entries, keep, send, settled, sign_in
from tests.browser.offline.machines import OnDisk, Server
from tests.browser.offline.proxy import Line
from tests.browser.offline.test_schedules import noise

pytestmark = [pytest.mark.usefixtures("seeded"), pytest.mark.sqlite]
PhoneOn = Callable[..., Page]


def listing(title: str, phone: str = HOUSEHOLD_PHONE) -> dict[str, Any]:
    """Return an entry with new goods, as their form makes it."""
    user = get_user_model().objects.get(phone=phone) if phone else None
    category = Category.objects.filter(depth=1, is_public=True).first()
    body = {
        "title": title,
        "category": str(category.pk),
        "price_vnd": "12000",
        "unit": "kg",
        "left": "3",
        "then": "draft",
    }
    author = author_key(user) if user else ""
    page = "/ban/hang/them/"
    return {
        "kind": "listing",
        "author": author,
        "name": "",
        "language": "vi",
        "title": title,
        "page": page,
        "body": body,
    }


def states(page: Page) -> list[str]:
    return [entry["state"] for entry in entries(page)]


# --- killed ---------------------------------------------------------------------------------------------------------


def test_battery_that_dies_loses_nothing_that_was_kept(on_disk: OnDisk, line: Line) -> None:
    page = on_disk.start()
    sign_in(page.context, HOUSEHOLD_PHONE, line.url)
    page.goto("/tai-khoan/")
    page.evaluate(CONTROLLED)
    page.goto("/ngoai-mang/")
    line.is_down = True
    for number in range(3):
        keep(page, listing(f"Pin {number}"), noise(7) if number == 0 else b"")
    on_disk.kill()
    page = on_disk.start()
    sign_in(
        page.context, HOUSEHOLD_PHONE, line.url
    )  # a cookie of the test is not on the disk yet; the queue is
    page.goto("/tai-ve/")
    assert states(page) == ["waits"] * 3
    expect(page.get_by_text("Pin 2")).to_be_visible()
    line.is_down = False
    line.cut_after = None
    send(page)
    page.wait_for_timeout(150)  # killed once more, while it sends
    on_disk.kill()
    page = on_disk.start()
    sign_in(page.context, HOUSEHOLD_PHONE, line.url)
    page.goto("/tai-ve/")
    assert [entry["state"] for entry in settled(page)] == ["taken"] * 3
    assert sorted(Product.objects.filter(title__startswith="Pin ").values_list("title", flat=True)) == [
        "Pin 0",
        "Pin 1",
        "Pin 2",
    ]


def test_server_that_dies_while_it_takes_things_in_takes_each_once(
    phone_on: PhoneOn, line: Line, database_url: str
) -> None:
    page = phone_on(HOUSEHOLD_PHONE)
    server = Server(database_url)
    server.start()
    try:
        line.upstream = ("127.0.0.1", server.port)
        for number in range(12):
            keep(page, listing(f"Máy chủ {number:02}"), noise(number) if number % 5 == 0 else b"")
        send(page)
        page.wait_for_timeout(250)
        server.kill()
        page.wait_for_timeout(300)
        server.start()
        assert [entry["state"] for entry in settled(page, 60)] == ["taken"] * 12
    finally:
        server.kill()
    titles = (
        Product.objects.filter(title__startswith="Máy chủ ").order_by("title").values_list("title", flat=True)
    )
    assert list(titles) == [f"Máy chủ {number:02}" for number in range(12)]


# --- who ------------------------------------------------------------------------------------------------------------


def test_ended_session_holds_what_was_written_until_that_person_is_back(
    phone_on: PhoneOn, line: Line
) -> None:
    page = phone_on(HOUSEHOLD_PHONE)
    desk = page.context.new_page()
    desk.goto("/ban/hang/them/")
    desk.get_by_label("Hàng gì").fill("Đang gõ dở")
    line.is_down = True
    keep(page, listing("Phiên hết hạn"), noise(3))
    Session.objects.all().delete()
    line.is_down = False
    page.goto("/tai-ve/")
    send(page)
    expect(page.get_by_text("Giữ đến khi người đó đăng nhập")).to_be_visible()
    sign_in_here = page.locator("[data-list=entries]").get_by_role("link", name="Đăng nhập")
    expect(sign_in_here).to_have_attribute("href", "/dang-nhap/?next=/tai-ve/")
    assert states(page) == ["waits"]
    expect(
        desk.get_by_label("Hàng gì")
    ).to_be_visible()  # a form in the middle of being filled is not taken away
    expect(desk.get_by_label("Hàng gì")).to_have_value("Đang gõ dở")
    page.context.clear_cookies()
    sign_in(page.context, HOUSEHOLD_PHONE, line.url)
    page.goto("/tai-khoan/")
    assert [entry["state"] for entry in settled(page)] == ["taken"]
    assert Product.objects.filter(title="Phiên hết hạn").count() == 1


def test_nobody_elses_entry_goes_under_my_sign_in(phone_on: PhoneOn, line: Line) -> None:
    page = phone_on(HOUSEHOLD_PHONE)
    line.is_down = True
    refused = {**listing("Bị từ chối của chị Pành"), "state": "refused", "words": "Chuyện của chị Pành"}
    kept = keep(page, listing("Của chị Pành"))
    keep(page, refused)
    page.context.clear_cookies()
    sign_in(page.context, LEARNER_PHONE, line.url)
    line.is_down = False
    page.goto("/tai-khoan/")
    send(page)
    page.goto("/tai-ve/")
    expect(page.get_by_text("Giữ đến khi người đó đăng nhập")).to_have_count(2)
    expect(page.locator("[data-list=entries]").get_by_role("link", name="Đăng nhập")).to_have_count(0)
    expect(page.get_by_text(re.compile("của chị Pành", re.IGNORECASE))).to_have_count(
        0
    )  # not hers to read either
    assert states(page) == ["waits", "refused"]
    assert not Entry.objects.filter(client_id=uuid.UUID(kept)).exists()
    assert not Product.objects.filter(title="Của chị Pành").exists()
    page.context.clear_cookies()
    sign_in(page.context, HOUSEHOLD_PHONE, line.url)
    page.goto("/tai-khoan/")
    assert [entry["state"] for entry in settled(page)] == ["taken", "refused"]
    own = households_of(get_user_model().objects.get(phone=HOUSEHOLD_PHONE))
    assert Product.objects.get(title="Của chị Pành").household in own


def test_signing_out_without_signal_hides_the_desk_at_once_and_keeps_what_waits(
    phone_on: PhoneOn, line: Line
) -> None:
    page = phone_on(HOUSEHOLD_PHONE, at="/ban/")
    page.get_by_role("button", name=re.compile("Lưu vào máy")).click()
    expect(page.locator("[data-pack] [data-is=saved]")).to_be_visible()
    other = page.context.new_page()
    other.goto("/ban/")
    expect(other.locator("main")).to_be_visible()
    page.goto("/tai-khoan/")
    line.is_down = True
    keep(page, listing("Đăng xuất"))
    page.get_by_role("button", name="Thoát tài khoản").click()
    expect(page.locator("body")).not_to_contain_text("Lò Thị Pành")
    expect(other.locator("main")).to_be_hidden()
    page.goto("/ban/")
    expect(page.locator("h1")).to_contain_text("Không có sóng")
    assert states(page) == ["waits"]
    line.is_down = False
    page.goto("/tai-khoan/")  # before this page is fetched, the server hears of it
    page.wait_for_url("**/dang-nhap/**")
    assert states(page) == ["waits"]
    sign_in(page.context, HOUSEHOLD_PHONE, line.url)
    page.goto("/tai-khoan/")
    assert [entry["state"] for entry in settled(page)] == ["taken"]


def test_what_was_written_while_nobody_was_signed_in_is_claimed_by_a_press(
    phone_on: PhoneOn, line: Line
) -> None:
    page = phone_on()
    line.is_down = True
    keep(page, listing("Chưa ai nhận", ""))
    sign_in(page.context, HOUSEHOLD_PHONE, line.url)
    line.is_down = False
    page.goto("/tai-khoan/")
    page.goto("/tai-ve/")
    page.get_by_role("button", name="Đây là của tôi").click()
    assert [entry["state"] for entry in settled(page)] == ["taken"]
    assert Product.objects.filter(title="Chưa ai nhận").count() == 1


# --- releases -------------------------------------------------------------------------------------------------------


def test_new_release_takes_over_without_breaking_an_open_form(phone_on: PhoneOn, line: Line) -> None:
    page = phone_on(HOUSEHOLD_PHONE, at="/ban/hang/them/")
    page.wait_for_load_state("networkidle")
    page.get_by_label("Hàng gì").fill("Đang gõ dở")
    line.is_down = True
    keep(page, listing("Trước bản mới"))
    line.is_down = False
    before = line.rewrite
    line.rewrite = lambda path, body: re.sub(rb'"release":"\w+"', b'"release":"moi"', before(path, body))  # type: ignore[misc]
    page.evaluate("navigator.serviceWorker.ready.then((registration) => registration.update())")
    for _ in range(50):
        if "tinh-moi" in page.evaluate("caches.keys()"):
            break
        page.wait_for_timeout(100)
    page.wait_for_timeout(300)
    expect(page.get_by_label("Hàng gì")).to_have_value("Đang gõ dở")
    assert [entry["state"] for entry in settled(page)] == ["taken"]
    assert len([name for name in page.evaluate("caches.keys()") if name.startswith("tinh-")]) == 2


def test_kill_switch_empties_copies_but_not_the_queue(phone_on: PhoneOn, line: Line, settings: Any) -> None:
    page = phone_on(HOUSEHOLD_PHONE, at="/hoc/")
    line.is_down = True
    keep(page, listing("Công tắc"))
    line.is_down = False
    settings.OFFLINE_ENABLED = False
    page.evaluate("navigator.serviceWorker.getRegistration().then((registration) => registration.update())")
    for _ in range(50):
        if not page.evaluate("caches.keys()"):
            break
        page.wait_for_timeout(100)
    assert page.evaluate("caches.keys()") == []
    assert len(entries(page)) == 1
    for _ in range(20):
        page.goto("/hoc/")
        if not page.evaluate("navigator.serviceWorker.getRegistrations().then((all) => all.length)"):
            break
    assert page.evaluate("navigator.serviceWorker.controller") is None
