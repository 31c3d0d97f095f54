"""Cards of goods: their addresses, their photos, and one exact number of queries."""

from __future__ import annotations

import pytest
from django.test import RequestFactory
from pytest_django import DjangoAssertNumQueries

from base import outbox
from marketplace.catalogue.cards import Stretch, cards
from media.photos import publish
from tests.factories.market import make_photo
from tests.factories.orders import make_goods

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("number", [1, 3])
def test_cards_cost_two_queries_and_lead_where_the_products_say(
    number: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    products = []
    for at in range(number):
        photo = make_photo()
        publish(photo)
        products.append(make_goods(title=f"Gừng {at}"))
        products[-1].cover = photo
        products[-1].save()
    outbox.drain()
    request = RequestFactory().get("/cho/")
    with django_assert_num_queries(2):
        found = cards(request, Stretch(0, 13), None)
    assert [card.url for card in found] == [product.get_absolute_url() for product in reversed(products)]
    assert ["<picture>" in (card.picture or "") for card in found] == [True] * number


def test_stretch_is_a_part_of_one_households_goods() -> None:
    mine, others = make_goods(title="Gừng"), make_goods(title="Nghệ")
    request = RequestFactory().get("/cho/")
    for product in (mine, others):
        of_one = cards(request, Stretch(0, 13, "household", product.household_id or 0), None)
        assert [card.pk for card in of_one] == [product.pk]
    assert [card.pk for card in cards(request, Stretch(1, 13), None)] == [mine.pk]


def test_goods_follow_their_household_to_another_cooperative() -> None:
    product, other = make_goods(), make_goods(title="Nghệ").household
    household = product.household
    assert household is not None
    assert other is not None
    request = RequestFactory().get("/cho/")

    def shown(cooperative_id: int | None) -> list[str]:
        return [
            card.name for card in cards(request, Stretch(0, 13, "cooperative", cooperative_id or 0), None)
        ]

    before = household.cooperative_id
    assert shown(before) == [product.title]
    household.cooperative = other.cooperative
    household.save()
    assert (shown(before), len(shown(other.cooperative_id))) == ([], 2)
