"""Many goods, households and orders for benchmarks, written in bulk: the same rows as the verbs write, much faster."""

from __future__ import annotations

import datetime as dt
import random
import uuid
from collections.abc import Callable
from decimal import Decimal
from typing import Any, Final

from django.utils import timezone

from config.seed.market import MarketMaker, free_slug
from config.seed.people import People
from config.slugs import slugify
from marketplace.catalogue.listing import goods_class
from marketplace.catalogue.models import ListingState, Product
from marketplace.order.models import Line, Order, OrderStatus, Purchase
from marketplace.partner.models import Partner, StockRecord

BATCH: Final = 2_000
GOODS_PER_HOUSEHOLD: Final = 50
GOODS_PER_ORDER: Final = 10
PLACES: Final = (
    "Mộc Châu",
    "Mai Sơn",
    "Phù Yên",
    "Đăk Tô",
    "Măng Đen",
    "Tu Mơ Rông",
    "Ngọc Linh",
    "Sốp Cộp",
    "Bắc Yên",
)
TRAITS: Final = (
    "",
    "loại một",
    "mới hái",
    "phơi khô",
    "trồng nương",
    "nhà trồng",
    "hái rừng",
    "không phun thuốc",
)


def grow(
    count: int, rng: random.Random, people: People, maker: MarketMaker, each: Callable[..., None]
) -> None:
    """Make ``count`` more products on the market, one household for 50 of them and one order for ten."""
    patterns = list(Product.objects.listed().prefetch_related("stockrecords").order_by("pk"))
    households = _households(max(1, count // GOODS_PER_HOUSEHOLD), rng, people, maker)
    wanted_orders = count // GOODS_PER_ORDER
    for start in range(0, count, BATCH):
        size = min(BATCH, count - start)
        stocks = _goods(size, start, rng, patterns, households)
        _orders(min(wanted_orders, size // GOODS_PER_ORDER or 1), rng, maker, stocks)
        each(f"{start + size}", count=size)


def _households(count: int, rng: random.Random, people: People, maker: MarketMaker) -> list[Partner]:
    families = ("Lò Văn", "Quàng Thị", "Cà Văn", "Giàng A", "Vàng Thị", "Y", "A")
    given = ("Pành", "Hặc", "Sử", "Dế", "Blưn", "Thút", "Hoa", "Xuân", "Mua", "Chứ")
    cooperatives = list(maker.cooperatives.values())
    made = []
    for number in range(count):
        last, first = rng.choice(families), rng.choice(given)
        cooperative = cooperatives[number % len(cooperatives)]
        made.append(
            Partner.objects.create(
                name=f"Nhà {last} {first}",
                slug=free_slug(Partner, f"ho-{number}"),
                cooperative=cooperative,
                commune_id=cooperative.commune_id,
                village=f"bản {number % 40 + 1}",
            )
        )
    for household in made[::10]:
        household.users.add(people.make("Lò Văn", "Mẫu"))
    return made


def _goods(
    size: int, start: int, rng: random.Random, patterns: list[Product], households: list[Partner]
) -> list[StockRecord]:
    now, goods = timezone.now(), goods_class()
    products, prices = [], []
    for number in range(start, start + size):
        pattern = rng.choice(patterns)
        title = " ".join(filter(None, (pattern.title, rng.choice(TRAITS), rng.choice(PLACES))))
        products.append(
            Product(
                title=title,
                slug=slugify(title),
                description=pattern.description,
                key=uuid.UUID(int=rng.getrandbits(128), version=4),
                product_class=goods,
                household=households[number % len(households)],
                cooperative_id=households[number % len(households)].cooperative_id,
                category_id=pattern.category_id,
                cover_id=pattern.cover_id,
                listing_state=ListingState.APPROVED,
                is_public=True,
                submitted_at=now,
                approved_at=now - dt.timedelta(seconds=rng.randrange(60, 60 * 60 * 24 * 90)),
            )
        )
        prices.append(pattern.stockrecords.all()[0])
    Product.objects.bulk_create(products)
    return StockRecord.objects.bulk_create(
        StockRecord(
            product=product,
            partner=product.household,
            partner_sku=product.key.hex,
            price_currency="VND",
            price=Decimal(max(1000, int(like.price or 1000) + rng.randrange(-5, 6) * 1000)),
            unit=like.unit,
            num_in_stock=rng.randrange(10, 200),
        )
        for product, like in zip(products, prices, strict=True)
    )


def _orders(count: int, rng: random.Random, maker: MarketMaker, stocks: list[StockRecord]) -> None:
    """Write delivered orders of one line each: their stock is used up already, so nothing is allocated."""
    now = timezone.now()
    chosen = rng.sample(stocks, min(count, len(stocks)))
    purchases = Purchase.objects.bulk_create(
        Purchase(
            code=maker.code(),
            contact_name="Khách mẫu",
            contact_phone="+84900000299",
            placed_at=now - dt.timedelta(minutes=rng.randrange(60, 60 * 24 * 60)),
        )
        for _ in chosen
    )
    points = {pk.pk: pk.pickup_points.first() for pk in maker.cooperatives.values()}
    orders = []
    for purchase, stock in zip(purchases, chosen, strict=True):
        quantity = rng.randrange(1, 5)
        total = (stock.price or Decimal(0)) * quantity
        cooperative_id = stock.partner.cooperative_id
        orders.append(_order(purchase, cooperative_id, points.get(cooperative_id or 0), total, maker.code()))
    Order.objects.bulk_create(orders)
    Line.objects.bulk_create(_line(order, stock) for order, stock in zip(orders, chosen, strict=True))


def _order(purchase: Purchase, cooperative_id: int | None, point: Any, total: Decimal, code: str) -> Order:
    return Order(
        number=code,
        purchase=purchase,
        cooperative_id=cooperative_id,
        pickup_point=point,
        status=OrderStatus.HANDED_OVER,
        paid_at=purchase.placed_at,
        date_placed=purchase.placed_at,
        total_incl_tax=total,
        total_excl_tax=total,
        shipping_code="pickup",
    )


def _line(order: Order, stock: StockRecord) -> Line:
    price = stock.price or Decimal(0)
    return Line(
        order=order,
        partner=stock.partner,
        partner_name=stock.partner.name,
        partner_sku=stock.partner_sku,
        stockrecord=stock,
        product=stock.product,
        title=stock.product.title,
        quantity=int(order.total_incl_tax / price) if price else 1,
        num_allocated=0,
        unit=stock.unit,
        status=OrderStatus.HANDED_OVER,
        line_price_incl_tax=order.total_incl_tax,
        line_price_excl_tax=order.total_excl_tax,
        line_price_before_discounts_incl_tax=order.total_incl_tax,
        line_price_before_discounts_excl_tax=order.total_excl_tax,
        unit_price_incl_tax=price,
        unit_price_excl_tax=price,
    )
