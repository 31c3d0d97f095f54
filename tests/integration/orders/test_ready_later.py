"""Goods that are ready later: ordered for the day on which they are there, or not at all, and never without a word."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from base.shell.formats import day
from marketplace.catalogue.models import Product
from marketplace.checkout import views
from marketplace.cooperative.handover import orders_at, pickup_days
from marketplace.cooperative.models import Cooperative, OrderWindow
from marketplace.order import placement
from marketplace.order.models import Order
from tests.factories.orders import make_basket, make_goods, make_product, points_for
from tests.integration.orders.browser import fields_of
from tests.integration.orders.test_checkout import URL, form_of, nothing_placed, with_basket

pytestmark = pytest.mark.django_db


def in_days(days: int) -> dt.date:
    return timezone.localdate() + dt.timedelta(days=days)


def ready(product: Product, days: int) -> Product:
    product.ready_from = in_days(days)
    product.save(update_fields=["ready_from"])
    return product


def by_window(product: Product, collection: dt.date) -> None:
    """Have the cooperative of the product take orders until tomorrow, for that day."""
    cooperative = Cooperative.objects.get(households=product.household)
    Cooperative.objects.filter(pk=cooperative.pk).update(is_always_open=False)
    now = timezone.now()
    OrderWindow.objects.create(
        cooperative=cooperative,
        opens_at=now - dt.timedelta(hours=1),
        closes_at=now + dt.timedelta(days=1),
        collection_on=collection,
    )


def text(client: Client, address: str) -> str:
    return client.get(address).content.decode()


def test_of_a_cooperative_that_is_always_open_all_is_collected_when_all_is_ready(client: Client) -> None:
    mango = ready(make_goods(title="Xoài xanh"), 3)
    assert mango.household is not None
    ginger = make_product(mango.household, "Gừng")
    old = ready(make_product(mango.household, "Nghệ"), -3)
    with_basket(client, {mango: 1, ginger: 1, old: 1})
    assert f"Ngày lấy hàng: {day(in_days(3))}." in text(client, "/gio/")
    assert f"Ngày lấy hàng: {day(in_days(3))}." in text(client, URL)

    client.post(URL, form_of(client))

    order = Order.objects.get()
    assert order.collection_on == in_days(3)
    assert order.cooperative is not None
    assert order.pickup_point is not None
    assert [one.day for one in pickup_days([order.cooperative], timezone.localdate())] == [in_days(3)]
    assert not orders_at(order.pickup_point, timezone.localdate(), timezone.localdate())


def test_what_is_ready_now_waits_from_today_on(client: Client) -> None:
    with_basket(client, {ready(make_goods(), 0): 1})
    assert "Ngày lấy hàng" not in text(client, "/gio/")
    client.post(URL, form_of(client))
    assert Order.objects.get().collection_on is None


@pytest.mark.parametrize(("days", "is_there"), [(4, True), (5, True), (6, False)])
def test_of_a_round_only_what_is_there_on_its_day_can_be_ordered(
    client: Client, days: int, is_there: bool
) -> None:
    product = ready(make_goods(title="Cà rốt"), days)
    by_window(product, in_days(5))
    page = text(client, product.get_absolute_url())
    assert ('name="quantity"' in page) is is_there
    assert ("Đợt sau bạn hãy đặt" in page) is not is_there
    with_basket(client, {product: 1})  # of a page that was open before
    assert ("Bạn bỏ ra, đợt sau hãy đặt" in text(client, "/gio/")) is not is_there
    assert client.get(URL).status_code == (200 if is_there else 302)


def test_under_the_lock_it_is_looked_at_once_more() -> None:
    product = make_goods()
    by_window(product, in_days(5))
    basket = make_basket({product: 1})
    ready(product, 6)
    contact = placement.Contact("Lò Thị Mai", "+84912345678")
    with pytest.raises(placement.NotReady):
        placement.place_purchase(basket=basket, contact=contact, pickup_points=points_for(product))
    assert nothing_placed()


def test_another_day_than_the_one_that_was_seen_is_shown_first(client: Client) -> None:
    product = ready(make_goods(), 3)
    with_basket(client, {product: 1})
    form = form_of(client)
    ready(product, 4)
    answer = client.post(URL, form)
    assert answer.status_code == 409
    assert nothing_placed()
    page = answer.content.decode()
    assert f"Ngày lấy hàng: {day(in_days(4))}." in page
    assert f"<b>Đậu đỏ</b>: Có từ {day(in_days(3))} → Có từ {day(in_days(4))}</li>" in page
    assert f", ngày lấy hàng: {day(in_days(3))} → {day(in_days(4))}</li>" in page


def test_goods_that_were_there_at_once_are_said_to_come_later(client: Client) -> None:
    product = make_goods()
    with_basket(client, {product: 1})
    form = form_of(client)
    ready(product, 4)
    page = client.post(URL, form).content.decode()
    assert f"<b>Đậu đỏ</b>: Có hàng ngay → Có từ {day(in_days(4))}</li>" in page
    assert f", ngày lấy hàng: {day(in_days(4))}</li>" in page
    assert nothing_placed()


# --- another day of collection than the one that was shown ------------------------------------------------------------


def moved(days: int | None) -> None:
    """Have staff move the collection, or (None) give up rounds altogether."""
    Cooperative.objects.update(is_always_open=days is None)
    if days is not None:
        OrderWindow.objects.update(collection_on=in_days(days))


def just_before_placing(monkeypatch: pytest.MonkeyPatch, happens: Callable[[], None]) -> None:
    """Have this happen between the look at the basket and the placing."""
    hit = views.hit

    def meanwhile(*args: Any) -> bool:
        happens()
        return hit(*args)

    monkeypatch.setattr(views, "hit", meanwhile)


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        (5, 7, f"{day(in_days(5))} → {day(in_days(7))}"),
        (5, None, f"{day(in_days(5))} → từ nay ngày nào cũng được"),
        (None, 7, f"{day(in_days(7))}"),
    ],
)
def test_another_day_of_collection_is_shown_before_anything_is_placed(
    client: Client, before: int | None, after: int | None, words: str
) -> None:
    product = make_goods()
    by_window(product, in_days(5))
    moved(before)
    with_basket(client, {product: 1})
    form = form_of(client)
    moved(after)

    answer = client.post(URL, form)

    page = answer.content.decode()
    assert (answer.status_code, nothing_placed()) == (409, True)
    assert "Giỏ hàng vừa thay đổi" in page
    assert f"<li><b>Hợp tác xã Chiềng Đi</b>, ngày lấy hàng: {words}</li>" in page
    assert "Đậu đỏ</b>:" not in page  # nothing else differs
    again = {**form, "seen": fields_of(page)["seen"]}
    assert client.post(URL, again)["Location"].startswith("/don/")
    assert Order.objects.get().collection_on == (None if after is None else in_days(after))


def test_form_that_says_no_day_is_asked_again_only_where_there_is_one(client: Client) -> None:
    """As pages do that were open before forms said the day."""
    product = make_goods()
    by_window(product, in_days(5))
    with_basket(client, {product: 1})
    form = form_of(client)
    form["seen"], _, of_the_day = form["seen"].partition(" ")
    assert of_the_day

    answer = client.post(URL, form)

    assert (answer.status_code, nothing_placed()) == (409, True)
    assert f", ngày lấy hàng: {day(in_days(5))}</li>" in answer.content.decode()
    moved(None)
    assert client.post(URL, form)["Location"].startswith("/don/")


@pytest.mark.parametrize("written", ["2026-99-99", "----------", "0000-00-00"])
def test_day_that_is_none_is_answered_with_the_page(client: Client, written: str) -> None:
    product = make_goods()
    by_window(product, in_days(5))
    with_basket(client, {product: 1})
    form = form_of(client)
    form["seen"] = form["seen"].replace(in_days(5).isoformat(), written)
    assert (client.post(URL, form).status_code, nothing_placed()) == (409, True)


def test_day_that_changes_while_the_order_is_placed_is_shown_too(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The look before placing is too early: what counts is compared inside the transaction that places."""
    product = make_goods()
    by_window(product, in_days(5))
    with_basket(client, {product: 1})
    form = form_of(client)
    just_before_placing(monkeypatch, lambda: moved(7))

    answer = client.post(URL, form)

    assert (answer.status_code, nothing_placed()) == (409, True)
    assert f"{day(in_days(5))} → {day(in_days(7))}</li>" in answer.content.decode()


def test_round_that_ends_while_the_order_is_placed_leads_to_the_basket(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    product = make_goods()
    by_window(product, in_days(5))
    with_basket(client, {product: 1})
    form = form_of(client)

    def next_round() -> None:
        now = timezone.now()
        OrderWindow.objects.update(opens_at=now + dt.timedelta(days=1), closes_at=now + dt.timedelta(days=2))
        moved(7)

    just_before_placing(monkeypatch, next_round)

    assert client.post(URL, form)["Location"] == "/gio/"
    assert nothing_placed()
