"""What was sent and could not be saved: the page says so, and the way it names brings back what was typed."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from marketplace.catalogue.models import ListingState
from tests.browser.conftest import NewPhone
from tests.browser.test_journeys import SCRIPTS
from tests.factories.accounts import PASSWORD
from tests.factories.market import make_good_in, make_member, make_photo
from tests.factories.orders import make_cooperative, make_household

pytestmark = pytest.mark.sqlite
ADD = "/ban/hang/them/"
TYPED = {"title": "Tỏi tía", "price_vnd": "33.000", "description": "Củ nhỏ, thơm."}


@pytest.fixture
def edit(live_site: str) -> str:
    """The address of goods on the market; their household has the phone 0912 345 678."""
    home = make_household(make_cooperative(), "Nhà Giàng A Sử")
    make_member(home, phone="+84912345678", password=PASSWORD)
    return f"/ban/hang/{make_good_in(ListingState.APPROVED, home, cover=make_photo()).key}/"


def sign_in(phone: Page, address: str) -> None:
    phone.locator("[name=login]").fill("0912 345 678")
    phone.locator("[name=password]").fill(PASSWORD)
    phone.locator("main").get_by_role("button", name="Đăng nhập", exact=True).click()
    phone.wait_for_url(f"**{address}")


def opened(phone: Page, address: str) -> Page:
    phone.goto(f"/dang-nhap/?next={address}")
    sign_in(phone, address)
    for name, text in TYPED.items():
        phone.locator(f"form [name={name}]").fill(text)
    return phone


def send(phone: Page) -> None:
    phone.locator("main .act button").first.click()


def expect_typed(phone: Page) -> None:
    for name, text in TYPED.items():
        expect(phone.locator(f"form [name={name}]")).to_have_value(text)


@pytest.mark.parametrize("is_new", [True, False])
def test_a_photo_too_heavy_to_take_costs_nothing_that_was_typed(
    phone_without_scripts: Page, edit: str, is_new: bool, tmp_path: Path
) -> None:
    phone = opened(phone_without_scripts, ADD if is_new else edit)
    heavy = tmp_path / "anh.jpg"
    heavy.write_bytes(bytes(31 * 1024 * 1024))
    phone.locator("[name=photo]").set_input_files(heavy)

    send(phone)
    expect(phone.get_by_role("heading", name="Ảnh nặng quá")).to_be_visible()
    phone.go_back()

    expect_typed(phone)


@SCRIPTS
def test_what_was_sent_after_the_session_ended_comes_again_as_the_sign_in_page_says(
    new_phone: NewPhone, edit: str, scripts: bool
) -> None:
    phone = opened(new_phone(java_script_enabled=scripts), edit)
    phone.context.clear_cookies(name="sessionid")

    send(phone)
    expect(phone.locator("main")).to_contain_text("phần vừa gửi chưa được lưu")
    sign_in(phone, edit)
    phone.go_back()
    phone.go_back()

    expect_typed(phone)
    send(phone)
    phone.wait_for_url("**/ban/")
    expect(phone.locator("main")).to_contain_text("Tỏi tía")
