"""Two pages of the same goods are open: nobody's change is undone by an old page, and no order either."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from marketplace.catalogue.models import ListingState, Product
from marketplace.partner.models import Partner
from tests.factories.market import make_good_in, make_member, make_photo
from tests.factories.orders import make_category, make_purchase, stock_of
from tests.integration.orders.concurrency import at_once

pytestmark = pytest.mark.django_db
HOME = "/ban/"


@pytest.fixture
def su(household: Partner, client: Client) -> Client:
    """A member of the household, signed in."""
    client.force_login(make_member(household, last_name="Giàng A", first_name="Sử"))
    return client


def garlic(household: Partner, state: ListingState = ListingState.APPROVED) -> Product:
    """25 kg of garlic at 12.000 on the market."""
    fields = {"description": "Tỏi khô.\nCủ nhỏ.", "cover": make_photo(), "left": 25, "price": 12_000}
    return make_good_in(state, household, "Tỏi tía", **fields)


def edit_url(product: Product) -> str:
    return reverse("selling:edit", args=[product.key])


def text(response: Any) -> str:
    return str(response.content.decode())


def fields(page: Any) -> dict[str, str]:
    """Return what a browser would send of the page's form, as a person left it."""
    inputs = [
        dict(re.findall(r'([a-z-]+)="([^"]*)"', tag)) for tag in re.findall(r"<input [^>]*>", text(page))
    ]
    typed = [one for one in inputs if one.get("type", "text") in ("hidden", "text", "date")]
    sent = {one["name"]: one.get("value", "").replace("\n", "\r\n") for one in typed}
    form = page.context["form"]
    chosen = {name: str(form[name].value() or "") for name in ("unit", "category", "description")}
    return {**sent, **chosen, "then": "save"}


def price_of(product: Product) -> int:
    return int(product.stockrecords.get().price)


def errors(response: Any) -> dict[str, list[str]]:
    return dict(response.context["form"].errors)


# --- the amount in the list -------------------------------------------------------------------------------------------


def amount_of(page: Any) -> dict[str, str]:
    """Return what "Save" beside the only amount of the list sends when nothing was typed."""
    found = re.findall(r'name="(left\w*)" value="(\d+)"', text(page))
    assert [name for name, _value in found] == ["left_was", "left"]
    return dict(found)


def test_saving_an_old_list_without_a_change_takes_no_order_back(su: Client, household: Partner) -> None:
    product = garlic(household)
    sent = amount_of(su.get(HOME))
    make_purchase({product: 4})

    response = su.post(reverse("selling:amount", args=[product.key]), sent, follow=True)

    assert stock_of(product) == (25, 4)
    assert "Tỏi tía: còn 21 kg." in text(response)


def test_another_amount_on_an_old_list_is_told_and_counts_once_it_was_read(
    su: Client, household: Partner
) -> None:
    product = garlic(household)
    sent = amount_of(su.get(HOME)) | {"left": "30"}
    make_purchase({product: 4})
    url = reverse("selling:amount", args=[product.key])

    told = su.post(url, sent)

    assert (told.status_code, stock_of(product)) == (200, (25, 4))
    words = "Giờ còn 21 vì đã có người đặt thêm; bạn ghi 30. Bạn đếm lại giúp nhé."
    assert errors(told) == {"left": [words]}
    assert ('value="30"' in text(told), 'name="left_was" value="21"' in text(told)) == (True, True)
    su.post(url, {"left": "30", "left_was": "21"})
    assert stock_of(product) == (34, 4)


@pytest.mark.parametrize("sent", [{}, {"left_was": ""}, {"left_was": "x"}])
def test_an_amount_from_a_page_that_does_not_say_what_it_showed_is_told_too(
    su: Client, household: Partner, sent: dict[str, str]
) -> None:
    product = garlic(household)
    make_purchase({product: 4})
    url = reverse("selling:amount", args=[product.key])

    told = su.post(url, {"left": "25", **sent})

    assert (told.status_code, list(errors(told)), stock_of(product)) == (200, ["left"], (25, 4))
    assert su.post(url, {"left": "21"}).status_code == 302  # what is true needs no question
    assert stock_of(product) == (25, 4)


# --- the page of the goods --------------------------------------------------------------------------------------------


def test_an_old_page_writes_only_what_was_changed_on_it(su: Client, household: Partner) -> None:
    product = garlic(household)
    old = fields(su.get(edit_url(product)))
    su.post(edit_url(product), fields(su.get(edit_url(product))) | {"price_vnd": "15.000"})

    response = su.post(edit_url(product), old | {"left": "20"})

    product.refresh_from_db()
    assert response.status_code == 302
    assert (price_of(product), stock_of(product), product.listing_state) == (15_000, (20, 0), "approved")


