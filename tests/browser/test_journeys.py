"""The main job end to end on a phone, scripts on and off: sell, approve, buy, follow, learn, publish, find."""

from __future__ import annotations

import re
import time
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from base import outbox
from base.outbox.models import Entry
from config.seed.content import CONTENT
from config.seed.people import EDITOR_PHONE, HOUSEHOLD_PHONE, MANAGER_PHONE, PASSWORD, REVIEWER_PHONE
from marketplace.catalogue.models import Product
from marketplace.order.models import Order, Purchase
from marketplace.partner.models import StockRecord
from tests.browser.conftest import NewPhone

pytestmark = [pytest.mark.usefixtures("seeded"), pytest.mark.sqlite]
SCRIPTS = pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
PHOTO: Path = CONTENT / "photos" / "ginger-2.jpg"


def national(phone: str) -> str:
    """Return the phone as people type it."""
    return "0" + phone.removeprefix("+84")


def settle() -> None:
    """Drain the outbox until nothing waits, as the process beside the site does; an entry that failed comes again."""
    end = time.monotonic() + 120
    while Entry.objects.exists():
        outbox.drain()
        assert time.monotonic() < end, list(Entry.objects.values_list("topic", "key", "error"))
        time.sleep(0.1)


def sign_in(page: Page, phone: str, then: str) -> None:
    """Sign in as a person of the sample site by the form, and go to ``then``."""
    page.goto(f"/dang-nhap/?next={then}")
    page.get_by_label("Số điện thoại").fill(national(phone))
    page.get_by_label("Mật khẩu").fill(PASSWORD)
    page.locator("main").get_by_role("button", name="Đăng nhập", exact=True).click()
    page.wait_for_url(f"**{then}")


@SCRIPTS
def test_household_lists_goods_manager_approves_and_a_buyer_orders_them(
    new_phone: NewPhone, scripts: bool
) -> None:
    household = new_phone(java_script_enabled=scripts)
    sign_in(household, HOUSEHOLD_PHONE, "/ban/")
    household.get_by_role("link", name="Thêm hàng").first.click()
    household.locator("input[type=file]").set_input_files(PHOTO)
    household.get_by_label("Hàng gì").fill("Gừng trâu Phiêng Lán")
    household.locator("input[name=category]").first.check(force=True)
    household.locator("[name=price_vnd]").fill("22.000")
    household.locator("[name=unit]").select_option("kg")
    household.locator("[name=left]").fill("30")
    household.get_by_role("button", name=re.compile("Gửi cho hợp tác xã")).click()
    expect(household.get_by_text("Gừng trâu Phiêng Lán").first).to_be_visible()
    product = Product.objects.get(title="Gừng trâu Phiêng Lán")
    assert (product.listing_state, product.is_public, int(product.stockrecords.get().price or 0)) == (
        "submitted",
        False,
        22_000,
    )

    manager = new_phone(java_script_enabled=scripts)
    sign_in(manager, MANAGER_PHONE, "/htx/")
    manager.get_by_role("link", name="Gừng trâu Phiêng Lán").first.click()
    manager.get_by_role("button", name=re.compile("Duyệt|Cho lên chợ")).first.click()
    product.refresh_from_db()
    assert product.is_public
    settle()

    buyer = new_phone(java_script_enabled=scripts)
    buyer.goto("/tim/?q=gung trau phieng lan")
    buyer.get_by_role("link", name=re.compile("Gừng trâu Phiêng Lán")).first.click()
    buyer.get_by_label(re.compile("Mua mấy")).fill("3")
    buyer.get_by_role("button", name="Bỏ vào giỏ").click()
    expect(buyer.get_by_role("heading", name="Giỏ của bạn")).to_be_visible()
    buyer.get_by_role("button", name="Đặt hàng").click()
    _fill_checkout(buyer)
    buyer.get_by_role("button", name="Gửi đơn").click()
    expect(buyer.get_by_role("heading", name="Đơn hàng của bạn")).to_be_visible()
    assert StockRecord.objects.get(product=product).num_allocated == 3

    manager.goto("/htx/don/")
    order = Order.objects.get(lines__product=product)
    manager.goto(f"/htx/don/{order.number}/")
    for name in ("Đã đóng gói|Đóng gói xong", "Đã giao|Giao xong", "tiền mặt"):
        manager.get_by_role("button", name=re.compile(name)).first.click()
    order.refresh_from_db()
    assert (order.status, order.paid_at is not None) == ("handed_over", True)

    household.goto("/ban/don/?muc=da-giao")
    expect(household.get_by_text("Gừng trâu Phiêng Lán").first).to_be_visible()
    expect(household.get_by_text("Vì Thị Người Mua")).to_have_count(0)  # never the buyer's name


def _fill_checkout(page: Page) -> None:
    page.get_by_label("Tên của bạn").fill("Vì Thị Người Mua")
    page.get_by_label("Số điện thoại").fill("0912 345 678")
    for group in page.locator("fieldset").all():
        group.locator("input[type=radio]").first.check(force=True)


