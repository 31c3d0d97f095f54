"""How many orders one address and one phone may send: each holds goods back, so a stranger must not send hundreds."""

from __future__ import annotations

import pytest
from django.test import Client

from marketplace.checkout import views
from marketplace.order.models import Purchase
from tests.factories.orders import make_goods, stock_of
from tests.integration.orders.test_checkout import URL, form_of, with_basket

pytestmark = pytest.mark.django_db


def test_order_beyond_the_limit_of_a_phone_is_refused_and_what_was_typed_stays(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(views, "ORDERS_PER_PHONE", 2)
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
