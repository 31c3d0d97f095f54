"""Never more sold than there is: real buyers at the same time, and the twin that shows that the test would see it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, connection

from marketplace.basket.models import Basket
from marketplace.catalogue.models import Product
from marketplace.order.models import Line, Order, Purchase
from marketplace.order.placement import NotEnough, place_purchase
from marketplace.order.utils import OrderCreator
from marketplace.partner.models import StockRecord
from tests.factories.orders import (
    BUYER,
    make_basket,
    make_cooperative,
    make_goods,
    make_household,
    make_product,
    points_for,
    stock_of,
)
from tests.integration.orders.concurrency import at_once

BUYERS = 20
LEFT = 3

pytestmark = pytest.mark.django_db(transaction=True)


def buyer(*products: Product, quantity: int = 1) -> Callable[[], Purchase]:
    """Return a job that buys these products, in this order, from a basket of its own."""
    basket, points = make_basket(dict.fromkeys(products, quantity)), points_for(*products)
    return lambda: place_purchase(
        basket=Basket.objects.get(pk=basket.pk), contact=BUYER, pickup_points=points
    )


def kinds(outcomes: list[Any]) -> Counter[str]:
    return Counter(type(outcome).__name__ for outcome in outcomes)


def test_twenty_buyers_at_once_get_exactly_the_three_that_are_left() -> None:
    product = make_goods(left=LEFT)

    outcomes = at_once([buyer(product) for _ in range(BUYERS)])

    assert kinds(outcomes) == {"Purchase": LEFT, "NotEnough": BUYERS - LEFT}
    assert stock_of(product) == (LEFT, LEFT)
    assert (Purchase.objects.count(), Order.objects.count(), Line.objects.count()) == (LEFT, LEFT, LEFT)
    assert sorted(Basket.objects.filter(parent=None).values_list("status", flat=True)) == sorted(
        ["Submitted"] * LEFT + ["Open"] * (BUYERS - LEFT)
    )
    assert Basket.objects.exclude(parent=None).count() == LEFT
    assert {outcome.left for outcome in outcomes if isinstance(outcome, NotEnough)} == {0}


@pytest.mark.postgres
def test_with_the_guard_off_the_same_buyers_get_more_than_there_is(monkeypatch: pytest.MonkeyPatch) -> None:
    """Oscar's own way put back and the constraint dropped: were this not to oversell, the test above would be blind."""
    product = make_goods(left=LEFT)
    drop_the_constraint()
    monkeypatch.setattr(OrderCreator, "update_stock_records", allocate_as_oscar_does)

    outcomes = at_once([buyer(product) for _ in range(BUYERS)])

    assert kinds(outcomes) == {"Purchase": BUYERS}
    assert stock_of(product) == (LEFT, BUYERS)


@pytest.mark.postgres
def test_the_check_constraint_alone_also_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    product = make_goods(left=LEFT)
    monkeypatch.setattr(OrderCreator, "update_stock_records", allocate_as_oscar_does)

    outcomes = at_once([buyer(product) for _ in range(BUYERS)])

    assert kinds(outcomes) == {"Purchase": LEFT, "IntegrityError": BUYERS - LEFT}
    assert stock_of(product) == (LEFT, LEFT)


def test_the_database_itself_refuses_to_allocate_more_than_there_is() -> None:
    product = make_goods(left=LEFT)
    with pytest.raises(IntegrityError):
        StockRecord.objects.filter(product=product).update(num_allocated=LEFT + 1)
    with pytest.raises(IntegrityError):
        StockRecord.objects.filter(product=product).update(num_allocated=-1)


def test_twenty_buyers_at_the_checkout_page_get_exactly_the_three_that_are_left(live_server: Any) -> None:
    product = make_goods(left=LEFT)
    jobs = [http_buyer(live_server.url, product) for _ in range(BUYERS)]

    pages = Counter(at_once(jobs))

    assert pages == {"/don/": LEFT, "/gio/": BUYERS - LEFT}
    assert stock_of(product) == (LEFT, LEFT)
    assert (Purchase.objects.count(), Order.objects.count()) == (LEFT, LEFT)


def test_buyers_of_different_amounts_never_get_more_than_there_is() -> None:
    product = make_goods(left=10)

    outcomes = at_once([buyer(product, quantity=1 + number % 4) for number in range(12)])

    sold = sum(line.quantity for line in Line.objects.all())
    assert set(kinds(outcomes)) == {"Purchase", "NotEnough"}
    assert stock_of(product) == (10, sold)
    assert sold >= 10 - 3


def test_a_purchase_whose_second_cooperative_ran_out_places_nothing() -> None:
    beans, honey = make_goods(title="Đậu đỏ", left=5), make_goods(title="Mật ong", left=1)
    basket = make_basket({beans: 2, honey: 1})
    place_purchase(basket=make_basket({honey: 1}), contact=BUYER, pickup_points=points_for(honey))

    with pytest.raises(NotEnough) as refusal:
        place_purchase(basket=basket, contact=BUYER, pickup_points=points_for(beans, honey))

    assert (refusal.value.product, refusal.value.left) == (honey, 0)
    assert (stock_of(beans), stock_of(honey)) == ((5, 0), (1, 1))
    assert (Purchase.objects.count(), Order.objects.count()) == (1, 1)
    basket.refresh_from_db()
    assert basket.status == Basket.OPEN
    assert sorted(basket.lines.values_list("product_id", "quantity")) == sorted(
        [(beans.pk, 2), (honey.pk, 1)]
    )
    assert not basket.children.exists()


def test_overlapping_baskets_filled_in_opposite_orders_never_lock_each_other_out() -> None:
    """Stock records of two cooperatives by turns, so that no single order is right but the one all agree on."""
    first, second = (make_household(make_cooperative(name)) for name in ("Chiềng Đi", "Đăk Hà"))
    beans, honey, tea, ginger = (make_product(who, left=100) for who in (first, second, second, first))

    outcomes = at_once(
        [buyer(ginger, honey, beans) for _ in range(6)] + [buyer(honey, ginger, tea) for _ in range(6)]
    )

    assert kinds(outcomes) == {"Purchase": 12}
    assert [stock_of(product)[1] for product in (beans, honey, tea, ginger)] == [6, 12, 6, 12]


def http_buyer(url: str, product: Product) -> Callable[[], str]:
    """Return a job that sends the checkout form over HTTP; it returns the path that the answer leads to."""
    from tests.integration.orders.browser import Browser

    browser = Browser(url)
    browser.put_in_basket(product, 1)
    form = browser.checkout_form()
    return lambda: browser.send(form).section


def allocate_as_oscar_does(creator: OrderCreator, line: Any) -> None:
    """What Oscar 4.2.1 does in update_stock_records: look, then add without a condition."""
    line.stockrecord.allocate(line.quantity)


def drop_the_constraint() -> None:
    """Take the check constraint out of this test's database, a copy that is thrown away afterwards."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE partner_stockrecord DROP CONSTRAINT never_allocate_more_than_there_is")
