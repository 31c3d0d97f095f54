"""What is written without signal: kept first, sent once, never lost; the three forms as people press them."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from pytest_django import Settings

from base.accounts.models import User
from base.intake.authors import author_key
from config.seed.content import CONTENT
from config.seed.people import HOUSEHOLD_PHONE, LEARNER_PHONE, PASSWORD
from learning.models import Answer, Attempt
from marketplace.catalogue.models import Product
from tests.browser.conftest import OTHER_HOST, PHONE
from tests.browser.offline.conftest import entries, settled, sign_in, until
from tests.browser.offline.proxy import Line

pytestmark = [pytest.mark.usefixtures("seeded"), pytest.mark.sqlite]
PHOTO: Path = CONTENT / "photos" / "ginger-2.jpg"
PhoneOn = Callable[..., Page]


def fill(page: Page, title: str, price: str = "22.000") -> None:
    page.locator("input[type=file]").set_input_files(PHOTO)
    page.get_by_label("Hàng gì").fill(title)
    page.locator("input[name=category]").first.evaluate("(choice) => choice.click()")
    page.locator("[name=price_vnd]").fill(price)
    page.locator("[name=left]").fill("30")
    page.locator("main canvas").wait_for()


def press_send(page: Page) -> None:
    page.get_by_role("button", name=re.compile("Gửi cho hợp tác xã")).click()


def save_desk(page: Page) -> None:
    page.goto("/ban/")
    page.get_by_role("button", name=re.compile("Lưu vào máy")).click()
    expect(page.locator("[data-pack] [data-is=saved]")).to_be_visible()


def test_household_lists_without_signal_edits_one_and_everything_arrives_once(
    phone_on: PhoneOn, line: Line
) -> None:
    page = phone_on(HOUSEHOLD_PHONE, at="")
    save_desk(page)
    line.is_down = True
    page.goto("/ban/hang/them/")  # out of the saved desk
    for name in ("Gừng một", "Gừng hai", "Gừng ba"):
        fill(page, name)
        press_send(page)
        expect(page.get_by_text("Đã giữ trong máy.").locator("visible=true")).to_be_visible()
        page.get_by_role("button", name="Thêm hàng nữa").locator("visible=true").click()
    page.goto("/tai-ve/")
    page.locator("li", has_text="Gừng hai").get_by_role("link", name="Sửa").click()
    expect(page.get_by_label("Hàng gì")).to_have_value("Gừng hai")
    page.locator("[name=price_vnd]").fill("31.000")
    press_send(page)
    expect(page.get_by_text("Đã giữ trong máy.").locator("visible=true")).to_be_visible()
    line.is_down = False
    page.goto("/tai-ve/")
    assert [entry["state"] for entry in settled(page)] == ["taken"] * len(entries(page))
    expect(page.get_by_text("Không có gì đang chờ.")).to_be_visible()
    found = Product.objects.filter(title__startswith="Gừng ", stockrecords__num_in_stock=30)
    prices = {
        product.title: int(product.stockrecords.get().price or 0)
        for product in found.filter(title__in=("Gừng một", "Gừng hai", "Gừng ba"))
    }
    assert prices == {"Gừng một": 22_000, "Gừng hai": 31_000, "Gừng ba": 22_000}
    assert Product.objects.filter(title__in=list(prices)).count() == 3
    assert all(product.cover_id for product in Product.objects.filter(title__in=list(prices)))


def test_form_with_signal_leads_on_as_without_scripts(phone_on: PhoneOn) -> None:
    page = phone_on(HOUSEHOLD_PHONE, at="/ban/hang/them/")
    page.wait_for_load_state("networkidle")
    fill(page, "Gừng có mạng")
    press_send(page)
    page.wait_for_url(re.compile(r"/ban/hang/[0-9a-f-]{36}/"))
    assert Product.objects.get(title="Gừng có mạng").listing_state == "submitted"


def test_learner_answers_a_saved_course_without_signal(phone_on: PhoneOn, line: Line) -> None:
    page = phone_on(LEARNER_PHONE, at="/hoc/nhan-biet-lua-dao/")
    page.get_by_role("button", name=re.compile("Lưu vào máy")).click()
    expect(page.locator("[data-pack] [data-is=saved]")).to_be_visible()
    line.is_down = True
    before = Answer.objects.count()
    page.goto("/hoc/nhan-biet-lua-dao/ba-dau-hieu/")
    page.locator("form[data-queue] input[type=radio]").nth(1).check(force=True)
    page.locator("button[name=next]").click()
    page.wait_for_url("**/ma-mot-lan-va-duong-dan-la/")
    expect(page.get_by_text("Đã giữ trong máy.").locator("visible=true")).to_be_visible()
    expect(page.get_by_text("đây là bản lưu trong máy")).to_be_visible()
    assert Answer.objects.count() == before
    line.is_down = False
    assert [entry["state"] for entry in settled(page)] == ["taken"]
    assert Answer.objects.count() == before + 1
    assert Attempt.objects.filter(user__phone=LEARNER_PHONE, answers__isnull=False).exists()


def test_what_is_answered_right_after_signing_in_is_hers(phone_on: PhoneOn, line: Line) -> None:
    """The page after the sign-in is a public one, which says nothing of a person."""
    page = phone_on(at="/hoc/nhan-biet-lua-dao/ba-dau-hieu/")
    page.goto("/dang-nhap/?next=/hoc/nhan-biet-lua-dao/ba-dau-hieu/")
    page.get_by_label("Số điện thoại").fill(LEARNER_PHONE.replace("+84", "0"))
    page.get_by_label("Mật khẩu").fill(PASSWORD)
    page.locator("main").get_by_role("button", name="Đăng nhập", exact=True).click()
    page.wait_for_url("**/ba-dau-hieu/")
    hers = author_key(User.objects.get(phone=LEARNER_PHONE))
    until(page, "(await langso.state()).author", lambda author: author == hers)
    line.is_down = True
    page.locator("form[data-queue] input[type=radio]").first.check(force=True)
    page.locator("button[name=check]").first.click()
    expect(page.get_by_text("Đã giữ trong máy.").locator("visible=true")).to_be_visible()
    line.is_down = False
    assert [(entry["author"], entry["state"]) for entry in settled(page)] == [(hers, "taken")]


def test_learner_hears_without_signal_whether_it_is_right(phone_on: PhoneOn, line: Line) -> None:
    page = phone_on(LEARNER_PHONE, at="/hoc/nhan-biet-lua-dao/ba-dau-hieu/")
    page.wait_for_load_state("networkidle")
    line.is_down = True
    right, wrong = page.get_by_text("Đúng rồi.", exact=True), page.get_by_text("Chưa đúng.", exact=True)
    question = page.locator("fieldset").filter(has=page.locator("[data-verdict]")).first
    verdicts: list[tuple[bool, bool]] = []
    for choice in question.locator("input[type=radio]").all():
        choice.check(force=True)
        question.get_by_role("button").click()
        expect(page.get_by_text("Đã giữ trong máy.").locator("visible=true")).to_be_visible()
        told = question.locator("[data-verdict]").locator("visible=true")
        expect(told).to_have_count(1)
        expect(told).to_be_focused()
        page.wait_for_timeout(600)  # the page has stopped scrolling
        expect(told).to_be_in_viewport(ratio=1)
        verdicts.append(
            (right.locator("visible=true").count() == 1, wrong.locator("visible=true").count() == 1)
        )
    assert sorted(verdicts) == [(False, True)] * (len(verdicts) - 1) + [(True, False)]


def test_on_plain_http_online_only_is_said_before_typing(
    browser: Browser, line: Line, settings: Settings
) -> None:
    """On plain HTTP that is not this machine a browser has no worker: the form says so, and goes as it is."""
    settings.ALLOWED_HOSTS = [*settings.ALLOWED_HOSTS, OTHER_HOST]
    site = f"http://{OTHER_HOST}:{line.port}"
    context = browser.new_context(base_url=site, **PHONE)
    sign_in(context, HOUSEHOLD_PHONE, site)
    page = context.new_page()
    page.goto("/ban/hang/them/")
    assert page.evaluate("[isSecureContext, 'serviceWorker' in navigator]") == [False, False]
    expect(page.get_by_text("chỉ gửi được khi đang có mạng")).to_be_visible()
    fill(page, "Gừng không giữ")
    press_send(page)
    page.wait_for_url(re.compile(r"/ban/hang/[0-9a-f-]{36}/|/ban/$"))
    assert Product.objects.filter(title="Gừng không giữ").count() == 1
    page.goto("/tai-ve/")
    expect(page.get_by_text("Trình duyệt này không giữ được gì")).to_be_visible()
    context.close()


def test_form_is_sent_by_itself_when_the_phone_is_full(phone_on: PhoneOn) -> None:
    page = phone_on(HOUSEHOLD_PHONE, at="")
    page.context.add_init_script(
        "IDBObjectStore.prototype.add = function () { throw new DOMException('', 'QuotaExceededError'); }"
    )
    page.goto("/ban/hang/them/")
    page.wait_for_load_state("networkidle")
    fill(page, "Gừng hết chỗ")
    press_send(page)
    page.wait_for_url(re.compile(r"/ban/hang/[0-9a-f-]{36}/|/ban/$"))
    assert Product.objects.filter(title="Gừng hết chỗ").count() == 1


def test_full_phone_without_signal_says_so_and_keeps_what_was_typed(phone_on: PhoneOn, line: Line) -> None:
    page = phone_on(HOUSEHOLD_PHONE, at="")
    page.context.add_init_script(
        "IDBObjectStore.prototype.add = function () { throw new DOMException('', 'QuotaExceededError'); }"
    )
    page.goto("/ban/hang/them/")
    page.wait_for_load_state("networkidle")
    fill(page, "Gừng hết chỗ")
    page.context.set_offline(True)
    press_send(page)
    expect(page.get_by_text("Máy hết chỗ")).to_be_visible()
    expect(page.get_by_label("Hàng gì")).to_have_value("Gừng hết chỗ")


def test_form_of_a_session_that_has_ended_says_that_it_waits_for_the_sign_in(
    phone_on: PhoneOn, line: Line
) -> None:
    page = phone_on(HOUSEHOLD_PHONE, at="/ban/hang/them/")
    page.wait_for_load_state("networkidle")
    fill(page, "Gừng hết phiên")
    page.context.clear_cookies()
    press_send(page)
    told = page.locator("[data-say=other]")
    expect(told).to_contain_text("Máy sẽ gửi khi người ghi đăng nhập", timeout=5_000)
    expect(told).to_be_visible()
    expect(page.locator("[data-say=kept]")).to_be_hidden()
    expect(told.get_by_role("link", name="Đăng nhập")).to_have_attribute("href", "/dang-nhap/")
    sign_in(page.context, HOUSEHOLD_PHONE, line.url)
    page.goto("/ban/")
    assert [entry["state"] for entry in settled(page)] == ["taken"]
    assert Product.objects.filter(title="Gừng hết phiên").count() == 1


def test_form_kept_without_signal_says_so_when_the_session_has_ended_meanwhile(
    phone_on: PhoneOn, line: Line
) -> None:
    page = phone_on(HOUSEHOLD_PHONE, at="/ban/hang/them/")
    page.wait_for_load_state("networkidle")
    fill(page, "Gừng hết phiên")
    line.is_down = True
    press_send(page)
    expect(page.locator("[data-say=kept]")).to_be_visible()
    page.context.clear_cookies()
    line.is_down = False
    page.evaluate("import('/static/offline/queue.js').then(({ tell }) => tell())")
    expect(page.locator("[data-say=other]")).to_be_visible()
    expect(page.locator("[data-say=kept]")).to_be_hidden()
