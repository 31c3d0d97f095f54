"""What was kept and is put right afterwards: nothing is doubled, and nothing waits for what was refused."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from config.seed.people import HOUSEHOLD_PHONE
from marketplace.catalogue.models import ListingState, Product
from marketplace.partner.models import Partner
from tests.browser.offline.conftest import entries, keep, settled
from tests.browser.offline.proxy import Line
from tests.browser.offline.test_forms_offline import fill, press_send
from tests.browser.offline.test_what_happens import listing

pytestmark = [pytest.mark.usefixtures("seeded"), pytest.mark.sqlite]
PhoneOn = Callable[..., Page]


def priced(price: str) -> dict[str, Any]:
    entry = listing("Gừng sửa")
    entry["body"]["price_vnd"] = price
    return entry


@pytest.fixture
def goods(phone_on: PhoneOn) -> tuple[Page, str, Product]:
    """Goods that a phone has sent, and that were put away since: their phone, the id of the entry, the goods."""
    page = phone_on(HOUSEHOLD_PHONE)
    first = keep(page, priced("12000"))
    settled(page)
    product = Product.objects.get(title="Gừng sửa")
    Product.objects.filter(pk=product.pk).update(listing_state=ListingState.ARCHIVED)
    return page, first, product


def test_a_refused_change_put_right_is_a_change_again_and_no_second_goods(
    goods: tuple[Page, str, Product],
) -> None:
    page, first, product = goods
    change = keep(page, priced("13000"), instead=first)
    assert [entry["state"] for entry in settled(page)] == ["taken", "refused"]
    Product.objects.filter(pk=product.pk).update(listing_state=ListingState.DRAFT)
    keep(page, priced("14000"), instead=change)
    assert [(entry["kind"], entry["state"]) for entry in settled(page)] == [
        ("listing", "taken"),
        ("listing-change", "taken"),
    ]
    assert Product.objects.get(title="Gừng sửa").stockrecords.get().price == 14_000


def test_what_follows_a_refused_change_does_not_wait_for_it(
    goods: tuple[Page, str, Product], line: Line
) -> None:
    page, first, product = goods
    line.is_down = True
    keep(page, priced("13000"), instead=first)
    keep(page, priced("14000"), instead=first)
    line.is_down = False
    assert [entry["state"] for entry in settled(page)] == ["taken", "refused", "refused"]
    Product.objects.filter(pk=product.pk).update(listing_state=ListingState.DRAFT)
    keep(page, priced("15000"), instead=first)
    assert settled(page)[-1]["state"] == "taken"
    assert Product.objects.get(title="Gừng sửa").stockrecords.get().price == 15_000


def test_two_changes_of_goods_that_were_refused_follow_them_when_they_are_put_right(
    phone_on: PhoneOn, line: Line
) -> None:
    page = phone_on(HOUSEHOLD_PHONE)
    line.is_down = True
    stranger = Partner.objects.exclude(users__phone=HOUSEHOLD_PHONE).first()
    wrong = priced("12000")
    wrong["body"]["household"] = str(stranger.pk)
    first = keep(page, {**wrong, "tries": 1})  # its answer was lost
    keep(page, {**priced("13000"), "body": {**wrong["body"], "price_vnd": "13000"}}, instead=first)
    keep(page, {**priced("14000"), "body": {**wrong["body"], "price_vnd": "14000"}}, instead=first)
    line.is_down = False
    for _ in range(100):
        if entries(page)[0]["state"] == "refused":
            break
        page.wait_for_timeout(100)
        page.evaluate("import('/static/offline/queue.js').then(({ tell }) => tell())")
    keep(page, priced("12000"), instead=first)
    assert [entry["state"] for entry in settled(page)] == ["taken"] * 3
    assert Product.objects.get(title="Gừng sửa").stockrecords.get().price == 14_000


def test_a_form_that_is_refused_late_comes_back_to_be_put_right(phone_on: PhoneOn, line: Line) -> None:
    page = phone_on(HOUSEHOLD_PHONE, at="/ban/hang/them/")
    page.wait_for_load_state("networkidle")
    line.is_down = True
    fill(page, "Gừng muộn")
    press_send(page)
    expect(page.get_by_text("Đã giữ trong máy.").locator("visible=true")).to_be_visible()
    expect(page.get_by_label("Hàng gì")).to_be_hidden()
    households = list(Partner.objects.filter(users__phone=HOUSEHOLD_PHONE))
    member = households[0].users.get(phone=HOUSEHOLD_PHONE)
    for household in households:
        household.users.remove(member)
    line.is_down = False
    page.evaluate("import('/static/offline/queue.js').then(({ tell }) => tell())")
    expect(page.get_by_label("Hàng gì")).to_be_visible()
    expect(page.get_by_label("Hàng gì")).to_have_value("Gừng muộn")
    expect(page.get_by_text(re.compile("Không nhận:")).locator("visible=true")).to_be_visible()
