"""How many orders one address and one phone may send: each holds goods back, so a stranger must not send hundreds."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from marketplace.checkout.checks import order_limits
from marketplace.order.models import Purchase
from tests.factories.orders import make_goods, stock_of
from tests.integration.orders.test_checkout import URL, form_of, with_basket

pytestmark = pytest.mark.django_db


def test_order_beyond_the_limit_of_a_phone_is_refused_and_what_was_typed_stays(
    settings: Any,
) -> None:
    settings.ORDERS_PER_PHONE_A_DAY = 2
    product = make_goods()
    statuses = []
    for _ in range(3):
        buyer = Client()
        with_basket(buyer, {product: 1})
        answer = buyer.post(URL, form_of(buyer, note="Giao buổi sáng"))
        statuses.append(answer.status_code)
    assert statuses == [302, 302, 429]
    assert (Purchase.objects.count(), stock_of(product)) == (2, (10, 2))
    page = answer.content.decode()
    assert "Giao buổi sáng" in page
    assert "đặt nhiều đơn quá" in page


def test_limit_of_an_address_is_a_setting_and_counts_phones_apart(settings: Any) -> None:
    settings.ORDERS_PER_ADDRESS_AN_HOUR = 2
    product = make_goods()
    statuses = []
    for number in range(3):
        buyer = Client()
        with_basket(buyer, {product: 1})
        answer = buyer.post(URL, form_of(buyer, phone=f"091200000{number}", note="Giao buổi sáng"))
        statuses.append(answer.status_code)
    assert statuses == [302, 302, 429]
    assert "Giao buổi sáng" in answer.content.decode()
    elsewhere = Client(REMOTE_ADDR="10.1.2.3")
    with_basket(elsewhere, {product: 1})
    assert elsewhere.post(URL, form_of(elsewhere, phone="0912000009")).status_code == 302


@pytest.mark.parametrize("value", [0, -1, None, "240", True])
def test_a_limit_that_lets_nobody_order_fails_the_check(settings: Any, value: object) -> None:
    assert order_limits(None) == []
    settings.ORDERS_PER_ADDRESS_AN_HOUR = value
    (error,) = order_limits(None)
    assert (error.id, "ORDERS_PER_ADDRESS_AN_HOUR" in error.msg) == ("checkout.E001", True)
