"""What was typed wrong with the scripts on: kept, and said beside its field, as the page says it without them."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from config.seed.people import HOUSEHOLD_PHONE
from marketplace.catalogue.models import Product
from tests.browser.offline.proxy import Line
from tests.browser.offline.test_forms_offline import fill, press_send

pytestmark = [pytest.mark.usefixtures("seeded"), pytest.mark.sqlite]
PhoneOn = Callable[..., Page]
A_DRAFT = re.compile(r"/ban/hang/[0-9a-f-]{36}/")
NOTE = "Đã cất bản nháp, cả ảnh. Bạn xem lại chỗ báo đỏ."


def form_of(phone_on: PhoneOn, title: str, price: str) -> Page:
    page = phone_on(HOUSEHOLD_PHONE, at="/ban/hang/them/")
    page.wait_for_load_state("networkidle")
    fill(page, title, price)
    return page


def error_of(page: Page, name: str) -> str:
    """Return the words that stand beside a field."""
    field = page.locator(f"form[data-mistakes] [name={name}]")
    return str(
        field.evaluate(
            """(input) => {
                const place = input.closest(".unit") || input;
                const { previousElementSibling: before } = place;
                return before && before.matches("p.err") ? before.textContent : "";
            }"""
        )
    )


@pytest.mark.parametrize("price", ["25", "25k-30k", "20.000đ/bó"])
def test_wrong_value_stays_in_its_field_with_the_error_beside_it(phone_on: PhoneOn, price: str) -> None:
    page = form_of(phone_on, "Gừng sai giá", price)
    page.locator("[name=left]").fill("10 kg")
    press_send(page)
    page.wait_for_url(A_DRAFT)
    expect(page.locator("p.err")).to_have_count(2)
    expect(page.locator("[name=price_vnd]")).to_have_value(price)
    expect(page.locator("[name=left]")).to_have_value("10 kg")
    assert "giá" in error_of(page, "price_vnd").lower()
    assert error_of(page, "left")
    expect(page.locator(".note.warning")).to_have_text([NOTE])
    expect(page.locator(".note.success")).to_have_count(0)

    page.locator("[name=price_vnd]").fill("25.000")
    page.locator("[name=left]").fill("10")
    press_send(page)
    page.wait_for_url("**/ban/")
    product = Product.objects.get(title="Gừng sai giá")  # one, not two
    stock = product.stockrecords.get()
    assert (product.listing_state, stock.price, stock.num_in_stock) == ("submitted", 25_000, 10)


def test_mistake_is_said_once(phone_on: PhoneOn) -> None:
    page = form_of(phone_on, "Gừng sai giá", "25")
    press_send(page)
    page.wait_for_url(A_DRAFT)
    expect(page.locator("p.err")).to_have_count(1)
    page.reload()
    page.wait_for_load_state("networkidle")
    expect(page.locator("p.err:visible, .note:visible")).to_have_count(0)
    expect(page.locator("[name=price_vnd]")).to_have_value("")


def test_mistake_heard_of_late_is_marked_behind_the_link(phone_on: PhoneOn, line: Line) -> None:
    page = form_of(phone_on, "Gừng sai muộn", "25")
    line.is_down = True
    press_send(page)
    expect(page.get_by_text("Đã giữ trong máy.").locator("visible=true")).to_be_visible()
    line.is_down = False
    page.evaluate("import('/static/offline/queue.js').then(({ tell }) => tell())")
    page.locator("[data-say=taken] a[data-url]").click()
    page.wait_for_url(A_DRAFT)
    expect(page.locator("[name=price_vnd]")).to_have_value("25")
    assert error_of(page, "price_vnd")


def test_what_was_put_right_elsewhere_is_not_marked(phone_on: PhoneOn) -> None:
    page = form_of(phone_on, "Gừng sửa rồi", "25")
    press_send(page)
    page.wait_for_url(A_DRAFT)
    expect(page.locator("p.err")).to_have_count(1)
    Product.objects.get(title="Gừng sửa rồi").stockrecords.update(price=26_000)
    page.goto("/tai-ve/")
    page.locator("li", has_text="Gừng sửa rồi").get_by_role("link", name="Xem").click()
    page.wait_for_url(A_DRAFT)
    page.wait_for_load_state("networkidle")
    expect(page.locator("p.err:visible, .note:visible")).to_have_count(0)
    expect(page.locator("[name=price_vnd]")).to_have_value("26.000")
