"""The pickup day on a phone: found by code or camera, handed over with one press; scripts on and off."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from config.seed.people import MANAGER_PHONE
from marketplace.cooperative.handover import note
from marketplace.cooperative.models import Cooperative
from marketplace.order.models import Order
from marketplace.order.placement import Contact, place_purchase
from marketplace.partner.models import StockRecord
from tests.browser.conftest import NewPhone
from tests.browser.test_journeys import SCRIPTS, sign_in
from tests.factories.market import make_manager
from tests.factories.orders import make_basket

pytestmark = [pytest.mark.usefixtures("seeded"), pytest.mark.sqlite]

# Chromium on Linux has no BarcodeDetector; this one reads what the test has "held before the camera".
CAMERA = """
globalThis.BarcodeDetector = class {
  static getSupportedFormats() { return Promise.resolve(["qr_code"]); }
  detect() { return Promise.resolve(globalThis.shown ? [{ rawValue: globalThis.shown }] : []); }
};
navigator.mediaDevices.getUserMedia = async () => {
  const canvas = document.createElement("canvas");
  const draw = canvas.getContext("2d");
  setInterval(() => draw.fillRect(0, 0, 9, 9), 50);
  return canvas.captureStream(10);
};
"""


def ordered(name: str) -> Order:
    """Return an order at the first pickup point of the sample manager, to be collected today."""
    cooperative = Cooperative.objects.get(memberships__user__phone=MANAGER_PHONE)
    point = cooperative.pickup_points.order_by("pk")[0]
    stock = StockRecord.objects.filter(
        product__household__cooperative=cooperative, product__is_public=True, num_in_stock__gte=10
    )[0]
    number = Order.objects.count()
    purchase = place_purchase(
        basket=make_basket({stock.product: 2}),
        contact=Contact(name=name, phone=f"+849000009{number:02}"),
        pickup_points={cooperative.pk: point},
    )
    Order.objects.filter(purchase=purchase).update(collection_on=timezone.localdate())
    order: Order = purchase.orders.get()
    return order


def open_today(phone: Page) -> None:
    sign_in(phone, MANAGER_PHONE, "/htx/")
    phone.get_by_role("link", name="Hôm nay giao").click()
    phone.locator("main .line a").first.click()
    phone.wait_for_url(re.compile(r"/htx/giao/\d+/[\d-]+/$"))


def find(phone: Page, typed: str) -> None:
    phone.get_by_label("Mã đơn, hoặc mấy số cuối điện thoại").fill(typed)
    phone.get_by_role("button", name="Tìm", exact=True).click()


@SCRIPTS
def test_manager_finds_an_order_hands_it_over_and_the_buyer_sees_it(
    new_phone: NewPhone, scripts: bool
) -> None:
    order, other = ordered("Lò Thị Mai"), ordered("Mùa A Tủa")
    manager = new_phone(java_script_enabled=scripts, service_workers="block")
    open_today(manager)
    expect(manager.get_by_role("heading", name="Mùa A Tủa")).to_be_visible()

    find(manager, order.number[-4:].lower())
    expect(manager.get_by_role("heading", name="Lò Thị Mai")).to_be_visible()
    expect(manager.get_by_role("heading", name="Mùa A Tủa")).to_be_hidden()
    manager.locator(f"[id='{order.number}']").get_by_role(
        "button", name=re.compile("^Đã giao, đã thu")
    ).click()
    expect(manager.get_by_text("Đã ghi: giao cho Lò Thị Mai").first).to_be_visible()

    manager.goto(manager.url.partition("?")[0])
    manager.locator(f"[id='{other.number}']").get_by_role("button", name="Chưa tới lấy").click()
    expect(manager.get_by_text("Đã ghi: Mùa A Tủa chưa tới lấy.")).to_be_visible()

    order.refresh_from_db()
    other.refresh_from_db()
    assert (order.status, order.paid_at is not None) == ("handed_over", True)
    assert (other.status, other.missed_at is not None) == ("placed", True)
    buyer = new_phone(java_script_enabled=scripts)
    buyer.goto(other.get_absolute_url())
    buyer.get_by_label(re.compile("4 số cuối")).fill(other.purchase.contact_phone[-4:])
    buyer.get_by_role("button", name="Xem đơn").click()
    expect(buyer.get_by_text("là bạn chưa tới lấy")).to_be_visible()
    expect(buyer.get_by_role("img", name="Mã QR của đơn")).to_be_visible()


def test_camera_finds_the_order_on_the_page_also_without_a_network(new_phone: NewPhone) -> None:
    order = ordered("Lò Thị Mai")
    ordered("Mùa A Tủa")
    phone = new_phone()
    phone.add_init_script(CAMERA)
    open_today(phone)
    phone.context.set_offline(True)

    phone.get_by_role("button", name="Quét mã của người mua").click()
    expect(phone.locator("video")).to_be_visible()
    phone.evaluate(
        "address => { globalThis.shown = address }", f"https://x.example{order.get_absolute_url()}"
    )

    expect(phone.locator("video")).to_have_count(0)
    expect(phone.get_by_role("heading", name="Mùa A Tủa")).to_be_hidden()
    expect(phone.locator(f"[id='{order.number}']")).to_be_focused()
    find(phone, "zzzz")
    expect(phone.get_by_text(re.compile("Không có trong trang này"))).to_be_visible()
    phone.get_by_role("button", name="Hiện lại tất cả đơn").click()
    expect(phone.get_by_role("heading", name="Mùa A Tủa")).to_be_visible()


def test_without_such_a_camera_nothing_is_offered(phone: Page) -> None:
    ordered("Lò Thị Mai")
    open_today(phone)
    expect(phone.get_by_role("button", name="Quét mã của người mua")).to_be_hidden()


def online_with_worker(phone: Page) -> None:
    """Open today's list with all that notes without a network need."""
    open_today(phone)
    phone.evaluate("navigator.serviceWorker.ready.then(() => true)")
    phone.reload()
    phone.wait_for_function("navigator.serviceWorker.controller !== null")
    phone.wait_for_load_state("networkidle")  # the scripts of forms come last
    phone.locator("[data-pack] [data-do=save]:visible").click()
    expect(phone.locator("[data-pack] [data-is=saved]")).to_be_visible(timeout=60_000)


