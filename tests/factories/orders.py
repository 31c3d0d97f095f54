"""A small market to order from: cooperatives, households, goods, baskets and purchases, by the site's verbs."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from django.utils import timezone

from base.places.models import Commune, Province
from marketplace.basket.lines import add
from marketplace.basket.models import Basket
from marketplace.catalogue.listing import goods_class
from marketplace.catalogue.models import Category, ListingState, Product
from marketplace.cooperative.models import Cooperative, PickupPoint
from marketplace.order.models import Order, Purchase
from marketplace.order.placement import Contact, place_purchase
from marketplace.partner.models import Partner, StockRecord
from marketplace.partner.strategy import MarketStrategy

BUYER: Final = Contact(name="Lò Thị Mai", phone="+84912345678")
_numbers = itertools.count(1)


def make_commune() -> Commune:
    """Return the commune where everything here happens."""
    province, _ = Province.objects.get_or_create(
        code="14", defaults={"name": "Sơn La", "full_name": "Tỉnh Sơn La"}
    )
    commune, _ = Commune.objects.get_or_create(
        code="03980",
        defaults={"name": "Mộc Châu", "full_name": "Phường Mộc Châu", "kind": "phường", "province": province},
    )
    return commune


def make_cooperative(name: str = "Hợp tác xã Chiềng Đi", **extra: Any) -> Cooperative:
    """Return a cooperative that takes orders at any time, with one pickup point."""
    made = Cooperative.objects.create(
        name=name,
        **{
            "slug": f"htx-{next(_numbers)}",
            "commune": make_commune(),
            "is_always_open": True,
            **extra,
        },
    )
    make_pickup_point(made)
    return made


def make_pickup_point(cooperative: Cooperative, name: str = "Nhà văn hóa bản Áng") -> PickupPoint:
    """Return a place where goods of the cooperative are collected."""
    return PickupPoint.objects.create(
        cooperative=cooperative, name=name, commune=make_commune(), address="bản Áng", hours="7-11 giờ"
    )


def make_household(cooperative: Cooperative, name: str = "Hộ Hà Văn Đức") -> Partner:
    """Return a household of the cooperative."""
    number = next(_numbers)
    return Partner.objects.create(
        name=name, code=f"ho-{number}", slug=f"ho-{number}", cooperative=cooperative, commune=make_commune()
    )


def make_category(name: str = "Rau củ") -> Category:
    """Return a kind of goods."""
    found = Category.objects.filter(name=name).first()
    return found or Category.add_root(name=name, slug=f"nhom-{next(_numbers)}")


def make_product(
    household: Partner, title: str = "Đậu đỏ", *, left: int = 10, price: int = 25_000, **extra: Any
) -> Product:
    """Return a product on the market."""
    product = Product.objects.create(
        household=household,
        title=title,
        product_class=goods_class(),
        **{
            "category": make_category(),
            "listing_state": ListingState.APPROVED,
            "is_public": True,
            "approved_at": timezone.now(),
            **extra,
        },
    )
    StockRecord.objects.create(
        product=product,
        partner=household,
        partner_sku=product.key.hex,
        price_currency="VND",
        price=Decimal(price),
        num_in_stock=left,
    )
    return product


def make_goods(
    *, left: int = 10, price: int = 25_000, title: str = "Đậu đỏ", coop: str = "Hợp tác xã Chiềng Đi"
) -> Product:
    """Return a product of a new household of a new cooperative."""
    return make_product(make_household(make_cooperative(coop)), title, left=left, price=price)


def stock_of(product: Product) -> tuple[int, int]:
    """Return (in stock, allocated), fresh from the database."""
    record = StockRecord.objects.get(product=product)
    return record.num_in_stock, record.num_allocated


def make_basket(goods: Mapping[Product, int]) -> Basket:
    """Return an open basket with so many units of each product."""
    basket = Basket.objects.create()
    basket.strategy = MarketStrategy(None)
    for product, quantity in goods.items():
        add(basket, product, quantity)
    return basket


def points_for(*products: Product) -> dict[int, PickupPoint]:
    """Return the first pickup point of each cooperative whose goods these are, by cooperative id."""
    cooperatives = {product.household.cooperative for product in products if product.household}
    return {one.pk: one.pickup_points.get() for one in cooperatives if one}


def make_purchase(goods: Mapping[Product, int], *, contact: Contact = BUYER, user: Any = None) -> Purchase:
    """Return a purchase of so many units of each product."""
    return place_purchase(
        basket=make_basket(goods), contact=contact, pickup_points=points_for(*goods), user=user
    )


def make_order(*, left: int = 10, quantity: int = 4) -> tuple[Order, Product]:
    """Return an order just placed and its only product."""
    product = make_goods(left=left)
    order: Order = make_purchase({product: quantity}).orders.get()
    return order, product
