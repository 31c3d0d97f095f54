"""What hangs on orders or goods cannot be deleted by anybody; who tries is told what to do instead, never a 500."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import transaction
from django.db.models import ProtectedError
from django.test import Client

from marketplace.catalogue.models import Category, Product
from marketplace.order import fulfilment
from marketplace.partner.models import Partner, StockRecord
from tests.factories.orders import make_cooperative, make_goods, make_household, make_order, stock_of

pytestmark = pytest.mark.django_db


def text(response: Any) -> str:
    return str(response.content.decode())


def test_household_with_goods_is_not_deleted_in_the_dashboard(office: Client) -> None:
    household = make_goods().household
    assert household is not None

    answer = office.post(f"/quan-tri/cho/partners/{household.pk}/delete/")

    assert answer.status_code == 409
    assert "Không xóa được" in text(answer)
    assert "đóng" in text(answer)
    assert Partner.objects.filter(pk=household.pk).exists()


def test_household_without_goods_is_deleted(office: Client) -> None:
    household = make_household(make_cooperative())
    assert office.post(f"/quan-tri/cho/partners/{household.pk}/delete/").status_code == 302
    assert not Partner.objects.filter(pk=household.pk).exists()


def test_kind_of_goods_in_use_is_not_deleted_in_the_dashboard(office: Client) -> None:
    kind = make_goods().category
    assert kind is not None
    answer = office.post(f"/quan-tri/cho/catalogue/categories/{kind.pk}/delete/")
    assert answer.status_code == 409
    assert Category.objects.filter(pk=kind.pk).exists()


@pytest.mark.parametrize("what", ["partner/partner", "cooperative/cooperative"])
def test_nobody_deletes_households_and_cooperatives_in_djangos_admin(office: Client, what: str) -> None:
    household = make_goods().household
    assert household is not None
    pk = household.pk if what.startswith("partner") else household.cooperative_id
    assert office.post(f"/quan-tri/he-thong/{what}/{pk}/delete/", {"post": "yes"}).status_code == 403
    listed = {"action": "delete_selected", "_selected_action": [pk], "post": "yes"}
    office.post(f"/quan-tri/he-thong/{what}/", listed)
    assert Partner.objects.filter(pk=household.pk).exists()


def test_no_page_of_the_office_deletes_goods(office: Client) -> None:
    product = make_goods()
    stock = StockRecord.objects.get(product=product)
    for path in (
        f"/quan-tri/cho/catalogue/products/{product.pk}/delete/",
        f"/quan-tri/he-thong/catalogue/product/{product.pk}/delete/",
        f"/quan-tri/he-thong/partner/stockrecord/{stock.pk}/delete/",
    ):
        assert office.post(path, {"post": "yes"}).status_code == 403
    assert StockRecord.objects.filter(pk=stock.pk).exists()


def test_goods_that_were_ordered_keep_their_stock_record_whoever_deletes() -> None:
    """Without it, cancelling would give nothing back; a cascade must not get past this either."""
    order, product = make_order()
    stock = StockRecord.objects.get(product=product)
    ways = (product.delete, Product.objects.filter(pk=product.pk).delete, stock.delete)
    for is_cancelled in (False, True):
        if is_cancelled:
            fulfilment.cancel(order, reason="Người mua đổi ý.")
        for delete in ways:
            with pytest.raises(ProtectedError), transaction.atomic():
                delete()
    assert stock_of(product) == (10, 0)


def test_goods_that_nobody_ever_ordered_may_go() -> None:
    product = make_goods()
    product.delete()
    assert not StockRecord.objects.exists()
