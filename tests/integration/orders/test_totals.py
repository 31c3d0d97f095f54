"""No purchase costs more than MOST_TOTAL_VND: not in the basket, not at checkout, not when prices rise meanwhile."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import timezone

from marketplace.basket.lines import (
    MOST_TOTAL_VND,
    CannotAdd,
    TooMuchMoney,
    add,
    refresh_prices,
    set_quantity,
)
from marketplace.basket.models import Basket
from marketplace.catalogue.models import Product
from marketplace.order import placement
from marketplace.order.models import Line, Order
from marketplace.order.placement import place_purchase
from marketplace.partner.models import StockRecord
from tests.factories.market import make_manager
from tests.factories.orders import BUYER, make_basket, make_goods, make_purchase, points_for, stock_of
from tests.integration.orders.test_basket import put, quantities
from tests.integration.orders.test_checkout import URL, form_of, nothing_placed, said, with_basket

pytestmark = pytest.mark.django_db

MOST = "Mỗi lần đặt nhiều nhất 1.000.000.000\xa0₫"


def dear_goods(**extra: int) -> Product:
    return make_goods(title="Sâm Ngọc Linh", **{"price": 1_000_000, "left": 20_000, **extra})


def now_costs(product: Product, price: int) -> None:
    StockRecord.objects.filter(product=product).update(price=price)


def test_goods_beyond_the_most_of_a_purchase_do_not_come_into_the_basket(client: Client) -> None:
    product = dear_goods()
    put(client, product, "9999")
    assert MOST in said(client)
    assert quantities() == []
    put(client, product, "1000")
    assert MOST not in said(client)
    for more in (product, make_goods(price=500)):
        put(client, more)
        assert MOST in said(client)
    assert quantities() == [1000]


def test_quantity_is_raised_to_the_most_of_a_purchase_and_no_further() -> None:
    ginseng, beans = dear_goods(), make_goods(price=500)
    basket = make_basket({ginseng: 999, beans: 1})
    line = basket.lines.get(product=ginseng)
    with pytest.raises(TooMuchMoney):
        set_quantity(basket, line.pk, 1000)
    assert quantities() == [999, 1]
    set_quantity(basket, basket.lines.get(product=beans).pk, 0)
    set_quantity(basket, line.pk, 1000)
    assert quantities() == [1000]


def test_basket_that_became_too_dear_can_be_made_smaller() -> None:
    product = dear_goods()
    basket = make_basket({product: 1000})
    line = basket.lines.get()
    now_costs(product, 2_000_000)
    for quantity in (1000, 900):
        set_quantity(basket, line.pk, quantity)
    with pytest.raises(CannotAdd):
        set_quantity(basket, line.pk, 901)
    with pytest.raises(CannotAdd):
        add(basket, product, 1)
    assert quantities() == [900]


def test_basket_that_became_too_dear_says_so_and_is_not_ordered(client: Client) -> None:
    product = dear_goods()
    basket = with_basket(client, {product: 1000})
    form = form_of(client)
    now_costs(product, 1_000_001)
    refresh_prices(basket)

    page = said(client)

    assert MOST in page
    assert 'value="order"' not in page
    for answer in (client.get(URL), client.post(URL, form)):
        assert (answer.status_code, answer["Location"]) == (302, "/gio/")
    assert nothing_placed()


def test_price_that_rises_while_the_order_is_placed_is_caught_where_nobody_changes_the_basket(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The look before placing is too early: what counts is the frozen basket."""
    product = dear_goods()
    basket = with_basket(client, {product: 1000})
    form = form_of(client)
    place = placement.place_purchase

    def other_tab(**arguments: object) -> object:
        now_costs(product, 1_000_001)
        refresh_prices(basket)
        return place(**{**arguments, "seen": None})  # type: ignore[arg-type]  # as they came

    monkeypatch.setattr(placement, "place_purchase", other_tab)

    assert client.post(URL, form)["Location"] == "/gio/"

    assert MOST in said(client)
    assert nothing_placed()
    basket.refresh_from_db()
    assert (basket.status, stock_of(product)) == (Basket.OPEN, (20_000, 0))


def test_most_of_a_purchase_is_placed_and_read() -> None:
    product = dear_goods()
    purchase = place_purchase(
        basket=make_basket({product: 1000}), contact=BUYER, pickup_points=points_for(product)
    )
    assert purchase.orders.get().total_incl_tax == MOST_TOTAL_VND


def test_order_of_before_the_limit_is_read_everywhere(client: Client) -> None:
    """60 lines of 9,999 units at 100,000,000 ₫ could be ordered: SQLite kept the total and could not read it."""
    product = make_goods()
    cooperative = product.household.cooperative
    order = make_purchase({product: 1}).orders.get()
    total = 60 * 9_999 * 100_000_000
    Order.objects.update(total_incl_tax=total, total_excl_tax=total, collection_on=timezone.localdate())
    Line.objects.update(line_price_incl_tax=total, line_price_excl_tax=total)
    client.force_login(make_manager(cooperative))
    point = cooperative.pickup_points.get()
    for address in (
        "/htx/don/",
        f"/htx/don/{order.number}/",
        f"/htx/giao/{point.pk}/{timezone.localdate()}/",
    ):
        assert "59.994.000.000.000\xa0₫" in client.get(address).content.decode(), address
    buyer = Client()
    assert buyer.post("/don/", {"code": order.number, "digits": "5678"}).status_code == 302
    assert "59.994.000.000.000\xa0₫" in buyer.get(f"/don/{order.number}/").content.decode()
