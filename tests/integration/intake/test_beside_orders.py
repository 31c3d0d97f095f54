"""Changes of goods that come from phones while the same goods are ordered and orders are cancelled: nobody is turned
away with an error, and the stock is what it must be."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from base.accounts.models import User
from marketplace.catalogue.models import ListingState
from marketplace.order import fulfilment
from marketplace.order.models import Order, Purchase
from marketplace.order.placement import Contact, OffTheMarket, place_purchase
from marketplace.partner.models import Partner, StockRecord
from tests.factories.market import jpeg_upload, make_good_in, make_member, make_photo
from tests.factories.orders import make_basket, make_cooperative, make_household, make_purchase, points_for
from tests.integration.intake.phone import Phone
from tests.integration.intake.test_listings import change
from tests.integration.orders.concurrency import at_once

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = 6


@pytest.fixture
def home() -> Partner:
    return make_household(make_cooperative())


@pytest.fixture
def member(home: Partner) -> User:
    return make_member(home)


def test_a_late_change_beside_an_order_and_a_cancellation_keeps_stock_and_people(
    home: Partner, member: User
) -> None:
    phone = Phone(member)
    photo = jpeg_upload().read()
    contact = Contact("Mai", "+84900000009")
    for day in range(ROUNDS):
        product = make_good_in(ListingState.APPROVED, home, cover=make_photo(member), left=10)
        make_purchase({product: 4})
        order = Order.objects.filter(lines__product=product).get()
        basket, points = make_basket({product: 3}), points_for(product)
        ready = (timezone.localdate() + dt.timedelta(days=day)).isoformat()
        entry = phone.entry(
            "listing-change",
            change(product, ready_from=("", ready)),
            files={"photo": phone.upload(photo + bytes([day]))},
        )
        outcomes = at_once(
            [
                lambda entry=entry: phone.send(entry)[0]["state"],
                lambda basket=basket, points=points: place_purchase(
                    basket=basket, contact=contact, pickup_points=points
                ),
                lambda order=order: fulfilment.cancel(order, reason="Mưa lũ."),
            ]
        )
        state, bought, cancelled = outcomes
        # a new photo is looked at first: who orders after it is told so
        assert (state, isinstance(cancelled, Order)) == ("taken", True), outcomes
        assert isinstance(bought, Purchase | OffTheMarket), outcomes
        stock = StockRecord.objects.get(product=product)
        assert (stock.num_in_stock, stock.num_allocated) == (10, 3 if isinstance(bought, Purchase) else 0)