def handovers(phone: Page) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = phone.evaluate(
        "import('/static/offline/store.js').then(() => self.langso.read('entries'))"
    )
    return [entry["body"] for entry in found if entry["kind"] == "handover"]


def test_mistaken_note_that_was_never_sent_is_replaced_by_the_next(new_phone: NewPhone) -> None:
    order = ordered("Lò Thị Mai")
    phone = new_phone()
    online_with_worker(phone)
    expect(phone.get_by_text("Chưa tính những đơn vừa ghi trong máy này.")).to_be_hidden()
    phone.context.set_offline(True)
    card = phone.locator(f"[id='{order.number}']")
    kept = card.get_by_text(re.compile("Đã giữ trong máy này, tự gửi"))
    card.get_by_role("button", name=re.compile("^Đã giao, đã thu")).click()
    expect(kept).to_be_visible(timeout=30_000)
    expect(phone.get_by_text("Chưa tính những đơn vừa ghi trong máy này.")).to_be_visible()
    card.get_by_role("button", name="Ghi lại khác").click()
    card.get_by_role("button", name="Đã giao, chưa thu tiền").click()
    expect(kept).to_be_visible(timeout=30_000)
    only = {"order": order.number, "is_handed_over": True, "is_paid": False, "is_missed": False}
    assert handovers(phone) == [only]
    phone.reload()
    expect(phone.get_by_text("Chưa tính những đơn vừa ghi trong máy này.")).to_be_visible()

    phone.context.set_offline(False)
    phone.reload()
    expect(card.get_by_text(re.compile("Đã ghi: giao cho Lò Thị Mai")).first).to_be_visible(timeout=60_000)
    order.refresh_from_db()
    assert (order.status, order.paid_at) == ("handed_over", None)


