"""Every key page on a small phone: no axe violation, no policy violation, nothing wider than 320 px, big targets."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import Page

from base.accounts.models import User
from cms.models import PolicyPage
from config.seed.people import HOUSEHOLD_PHONE, MANAGER_PHONE
from learning.models import CoursePage, LessonPage
from marketplace.catalogue.models import Product
from marketplace.cooperative.models import Cooperative
from marketplace.order.models import Order
from marketplace.partner.models import Partner
from tests.browser.conftest import NewPhone
from tests.browser.test_journeys import sign_in

pytestmark = [pytest.mark.usefixtures("seeded"), pytest.mark.sqlite]

SMALL_TARGETS = """() => [...document.querySelectorAll(`
    main a.btn, main button, nav a, header a, header button, select,
    input:not([type=hidden]):not([type=radio]):not([type=checkbox])`)]
  .filter(e => e.offsetParent && !e.classList.contains("vh") && !e.classList.contains("skip"))
  .map(e => [e.tagName, e.textContent.trim().slice(0, 30), Math.round(e.getBoundingClientRect().height)])
  .filter(([, , height]) => height < 48)"""


def public_pages() -> list[str]:
    """Return the addresses of the key pages that anybody may open, in the sample site."""
    product = Product.objects.listed().in_stock().first()
    assert product is not None
    return [
        "/",
        "/cho/",
        product.get_absolute_url(),
        Partner.objects.active()[0].get_absolute_url(),
        Cooperative.objects.active()[0].get_absolute_url(),
        "/hoc/",
        CoursePage.objects.live()[0].get_url(),
        LessonPage.objects.live()[0].get_url(),
        "/chinh-sach/",
        PolicyPage.objects.live()[0].get_url(),
        "/tim/?q=mat+ong",
        "/tim/?q=khongcogica",
        "/gio/",
        "/don/",
        "/dang-nhap/",
        "/dang-nhap/ma-gap-mat/",
        "/tai-ve/",
        "/ngoai-mang/",
        "/khong-co-trang-nay/",
        "/en/cho/",
    ]


def household_pages() -> list[str]:
    """Return the pages of a household's desk."""
    own = Product.objects.filter(household__users__phone=HOUSEHOLD_PHONE)
    return ["/tai-khoan/", "/ban/", "/ban/hang/them/", f"/ban/hang/{own[0].key}/", "/ban/don/"]


def manager_pages() -> list[str]:
    """Return the pages of a cooperative's desk."""
    order = Order.objects.filter(cooperative__memberships__user__phone=MANAGER_PHONE)[0]
    waiting = Product.objects.filter(
        listing_state="submitted", household__cooperative__memberships__user__phone=MANAGER_PHONE
    )
    return [
        "/htx/",
        *(f"/htx/hang/{one.key}/" for one in waiting[:1]),
        "/htx/don/",
        "/htx/nguoi/",
        f"/htx/nguoi/{User.objects.get(phone=HOUSEHOLD_PHONE).pk}/",
        f"/htx/don/{order.number}/",
        "/htx/giao/",
        f"/htx/giao/{order.pickup_point_id}/{timezone.localdate()}/",
        f"/htx/giao/{order.pickup_point_id}/{timezone.localdate()}/?q={order.number}",
    ]


def problems_of(page: Page, address: str) -> list[str]:
    """Return what is wrong with one page, in words."""
    page.goto(address)
    found = [
        f"{address}: axe {violation['id']}: {violation['nodes'][0]['html'][:160]}"
        for violation in Axe().run(page).response["violations"]
    ]
    width = width_of(page)
    if width > 320:
        found.append(f"{address}: {width} px wide on a screen of 320")
    found += [f"{address}: target too small {target}" for target in page.evaluate(SMALL_TARGETS)]
    return found


def width_of(page: Page) -> int:
    """Return how wide the page is, in CSS pixels, with what one must scroll to."""
    width: int = page.evaluate("document.documentElement.scrollWidth")
    return width


@pytest.mark.parametrize(
    ("who", "pages"),
    [("", public_pages), (HOUSEHOLD_PHONE, household_pages), (MANAGER_PHONE, manager_pages)],
    ids=["public", "household", "manager"],
)
def test_key_pages_are_usable_on_a_small_phone(
    new_phone: NewPhone, who: str, pages: Callable[[], list[str]]
) -> None:
    phone = new_phone(viewport={"width": 320, "height": 640})
    refused: list[str] = []
    phone.on(
        "console", lambda line: refused.append(line.text) if "Content Security Policy" in line.text else None
    )
    if who:
        sign_in(phone, who, "/tai-khoan/")
    found = [problem for address in pages() for problem in problems_of(phone, address)]
    assert (found, refused) == ([], [])


def test_product_can_be_bought_by_keyboard_alone(new_phone: NewPhone) -> None:
    phone = new_phone()
    phone.goto("/cho/")
    phone.keyboard.press("Tab")
    phone.keyboard.press("Enter")  # "skip to the content"
    for _ in range(40):
        phone.keyboard.press("Tab")
        if phone.evaluate("document.activeElement.closest('.good') !== null"):
            break
    phone.keyboard.press("Enter")
    phone.wait_for_selector("#quantity")
    for _ in range(40):
        phone.keyboard.press("Tab")
        if phone.evaluate("document.activeElement.id === 'quantity'"):
            break
    phone.keyboard.press("Enter")
    phone.wait_for_url("**/gio/**")
    assert phone.locator(".line").count() == 1


def test_names_without_a_space_make_no_page_wider_than_the_phone(new_phone: NewPhone) -> None:
    goods = Product.objects.listed().in_stock().filter(household__users__phone=HOUSEHOLD_PHONE)
    product = goods[0]
    Product.objects.filter(pk=product.pk).update(title="Khoai" * 23)
    phone = new_phone(viewport={"width": 320, "height": 640})
    sign_in(phone, HOUSEHOLD_PHONE, "/ban/")
    widths = {"/ban/": width_of(phone)}
    phone.goto("/cho/")
    widths["/cho/"] = width_of(phone)
    phone.goto(product.get_absolute_url())
    phone.locator(".act button").click()
    phone.wait_for_url("**/gio/")  # a message says what was put in
    assert "KhoaiKhoai" in phone.locator(".note.success").inner_text()
    widths["/gio/"] = width_of(phone)
    assert set(widths.values()) == {320}, widths
