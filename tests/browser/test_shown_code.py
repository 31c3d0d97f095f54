"""Two phones side by side: a manager lets a member in again who lost the password; scripts on and off."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from config.seed.people import HOUSEHOLD_PHONE, MANAGER_PHONE
from tests.browser.conftest import NewPhone
from tests.browser.test_journeys import SCRIPTS, national, sign_in

pytestmark = [pytest.mark.usefixtures("seeded"), pytest.mark.sqlite]


@SCRIPTS
def test_manager_lets_a_member_in_who_then_sells_again(new_phone: NewPhone, scripts: bool) -> None:
    manager, member = (new_phone(java_script_enabled=scripts) for _ in range(2))
    sign_in(manager, MANAGER_PHONE, "/htx/")
    manager.get_by_role("link", name="Có người quên mật khẩu").click()
    manager.get_by_label("Tên, hoặc số cuối điện thoại").fill(national(HOUSEHOLD_PHONE)[-4:])
    manager.get_by_role("button", name="Tìm").click()
    manager.get_by_role("link", name=re.compile("Đưa mã")).click()
    manager.get_by_role("button", name="Hiện mã").click()
    code = manager.locator("p.code").inner_text()
    assert re.fullmatch(r"\d{3} \d{3}", code)

    member.goto("/dang-nhap/")
    member.get_by_role("link", name=re.compile("Quên mật khẩu")).click()
    member.get_by_role("link", name=re.compile("Xin mã ở hợp tác xã")).click()
    member.get_by_label("Số điện thoại").fill(national(HOUSEHOLD_PHONE))
    member.get_by_label("Sáu chữ số").fill(code)
    member.locator("main").get_by_role("button", name="Đăng nhập", exact=True).click()
    member.wait_for_url("**/tai-khoan/mat-khau/")
    member.get_by_label("Mật khẩu mới").fill("mua-he-tren-ban")
    member.get_by_role("button", name="Lưu").click()
    expect(member.get_by_role("heading", name="Ai đã mở khóa cho bạn")).to_be_visible()
    member.get_by_role("link", name="Hàng và đơn của nhà tôi").click()
    member.wait_for_url("**/ban/")

    manager.reload()  # sends the form again: another code, the first is used up and not shown
    expect(manager.locator("p.code")).not_to_have_text(code)
