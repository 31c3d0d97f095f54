"""What search knows of the market: goods that are listed with something left, at once, and nothing else."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from base import outbox
from base.outbox.models import Entry
from marketplace.catalogue.cards import FEW, changes_next
from marketplace.catalogue.listing import approve, archive, send_back, set_amount_left
from marketplace.catalogue.models import ListingState, Product
from marketplace.cooperative.models import OrderWindow
from marketplace.documents import ProductDocuments
from marketplace.order import fulfilment
from search import indexing, registry
from tests.factories.market import make_good_in, make_manager
from tests.factories.orders import make_cooperative, make_household, make_product, make_purchase

pytestmark = pytest.mark.django_db
SOURCE = ProductDocuments()


def documents(*products: Product) -> dict[str, Any]:
    ids = [str(product.pk) for product in products] or None
    return {document.title: document for document in SOURCE.public(ids)}


def test_kind_is_registered() -> None:
    assert isinstance(registry.get("product"), ProductDocuments)


def test_only_listed_goods_with_something_left_are_documents() -> None:
    home = make_household(make_cooperative())
    make_product(home, "Mật ong bạc hà")
    make_product(home, "Bán hết", left=0)
    for state in (ListingState.DRAFT, ListingState.SUBMITTED, ListingState.RETURNED, ListingState.ARCHIVED):
        make_good_in(state, home, state.value)
    resting = make_household(make_cooperative("Nghỉ", is_active=False))
    make_product(resting, "Hàng của hợp tác xã nghỉ")
    gone = make_household(make_cooperative())
    make_product(gone, "Hàng của nhà nghỉ")
    gone.is_active = False
    gone.save()

    assert set(documents()) == {"Mật ong bạc hà"}


def test_document_holds_what_buyers_ask_for_and_no_phone() -> None:
    home = make_household(make_cooperative("Hợp tác xã Bản Mây", phone="+84912345678"), "Nhà Vàng Mí Sính")
    product = make_product(home, "Mật ong bạc hà", description="Ong nuôi trên nương.")

    document = documents(product)["Mật ong bạc hà"]

    assert document.object_id == product.pk
    assert document.url == product.get_absolute_url()
    for words in (
        "Ong nuôi trên nương.",
        "Nhà Vàng Mí Sính",
        "Hợp tác xã Bản Mây",
        "Phường Mộc Châu",
        "Rau củ",
    ):
        assert words in document.body
    assert "912345678" not in document.body
    assert document.facet_values().get("tinh", []) == ["14"]


def test_ids_that_are_no_numbers_are_nobody() -> None:
    assert list(SOURCE.public(["abc", "", "-1", "٣", "9" * 30])) == []
    assert SOURCE.cards(["abc", "9" * 30]) == {}


def test_card_of_goods_whose_window_is_closed_says_when_it_opens() -> None:
    cooperative = make_cooperative(is_always_open=False)
    opens = timezone.now() + dt.timedelta(days=2)
    OrderWindow.objects.create(
        cooperative=cooperative,
        opens_at=opens,
        closes_at=opens + dt.timedelta(days=1),
        collection_on=(opens + dt.timedelta(days=3)).date(),
    )
    product = make_product(make_household(cooperative), "Cà phê")

    card = SOURCE.cards([str(product.pk)])[str(product.pk)]

    assert card.extra["tag_kind"] == "soon"
    assert str(timezone.localtime(opens).day) in str(card.extra["tag"])
    assert (card.extra["price"], card.extra["unit"]) == ("25.000\u00a0₫", "kg")
    assert card.until == min(opens, changes_next({}))  # a kept page of results ends by then


@pytest.mark.parametrize("number", [1, 3])
def test_cards_cost_two_queries_whatever_their_number(
    number: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    products = [make_product(make_household(make_cooperative(is_always_open=False))) for _ in range(number)]
    with django_assert_num_queries(2):
        assert len(SOURCE.cards([str(product.pk) for product in products])) == number


def test_found_when_approved_and_gone_when_sold_out_or_taken_down() -> None:
    home = make_household(cooperative := make_cooperative())
    product = make_good_in(ListingState.SUBMITTED, home, "Mật ong bạc hà", left=3)
    indexing.rebuild()

    def found() -> bool:
        outbox.drain()
        return "Mật ong" in str(Client().get("/tim/", {"q": "mat ong bac ha"}).content.decode()).split(
            "<main"
        )[1].replace("<mark>", "").replace("</mark>", "")

    assert not found()
    product = approve(product, by=make_manager(cooperative))
    assert found()
    order = make_purchase({product: 3}).orders.get()
    assert not found()
    fulfilment.cancel(order, reason="Người mua đổi ý.")
    assert found()
    set_amount_left(product, 0)
    assert not found()
    set_amount_left(product, 5)
    assert found()
    send_back(product, reason="Ảnh chưa rõ.")
    assert not found()
    archive(product)
    assert not found()


def test_the_index_is_told_of_orders_only_when_the_level_of_stock_changes_but_pages_always() -> None:
    product = make_product(make_household(make_cooperative()), "Măng khô", left=2 * FEW)
    indexing.rebuild()

    def told(units: int) -> bool:
        """Order so many, and say whether the index was told; a kept page of results must be right either way."""
        before = shown()
        make_purchase({product: units})
        is_told = Entry.objects.filter(topic=indexing.TOPIC, key=f"product:{product.pk}").exists()
        outbox.drain()
        assert shown() != before
        return is_told

    def shown() -> str:
        return Client().get("/tim/", {"q": "mang kho"}).content.decode()

    assert not told(FEW - 1)  # plenty, still plenty
    assert told(1)  # few
    assert not told(1)
    assert told(FEW - 1)  # none
    assert "Măng khô" not in shown()


def test_what_is_given_back_is_told_to_the_index_when_the_level_of_stock_changes() -> None:
    product = make_product(make_household(make_cooperative()), left=2 * FEW)
    small, large = (make_purchase({product: units}).orders.get() for units in (1, FEW))
    outbox.drain()
    fulfilment.cancel(small, reason="Người mua đổi ý.")
    assert not Entry.objects.filter(topic=indexing.TOPIC).exists()  # few, still few
    fulfilment.cancel(large, reason="Người mua đổi ý.")
    assert Entry.objects.filter(topic=indexing.TOPIC).count() == 1


def test_what_the_dashboard_writes_reaches_search_and_kept_pages(client: Client) -> None:
    product = make_product(make_household(make_cooperative()), "Măng khô")
    outbox.drain()
    assert "Hộ bà Pẩn" not in client.get("/cho/").content.decode()

    product.household.name = "Hộ bà Pẩn"
    product.household.save()
    product.category.name = "Đồ rừng"
    product.category.save()
    outbox.drain()

    assert "Hộ bà Pẩn" in client.get("/cho/").content.decode()
    assert "Hộ bà Pẩn" in client.get("/tim/?q=do rung").content.decode()


def test_a_household_without_a_slug_gets_one_of_its_own() -> None:
    first, second = (make_household(make_cooperative(), "Hộ bà Đậu") for _ in range(2))
    for household in (first, second):
        household.slug = None
        household.save()
    assert first.slug == "ho-ba-dau"
    assert second.slug.startswith("ho-ba-dau-")