@SCRIPTS
def test_buyer_orders_from_two_cooperatives_and_follows_by_code(new_phone: NewPhone, scripts: bool) -> None:
    buyer = new_phone(java_script_enabled=scripts)
    for cooperative in ("ban-may", "tieng-chieng"):
        product = (
            Product.objects.listed()
            .in_stock()
            .filter(household__cooperative__slug=cooperative, stockrecords__num_in_stock__gte=10)
            .first()
        )
        assert product is not None
        buyer.goto(product.get_absolute_url())
        buyer.get_by_role("button", name="Bỏ vào giỏ").click()
        buyer.wait_for_url("**/gio/**")
    buyer.get_by_role("button", name="Đặt hàng").click()
    _fill_checkout(buyer)
    buyer.get_by_role("button", name="Gửi đơn").click()
    buyer.wait_for_url("**/don/*/")
    purchase = Purchase.objects.get(contact_name="Vì Thị Người Mua")
    assert purchase.orders.count() == 2

    elsewhere = new_phone(java_script_enabled=scripts)
    elsewhere.goto("/don/")
    elsewhere.get_by_label("Mã đơn").fill(purchase.code.lower())
    elsewhere.get_by_label(re.compile("4 số cuối")).fill("9999")
    elsewhere.get_by_role("button", name="Xem đơn").click()
    expect(elsewhere.get_by_text("Không có đơn nào khớp").first).to_be_visible()
    elsewhere.get_by_label(re.compile("4 số cuối")).fill("5678")
    elsewhere.get_by_role("button", name="Xem đơn").click()
    expect(elsewhere.get_by_text("Vì Thị Người Mua")).to_be_visible()


@SCRIPTS
def test_learner_answers_a_lesson_and_keeps_the_progress_after_sign_in(
    new_phone: NewPhone, scripts: bool
) -> None:
    from config.seed.people import LEARNER_PHONE
    from learning.models import LessonPage

    learner = new_phone(java_script_enabled=scripts)
    learner.goto("/hoc/")
    learner.locator("main a[href^='/hoc/']:not([href*='cua-toi'])").first.click()
    learner.locator("main a[href*='/hoc/']:not([href*='cua-toi'])").filter(has_text=re.compile(".")).nth(
        1
    ).click()
    learner.locator("input[type=radio]").first.check(force=True)
    learner.locator("main form button").first.click()
    learner.wait_for_url("**/hoc/cua-toi/bai/**")
    said = learner.locator(".right, .wrong, .good-news, .tip, .warn").locator("visible=true")
    expect(said.first).to_be_visible()
    lesson = LessonPage.objects.get(pk=int(re.findall(r"/bai/(\d+)/", learner.url)[0]))

    sign_in(learner, LEARNER_PHONE, "/hoc/cua-toi/")
    expect(learner.get_by_text(lesson.get_parent().title).first).to_be_visible()


def test_editor_writes_an_article_and_people_see_it_once_a_reviewer_approved(new_phone: NewPhone) -> None:
    from cms.models import PolicyPage, SectionPage

    section = SectionPage.objects.get(slug="chinh-sach")
    title = "Tiêm phòng cho trâu bò trước mùa rét"
    desk: dict[str, Any] = {"viewport": {"width": 1280, "height": 900}, "is_mobile": False}
    editor = new_phone(**desk)
    sign_in(editor, EDITOR_PHONE, "/quan-tri/")
    editor.goto(f"/quan-tri/pages/add/cms/policypage/{section.pk}/")
    editor.locator("[name=title]").fill(title)
    editor.locator("[name=summary]").fill("Gọi cán bộ thú y xã trước khi trời rét.")
    editor.locator(".c-sf-add-button").first.click()
    editor.get_by_role("option", name="Nội dung").click()
    editor.locator("[data-contentpath=body] [contenteditable=true]").first.click()
    editor.keyboard.type("Trâu bò khỏe qua mùa rét là nhờ tiêm phòng sớm.")
    editor.wait_for_timeout(1500)  # Draftail hands its text to the form a moment after the last key
    with editor.expect_event("load"):  # not the change of address that autosave makes
        editor.locator("#page-edit-form button[type=submit]").first.click()
    page = PolicyPage.objects.get(title=title)
    assert not page.live
    visitor = new_phone()
    assert visitor.goto(page.get_url()).status == 404  # a draft is nobody's

    editor.goto(f"/quan-tri/pages/{page.pk}/edit/")
    editor.locator("footer [data-w-dropdown-target=toggle]").first.click()
    editor.get_by_role("button", name="Gửi tới Duyệt bài").click()
    editor.wait_for_url(f"**/quan-tri/pages/{section.pk}/")
    reviewer = new_phone(**desk)
    sign_in(reviewer, REVIEWER_PHONE, "/quan-tri/")
    reviewer.goto(f"/quan-tri/pages/{page.pk}/edit/")
    page.refresh_from_db()
    assert not page.live
    reviewer.locator("footer [data-w-dropdown-target=toggle]").first.click()
    reviewer.get_by_role("button", name="Phê chuẩn", exact=True).click()
    reviewer.wait_for_url(f"**/quan-tri/pages/{section.pk}/")
    page.refresh_from_db()
    assert page.live
    settle()
    visitor.goto(page.get_url() or "")
    expect(visitor.get_by_role("heading", name=title)).to_be_visible()
    visitor.goto("/tim/?q=tiem phong trau bo")
    expect(visitor.get_by_role("link", name=re.compile(title))).to_be_visible()


@SCRIPTS
def test_search_finds_goods_lessons_and_articles_without_diacritics(
    new_phone: NewPhone, scripts: bool
) -> None:
    visitor = new_phone(java_script_enabled=scripts)
    visitor.goto("/tim/?q=mat ong")
    chips = visitor.locator(".chip").all_inner_texts()
    assert any(re.search(r"Hàng.*\d", chip) for chip in chips), chips
    assert any(re.search(r"Bài học.*\d", chip) for chip in chips), chips
    expect(visitor.locator("mark").first).to_be_visible()
