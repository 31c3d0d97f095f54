"""Checkout places what the buyer saw and nothing else: another tab, a form that does not say, goods that are gone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from marketplace.basket.lines import add, refresh_prices, set_quantity, take_out
from marketplace.basket.models import Basket
from marketplace.catalogue.models import Product
from marketplace.checkout import views
from marketplace.order import placement
from marketplace.order.models import Order
from marketplace.partner.models import StockRecord
from tests.factories.orders import make_basket, make_goods
from tests.integration.orders.browser import fields_of
from tests.integration.orders.test_checkout import URL, form_of, nothing_placed, said, with_basket


@pytest.mark.django_db
def test_basket_changed_in_another_tab_is_shown_before_anything_is_placed(client: Client) -> None:
    beans, honey, ginger = (make_goods(title=name) for name in ("Đậu đỏ", "Mật ong", "Gừng"))
    basket = with_basket(client, {beans: 2, ginger: 1})
    form = form_of(client, note="Gọi sau 17 giờ")
    for cooperative in (beans, honey):  # the other tab
        add(basket, cooperative, 1)
    set_quantity(basket, basket.lines.get(product=ginger).pk, 0)

    answer = client.post(URL, form)

    page = answer.content.decode()
    assert answer.status_code == 409
    assert nothing_placed()
    assert answer.context["total"] == 4 * 25_000
    assert [(one.line.product.title, one.was) for one in answer.context["changed"].lines] == [
        ("Đậu đỏ", 2),
        ("Mật ong", 0),
    ]
    assert answer.context["changed"].gone == 1
    assert "Tổng tiền bây giờ là 100.000" in page
    assert "Gọi sau 17 giờ" in page

    again = {**form, **fields_of(page), "name": form["name"], "phone": form["phone"]}
    again["note"] = form["note"]
    for pickup in answer.context["form"].pickup_fields:
        again[pickup.html_name] = str(pickup.field.choices[0][0])
    assert client.post(URL, again)["Location"].startswith("/don/")
    assert sum(order.total_incl_tax for order in Order.objects.all()) == 100_000


@pytest.mark.django_db
@pytest.mark.parametrize(
    "seen",
    [None, "", "x", "1x1@1", "1x1@1:kg:0123456789ab:", "1x1@1:ox:0123456789ab:2026-99-99", "9" * 5000, "<b>"],
)
def test_form_that_does_not_say_what_was_seen_places_nothing(client: Client, seen: str | None) -> None:
    with_basket(client, {make_goods(): 2})
    form = form_of(client)
    del form["seen"]
    answer = client.post(URL, form if seen is None else {**form, "seen": seen})
    assert (answer.status_code, nothing_placed()) == (409, True)


@pytest.mark.django_db
def test_change_that_comes_while_the_order_is_placed_is_shown_too(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The look before placing is too early: what counts is compared inside the transaction that places."""
    beans = make_goods()
    basket = with_basket(client, {beans: 2})
    form = form_of(client)
    hit = views.hit

    def other_tab(*args: Any) -> bool:
        set_quantity(basket, basket.lines.get().pk, 3)
        return hit(*args)

    monkeypatch.setattr(views, "hit", other_tab)

    answer = client.post(URL, form)

    assert (answer.status_code, answer.context["total"], nothing_placed()) == (409, 75_000, True)
    assert client.get("/gio/so/").json() == {"count": 1}


@pytest.mark.django_db
def test_what_is_being_ordered_changes_no_more() -> None:
    basket = make_basket({make_goods(): 2})
    line = basket.lines.get()
    Basket.objects.filter(pk=basket.pk).update(status=Basket.FROZEN)
    for change in (
        lambda: set_quantity(basket, line.pk, 3),
        lambda: set_quantity(basket, line.pk, 0),
        lambda: refresh_prices(basket),
        lambda: take_out(basket, line.product.household.cooperative_id),
    ):
        with pytest.raises(Basket.DoesNotExist):
            change()
    assert basket.lines.get().quantity == 2


@pytest.mark.django_db
def test_nobody_types_a_name_for_goods_that_cannot_be_had(client: Client) -> None:
    product = make_goods(left=3)
    with_basket(client, {product: 2})
    StockRecord.objects.filter(product=product).update(num_in_stock=1)
    assert client.get(URL)["Location"] == "/gio/"
    assert "hiện chưa đặt được" in said(client)


def is_sold_otherwise(product: Product) -> None:
    StockRecord.objects.filter(product=product).update(unit="half_kg")


