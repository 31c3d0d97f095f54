"""The page of results on a small phone: filters without scripts, long names, nothing found."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from search import indexing
from tests.browser.conftest import NewPhone
from tests.factories.orders import make_cooperative, make_household, make_product

pytestmark = [pytest.mark.usefixtures("transactional_db"), pytest.mark.sqlite]

LONG = "Hợp tác xã Dịch vụ Nông lâm nghiệp Tổng hợp và Du lịch Cộng đồng Bản Nậm Lùng Nghiêng"
SMALL_TARGETS = """() => [...document.querySelectorAll(
    "main a, main button, main summary, main select, main .field, main label.opt")]
  .filter(e => e.offsetParent && !e.closest(".card") && e.getBoundingClientRect().height < 48)
  .map(e => e.outerHTML.slice(0, 80))"""


@pytest.fixture(autouse=True)
def market() -> None:
    """Goods with names that fill lines, of a cooperative with a name that does, and of another."""
    long = make_household(make_cooperative(LONG, slug="dai"), "Hộ bà " + "Nguyễn Thị Bạch Tuyết " * 3)
    make_product(long, "Chè shan tuyết cổ thụ hái tay sao bằng chảo gang trên bếp củi", price=1_250_000)
    make_product(make_household(make_cooperative("Hợp tác xã Suối", slug="suoi")), "Chè xanh", price=20_000)
    indexing.rebuild()


def assert_fits(page: Page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]  # type: ignore[index]  # phones have one
    assert page.evaluate(SMALL_TARGETS) == []


@pytest.mark.parametrize("width", [360, 320])
def test_filters_work_without_scripts(new_phone: NewPhone, width: int) -> None:
    page = new_phone(java_script_enabled=False, viewport={"width": width, "height": 740})
    page.goto("/tim/?q=che&loai=product")
    assert page.locator(".card").count() == 2
    assert_fits(page)
    page.locator("details.filter > summary").click()
    page.locator("details.filter details > summary", has_text="Hợp tác xã").click()
    assert_fits(page)
    page.get_by_label("Hợp tác xã Dịch vụ").check()
    page.get_by_label("Giá từ").fill("1.000.000")
    page.get_by_label("Sắp xếp theo").select_option("re")
    page.get_by_role("button", name="Xem kết quả").click()
    assert page.locator(".card").count() == 1
    assert "htx=dai" in page.url
    assert_fits(page)
    chips = page.get_by_role("navigation", name="Bạn đã chọn").get_by_role("link")
    assert chips.count() == 3
    chips.filter(has_text="Hợp tác xã Dịch vụ").click()
    assert "htx=" not in page.url
    assert "gia-tu=1000000" in page.url


def test_nothing_found_leads_on_and_breaks_no_rule(phone: Page) -> None:
    phone.goto("/tim/?q=che&loai=product&htx=dai&gia-den=1000")
    assert_fits(phone)
    assert Axe().run(phone).response["violations"] == []
    phone.get_by_role("link", name="dưới 1.000").click()
    assert phone.locator(".card").count() == 1
    phone.goto("/tim/?q=xyzxyz")
    assert_fits(phone)
    phone.get_by_role("link", name=LONG).click()
    assert "/cho/htx/dai/" in phone.url


def test_the_open_filter_breaks_no_rule(phone: Page) -> None:
    phone.goto("/tim/?q=che&sap=gan")  # nearest to what? it asks
    assert phone.get_by_text("Bạn chọn xã của mình").is_visible()
    assert Axe().run(phone).response["violations"] == []