def test_a_line_changed_on_both_pages_is_told_with_both_and_kept_as_typed(
    su: Client, household: Partner
) -> None:
    product = garlic(household)
    old = fields(su.get(edit_url(product)))
    su.post(edit_url(product), fields(su.get(edit_url(product))) | {"price_vnd": "15.000", "unit": "half_kg"})
    product.refresh_from_db()

    told = su.post(edit_url(product), old | {"price_vnd": "13000", "title": "Tỏi cô đơn"})

    assert told.status_code == 200
    assert (list(errors(told)), price_of(product)) == (["price_vnd"], 15_000)
    assert ("15.000" in errors(told)["price_vnd"][0], "13000" in errors(told)["price_vnd"][0]) == (True, True)
    page = text(told)
    assert ('value="13000"' in page, 'value="Tỏi cô đơn"' in page) == (True, True)
    assert told.context["form"]["unit"].value() == "half_kg"  # not touched here: as it is now
    su.post(edit_url(product), fields(told))  # she has read both
    product.refresh_from_db()
    assert (product.title, price_of(product)) == ("Tỏi cô đơn", 13_000)
    assert product.stockrecords.get().unit == "half_kg"


def test_a_draft_keeps_the_rest_beside_a_line_that_two_people_changed(su: Client, household: Partner) -> None:
    product = garlic(household, ListingState.DRAFT)
    old = fields(su.get(edit_url(product)))
    su.post(edit_url(product), fields(su.get(edit_url(product))) | {"title": "Tỏi ta", "then": "draft"})

    told = su.post(edit_url(product), old | {"title": "Tỏi mới", "left": "7", "then": "submit"})

    product.refresh_from_db()
    assert (product.title, product.listing_state, stock_of(product)) == ("Tỏi ta", ListingState.DRAFT, (7, 0))
    assert (list(errors(told)), 'value="Tỏi mới"' in text(told)) == (["title"], True)
    su.post(edit_url(product), fields(told) | {"then": "submit"})
    product.refresh_from_db()
    assert (product.title, product.listing_state) == ("Tỏi mới", ListingState.SUBMITTED)


def test_amount_changed_on_an_old_page_is_told_beside_an_order(su: Client, household: Partner) -> None:
    product = garlic(household)
    old = fields(su.get(edit_url(product)))
    make_purchase({product: 4})

    told = su.post(edit_url(product), old | {"left": "24"})

    assert (list(errors(told)), stock_of(product)) == (["left"], (25, 4))
    su.post(edit_url(product), fields(told))
    assert stock_of(product) == (28, 4)


def test_a_page_that_does_not_say_what_it_showed_changes_nothing_unasked(
    su: Client, household: Partner
) -> None:
    product = garlic(household)
    old = {name: value for name, value in fields(su.get(edit_url(product))).items() if name[:4] != "was-"}

    told = su.post(edit_url(product), old | {"price_vnd": "9.000"})

    assert (list(errors(told)), price_of(product)) == (["price_vnd"], 12_000)
    su.post(edit_url(product), fields(told))
    assert price_of(product) == 9_000


def test_the_draft_of_a_new_form_with_a_mistake_goes_on_from_what_was_kept(
    su: Client, household: Partner
) -> None:
    new = fields(su.get("/ban/hang/them/")) | {"title": "Tỏi ta", "price_vnd": "x", "left": "5", "unit": "kg"}
    told = su.post("/ban/hang/them/", new)
    product = Product.objects.get()
    change = fields(su.get(edit_url(product))) | {"title": "Tỏi tía", "then": "draft"}
    su.post(edit_url(product), change)

    su.post(edit_url(product), fields(told) | {"price_vnd": "9.000", "category": str(make_category().pk)})

    product.refresh_from_db()
    assert (product.title, price_of(product), stock_of(product)) == ("Tỏi tía", 9_000, (5, 0))


@pytest.mark.django_db(transaction=True)
def test_of_two_pages_sent_at_once_one_is_told_and_nothing_is_undone(household: Partner) -> None:
    product = garlic(household)
    senders: list[Callable[[], Any]] = []
    for price in ("13.000", "14.000"):
        client = Client()
        client.force_login(make_member(household))
        sent = fields(client.get(edit_url(product))) | {"price_vnd": price}
        senders.append(lambda client=client, sent=sent: client.post(edit_url(product), sent))  # type: ignore[misc]

    first, second = at_once(senders)

    assert sorted(answer.status_code for answer in (first, second)) == [200, 302]
    assert price_of(product) == (13_000 if first.status_code == 302 else 14_000)