def test_note_that_may_have_arrived_stays_and_the_page_says_so(new_phone: NewPhone) -> None:
    order = ordered("Lò Thị Mai")
    phone = new_phone()
    online_with_worker(phone)
    phone.context.set_offline(True)
    card = phone.locator(f"[id='{order.number}']")
    card.get_by_role("button", name=re.compile("^Đã giao, đã thu")).click()
    expect(card.get_by_text(re.compile("Đã giữ trong máy này, tự gửi"))).to_be_visible(timeout=30_000)
    phone.evaluate(  # its answer was lost
        """import('/static/offline/store.js').then(async () => {
            const [entry] = (await self.langso.read('entries')).filter(({ kind }) => kind === 'handover');
            await self.langso.write('entries', { ...entry, tries: 1 });
        })"""
    )
    card.get_by_role("button", name="Ghi lại khác").click()
    expect(card.get_by_text(re.compile("Bản ghi trước có thể đã gửi đi rồi"))).to_be_visible()
    card.get_by_role("button", name="Đã giao, chưa thu tiền").click()
    expect(card.get_by_text(re.compile("Đã giữ trong máy này, tự gửi"))).to_be_visible(timeout=30_000)
    assert [body["is_paid"] for body in handovers(phone)] == [True, False]


def test_day_saved_on_the_phone_takes_notes_without_a_network_that_count_when_there_is_one(
    new_phone: NewPhone,
) -> None:
    order, other = ordered("Lò Thị Mai"), ordered("Mùa A Tủa")
    phone = new_phone()
    online_with_worker(phone)
    card = phone.locator(f"[id='{order.number}']")
    phone.context.set_offline(True)

    card.get_by_role("button", name=re.compile("^Đã giao, đã thu")).click()
    kept = card.get_by_text(re.compile("Đã giao, đã thu .* Đã giữ trong máy này, tự gửi"))
    expect(kept).to_be_visible(timeout=30_000)
    expect(card.get_by_role("button", name=re.compile("^Đã giao"))).to_have_count(0)
    phone.reload()
    expect(kept).to_be_visible(timeout=30_000)
    late = phone.locator(f"[id='{other.number}']")
    late.get_by_role("button", name=re.compile("^Đã giao, đã thu")).click()
    expect(late.get_by_text(re.compile("Đã giữ trong máy này, tự gửi"))).to_be_visible(timeout=30_000)
    order.refresh_from_db()
    assert order.status == "placed"
    first = make_manager(order.cooperative, last_name="Vàng", first_name="Dua")
    note(other, by=first, is_handed_over=True, is_paid=True)  # on another phone, which had signal

    phone.context.set_offline(False)
    phone.reload()
    # sent while the page was drawn, or just after it
    sent = card.get_by_text(re.compile("Đã ghi: giao cho Lò Thị Mai, thu|Đã thu tiền"))
    expect(sent).to_be_visible(timeout=60_000)
    order.refresh_from_db()
    other.refresh_from_db()
    assert (order.status, order.paid_at is not None) == ("handed_over", True)
    assert other.handed_over_by == first
    phone.goto("/tai-ve/")  # what the second phone noted is kept, with who was first
    expect(phone.get_by_text(re.compile("Vàng Dua đã giao đơn này"))).to_be_visible(timeout=30_000)


def test_note_of_a_session_that_has_ended_says_that_it_waits_for_the_sign_in(new_phone: NewPhone) -> None:
    order = ordered("Lò Thị Mai")
    phone = new_phone()
    online_with_worker(phone)
    phone.context.clear_cookies()
    card = phone.locator(f"[id='{order.number}']")
    card.get_by_role("button", name=re.compile("^Đã giao, đã thu")).click()
    told = card.locator("[data-say=other]")
    expect(told).to_be_visible(timeout=5_000)
    expect(told.get_by_role("link", name="Đăng nhập")).to_have_attribute("href", "/dang-nhap/")
    expect(card.locator("[data-say=kept]")).to_be_hidden()
    order.refresh_from_db()
    assert order.status == "placed"
