"""Pages of goods and sellers as strangers see them: odd addresses, whom to call, the language of what sellers write."""

from __future__ import annotations

import pytest
from django.test import Client
from pytest_django import Settings

from marketplace.catalogue.models import Product
from marketplace.cooperative.models import Cooperative
from marketplace.order import fulfilment
from tests.factories.accounts import UserFactory
from tests.factories.orders import make_goods, make_purchase

pytestmark = pytest.mark.django_db
PHONE, SHOWN = "+84912345678", "0912\xa0345\xa0678"


@pytest.fixture
def product() -> Product:
    product = make_goods(title="Đậu đỏ")
    Product.objects.filter(pk=product.pk).update(description="Hạt to, nấu chè.")
    Cooperative.objects.update(phone=PHONE)
    return product


def page(client: Client, address: str) -> str:
    return client.get(address).content.decode()


@pytest.mark.parametrize("number", [2**63, 10**30])
def test_a_number_that_no_database_holds_is_no_product(client: Client, number: int) -> None:
    assert client.get(f"/cho/x-{number}/").status_code == 404


def test_a_cooperative_says_whom_to_call(client: Client, product: Product, settings: Settings) -> None:
    assert product.household is not None
    assert product.household.cooperative is not None
    address = product.household.cooperative.get_absolute_url()
    assert f'href="tel:{PHONE}"' in page(client, address)
    settings.IS_DEMO = True  # somebody may have that number
    shown = page(client, f"{address}?trang=2")
    assert "tel:" not in shown
    assert SHOWN in shown


def test_a_buyer_sees_whom_to_call_until_the_order_is_over(client: Client, product: Product) -> None:
    buyer = UserFactory.create(phone="+84912000111")
    purchase = make_purchase({product: 1}, user=buyer)
    client.force_login(buyer)
    address = f"/don/{purchase.code}/"
    assert f'href="tel:{PHONE}"' in page(client, address)
    fulfilment.cancel(purchase.orders.get(), reason="hết hàng")
    assert "tel:" not in page(client, address)


def test_in_another_language_sellers_words_are_marked_as_vietnamese(client: Client, product: Product) -> None:
    address = product.get_absolute_url()
    english = page(client, f"/en{address}")
    assert '<h1 lang="vi">Đậu đỏ</h1>' in english
    assert '<div lang="vi"><p>Hạt to, nấu chè.</p></div>' in english
    assert ' lang="vi">Đậu đỏ</a>' in page(client, "/en/cho/")
    assert "<h1>Đậu đỏ</h1>" in page(client, address)
