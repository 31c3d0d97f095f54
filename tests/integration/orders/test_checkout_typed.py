"""What was typed at checkout stays until the order is placed, for the person who typed it and for nobody else."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from marketplace.catalogue.models import Product
from marketplace.cooperative.models import Cooperative, PickupPoint
from marketplace.order.models import Purchase
from marketplace.partner.models import StockRecord
from tests.factories.accounts import UserFactory
from tests.factories.orders import make_goods, make_pickup_point
from tests.integration.orders.browser import fields_of
from tests.integration.orders.test_basket import put
from tests.integration.orders.test_checkout import (
    URL,
    form_of,
    price_rises,
    sells_out,
    window_closes,
    with_basket,
)

pytestmark = pytest.mark.django_db

TYPED = {"name": "Giàng A Chu", "phone": "0987.654.321", "note": "Để ở nhà bà Pẩn"}


def all_is_well(product: Product) -> None:
    StockRecord.objects.filter(product=product).update(price=25_000, num_in_stock=10)
    Cooperative.objects.update(is_always_open=True)


def shown(client: Client) -> dict[str, str]:
    """Return what stands in the fields of the form when it is opened."""
    form = client.get(URL).context["form"]
    return {name: form[name].value() or "" for name in form.fields if name != "entry_id"}


def refuse(client: Client, product: Product, change: Callable[[Product], None] = sells_out) -> str:
    """Send the form when the order cannot be placed any more; returns the pickup point that was chosen."""
    point = str(make_pickup_point(product.household.cooperative, "Chợ phiên").pk)
    with_basket(client, {product: 2})
    form = {**form_of(client), **TYPED, f"pickup-{product.household.cooperative_id}": point}
    change(product)
    assert client.post(URL, form)["Location"] == "/gio/"
    all_is_well(product)
    return point


@pytest.mark.parametrize("change", [sells_out, price_rises, window_closes])
def test_what_was_typed_is_there_again_after_a_refusal(
    client: Client, change: Callable[[Product], None]
) -> None:
    product = make_goods()
    point = refuse(client, product, change)
    assert shown(client) == {**TYPED, f"pickup-{product.household.cooperative_id}": point}


def test_what_was_typed_is_there_again_after_a_look_at_the_basket(client: Client) -> None:
    with_basket(client, {make_goods(): 2})
    client.post(URL, {**form_of(client), **TYPED, "phone": "12"})
    assert {**shown(client), **TYPED, "phone": "12"} == shown(client)


def test_nothing_typed_stays_once_the_order_is_placed(client: Client) -> None:
    product = make_goods()
    refuse(client, product)
    page = fields_of(client.get(URL).content.decode())
    assert client.post(URL, {**page, "note": ""})["Location"].startswith("/don/")
    assert Purchase.objects.get().contact_name == "Giàng A Chu"
    with_basket(client, {make_goods(): 1})
    assert set(shown(client).values()).isdisjoint(TYPED.values())
    assert "Giàng" not in str(dict(client.session))


def test_pickup_point_that_was_closed_since_is_not_chosen(client: Client) -> None:
    product = make_goods()
    point = refuse(client, product)
    PickupPoint.objects.filter(pk=point).update(is_active=False)
    (only,) = PickupPoint.objects.active().filter(cooperative=product.household.cooperative)
    assert shown(client)[f"pickup-{product.household.cooperative_id}"] == str(only.pk)


def test_nobody_else_finds_what_was_typed(client: Client) -> None:
    product = make_goods()
    refuse(client, product)
    elsewhere = Client()
    with_basket(elsewhere, {product: 1})
    client.force_login(UserFactory.create(phone="+84912345678"))  # somebody else, on the same phone
    for other in (client, elsewhere):
        assert set(shown(other).values()).isdisjoint(TYPED.values())


def test_nothing_typed_stays_after_signing_out(client: Client) -> None:
    product = make_goods()
    client.force_login(UserFactory.create())
    refuse(client, product)
    assert shown(client)["name"] == "Giàng A Chu"
    client.post("/dang-xuat/")
    put(client, product)
    assert set(shown(client).values()).isdisjoint(TYPED.values())