def is_renamed(product: Product) -> None:
    Product.objects.filter(pk=product.pk).update(title="Khoai lang loại hai")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("change", "words"),
    [(is_sold_otherwise, "10 kg × 20.000\xa0₫ → 10 túi 500 g × 20.000\xa0₫"), (is_renamed, "tên mới đổi")],
)
def test_goods_with_another_name_or_unit_are_shown_before_anything_is_placed(
    client: Client, change: Callable[[Product], None], words: str
) -> None:
    potatoes = make_goods(title="Khoai lang mật", price=20_000)
    with_basket(client, {potatoes: 10})
    form = form_of(client)
    change(potatoes)

    answer = client.post(URL, form)

    page = answer.content.decode()
    assert (answer.status_code, nothing_placed()) == (409, True)
    assert words in page
    again = {**form, "seen": fields_of(page)["seen"]}
    assert client.post(URL, again)["Location"].startswith("/don/")


@pytest.mark.django_db
@pytest.mark.parametrize("change", [is_sold_otherwise, is_renamed])
def test_goods_that_change_while_the_order_is_placed_are_not_ordered(
    client: Client, monkeypatch: pytest.MonkeyPatch, change: Callable[[Product], None]
) -> None:
    """What is sold is what Oscar reads after the frozen basket was compared. (Here one transaction does both, so that
    the change is undone with the order, and the form comes back as it was.)"""
    potatoes = make_goods()
    with_basket(client, {potatoes: 2})
    form = form_of(client)
    states = placement.open_states

    def approved_meanwhile(*args: Any) -> Any:
        change(potatoes)
        return states(*args)

    monkeypatch.setattr(placement, "open_states", approved_meanwhile)

    assert (client.post(URL, form).status_code, nothing_placed()) == (200, True)


# --- between the basket that was shown and "Order" --------------------------------------------------------------------


def price_rises(product: Product, price: int = 30_000) -> None:
    StockRecord.objects.filter(product=product).update(price=price)


def basket_form(client: Client) -> dict[str, str]:
    """Return the form of the basket page as "Order" sends it."""
    return {**fields_of(said(client)), "then": "order"}


CHANGE_URL = "/gio/sua/"
RISEN = "2 kg × 25.000\xa0₫ → 2 kg × 30.000\xa0₫"


@pytest.mark.django_db
@pytest.mark.parametrize("is_old_page", [False, True])
def test_price_that_rises_under_a_shown_basket_is_said_before_the_checkout(
    client: Client, is_old_page: bool
) -> None:
    product = make_goods(price=25_000)
    with_basket(client, {product: 2})
    form = basket_form(client)
    if is_old_page:  # open since before the form said what it shows
        del form["seen"]
    price_rises(product)

    answer = client.post(CHANGE_URL, form)

    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Giỏ hàng vừa thay đổi" in page
    assert RISEN in page
    assert answer.context["total"] == 60_000
    assert client.post(CHANGE_URL, {**fields_of(page), "then": "order"})["Location"] == "/dat-hang/"
    assert client.get(URL).context["total"] == 60_000


@pytest.mark.django_db
def test_price_taken_over_in_another_tab_is_said_in_this_one_and_to_a_second_tap(client: Client) -> None:
    product = make_goods(price=25_000)
    with_basket(client, {product: 2})
    form = basket_form(client)
    price_rises(product)
    assert (
        client.post(CHANGE_URL, basket_form(client))["Location"] == "/dat-hang/"
    )  # its page had named the new price
    for _ in range(2):
        answer = client.post(CHANGE_URL, form)
        assert (answer.status_code, RISEN in answer.content.decode()) == (409, True)


@pytest.mark.django_db
def test_price_that_rises_twice_is_said_twice(client: Client) -> None:
    product = make_goods(price=25_000)
    with_basket(client, {product: 2})
    price_rises(product)
    form = basket_form(client)  # names 30,000 beside 25,000
    price_rises(product, 35_000)
    page = client.post(CHANGE_URL, form).content.decode()
    assert "2 kg × 30.000\xa0₫ → 2 kg × 35.000\xa0₫" in page


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("change", "words"),
    [(is_sold_otherwise, "2 kg × 25.000\xa0₫ → 2 túi 500 g × 25.000\xa0₫"), (is_renamed, "tên mới đổi")],
)
def test_another_name_or_unit_under_a_shown_basket_is_said_before_the_checkout(
    client: Client, change: Callable[[Product], None], words: str
) -> None:
    potatoes = make_goods()
    with_basket(client, {potatoes: 2})
    form = basket_form(client)
    change(potatoes)
    answer = client.post(CHANGE_URL, form)
    assert (answer.status_code, words in answer.content.decode()) == (409, True)


@pytest.mark.django_db
@pytest.mark.parametrize("seen", ["", "x", "1x1@1", "9" * 9000, "<b>"])
def test_basket_form_without_what_was_seen_goes_on_while_nothing_changed(client: Client, seen: str) -> None:
    product = make_goods()
    basket = with_basket(client, {product: 2})
    form = {**basket_form(client), "seen": seen, f"quantity-{basket.lines.get().pk}": "3"}
    assert client.post(CHANGE_URL, form)["Location"] == "/dat-hang/"
    assert basket.lines.get().quantity == 3
