"""How many orders one address and one phone may send: each holds goods back, so a stranger must not send hundreds."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from base.shell import formats
from marketplace.checkout.checks import order_limits
from marketplace.order.models import Purchase
from marketplace.partner.models import StockRecord
from tests.factories.orders import make_goods, stock_of
from tests.integration.orders.browser import Browser
from tests.integration.orders.concurrency import at_once
from tests.integration.orders.test_checkout import URL, form_of, with_basket

pytestmark = pytest.mark.django_db


def test_order_beyond_the_limit_of_a_phone_is_refused_and_what_was_typed_stays(
    settings: Any,
) -> None:
    settings.ORDERS_PER_PHONE_A_DAY = 2
    began = timezone.now()
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
    ends = [began + dt.timedelta(days=1, seconds=seconds) for seconds in range(0, 600, 30)]
    words = [f"Bạn chờ đến {formats.hour(end)}, {formats.day(end)} rồi đặt tiếp" for end in ends]
    assert "Số này đã đặt 2 đơn trong một ngày." in page
    assert any(one in page for one in words)
    assert 'id="id_phone_error"' in page
    assert 23 * 3600 < int(answer["Retry-After"]) <= 24 * 3600


def test_orders_that_were_refused_do_not_count_for_the_phone(settings: Any) -> None:
    settings.ORDERS_PER_PHONE_A_DAY = 1
    product = make_goods()
    for _ in range(3):
        buyer = Client()
        with_basket(buyer, {product: 1})
        form = form_of(buyer)
        StockRecord.objects.update(num_in_stock=0)
        assert buyer.post(URL, form)["Location"] == "/gio/"
        StockRecord.objects.update(num_in_stock=10)
    with_basket(buyer, {product: 1})
    form = form_of(buyer)
    assert buyer.post(URL, form)["Location"].startswith("/don/")
    assert buyer.post(URL, form)["Location"].startswith("/don/")  # the same again is none
    with_basket(buyer, {product: 1})
    assert buyer.post(URL, form_of(buyer)).status_code == 429


def test_refused_orders_count_for_their_address(settings: Any) -> None:
    settings.ORDERS_PER_ADDRESS_AN_HOUR = 2
    product = make_goods()
    statuses = []
    for _ in range(3):
        buyer = Client()
        with_basket(buyer, {product: 1})
        form = form_of(buyer)
        StockRecord.objects.update(num_in_stock=0)
        answer = buyer.post(URL, form)
        statuses.append(answer.status_code)
        StockRecord.objects.update(num_in_stock=10)
    assert statuses == [302, 302, 429]
    assert "Chỗ này gửi đơn nhiều quá. Bạn chờ đến" in answer.content.decode()
    assert 3000 < int(answer["Retry-After"]) <= 3600


@pytest.mark.django_db(transaction=True)
def test_phone_never_places_more_than_its_limit_at_once(settings: Any, live_server: Any) -> None:
    settings.ORDERS_PER_PHONE_A_DAY = 3
    product = make_goods(left=20)
    browsers = [Browser(live_server.url) for _ in range(6)]
    forms = []
    for browser in browsers:
        browser.put_in_basket(product, 1)
        forms.append(browser.checkout_form())
    sent = at_once([lambda b=b, f=f: b.send(f) for b, f in zip(browsers, forms, strict=True)])
    assert sorted(answer.section for answer in sent) == ["/don/"] * 3 + ["429"] * 3
    assert (Purchase.objects.count(), stock_of(product)) == (3, (20, 3))


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
