"""Put goods into a basket, change how many, take them out; and read the basket by cooperative."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from django.db import transaction
from django.db.models import OuterRef, QuerySet, Subquery

from marketplace.basket.models import Basket
from marketplace.catalogue.models import Product
from marketplace.cooperative.models import Cooperative
from marketplace.cooperative.windows import OpenState, open_states
from marketplace.partner.models import StockRecord
from media.models import Photo

MOST: Final = 9_999
MOST_LINES: Final = 60


class CannotAdd(Exception):
    """The goods cannot be put into the basket; ``left`` is how many units could be (0: none)."""

    def __init__(self, left: int = 0) -> None:
        """Remember how many could be had."""
        super().__init__(left)
        self.left = left


@dataclass(frozen=True, slots=True)
class BasketLine:
    """A line as the basket page shows it; ``problem`` is "", "gone", "few" or "price"."""

    line: Any
    product: Product
    stock: StockRecord | None
    photo: Photo | None
    total: Decimal
    problem: str


@dataclass(frozen=True, slots=True)
class BasketPart:
    """The lines of one cooperative."""

    cooperative: Cooperative
    state: OpenState
    lines: list[BasketLine]
    total: Decimal


@transaction.atomic
def add(basket: Basket, product: Product, quantity: int) -> None:
    """Put ``quantity`` units more into the basket. Raises CannotAdd when fewer are left than that makes.

    Raises Basket.DoesNotExist when the basket was sent off meanwhile.
    """
    stock = StockRecord.objects.filter(product=product).first()
    if stock is None or stock.price is None or not product.is_public:
        raise CannotAdd
    Basket.objects.select_for_update().get(
        pk=basket.pk, status=Basket.OPEN
    )  # two taps at once add up, one after the other
    line = basket.lines.filter(product=product).first()
    wanted = quantity + (line.quantity if line else 0)
    if wanted > min(stock.net_stock_level, MOST):
        raise CannotAdd(stock.net_stock_level)
    if line is None and basket.lines.count() >= MOST_LINES:
        raise CannotAdd
    basket.add_product(product, quantity)
    basket.lines.filter(product=product).update(price_excl_tax=stock.price, price_incl_tax=stock.price)


def set_quantity(basket: Basket, line_id: int, quantity: int) -> None:
    """Set how many units a line asks for; 0 takes it out. Raises CannotAdd beyond what is left."""
    line = basket.lines.select_related("stockrecord").filter(pk=line_id).first()
    if line is None:
        return
    if quantity == 0:
        line.delete()
        return
    left = line.stockrecord.net_stock_level if line.stockrecord else 0
    if quantity > min(left, MOST):
        raise CannotAdd(left)
    basket.lines.filter(pk=line_id).update(quantity=quantity)


def refresh_prices(basket: Basket) -> None:
    """Take over today's prices into the basket, once the buyer has been told that they changed."""
    now = Subquery(StockRecord.objects.filter(pk=OuterRef("stockrecord_id")).values("price"))
    basket.lines.filter(stockrecord__price__isnull=False).update(price_excl_tax=now, price_incl_tax=now)


def units_in(basket: Basket | None) -> int:
    """Return how many lines the basket has (what the little number beside it says)."""
    return basket.lines.count() if basket is not None else 0


def parts_of(basket: Basket) -> list[BasketPart]:
    """Return the basket by cooperative, with whatever stands in the way of each line; four queries."""
    lines = list(_lines(basket))
    photos = Photo.objects.with_renditions().in_bulk({line.product.cover_id for line in lines} - {None})
    cooperatives = {
        line.product.household.cooperative_id: line.product.household.cooperative
        for line in lines
        if line.product.household and line.product.household.cooperative
    }
    states = open_states(cooperatives.values())
    parts = []
    for cooperative_id, cooperative in sorted(cooperatives.items()):
        own = [
            _shown(line, photos)
            for line in lines
            if line.product.household and line.product.household.cooperative_id == cooperative_id
        ]
        parts.append(
            BasketPart(cooperative, states[cooperative_id], own, sum((one.total for one in own), Decimal(0)))
        )
    return parts


def _lines(basket: Basket) -> QuerySet[Any]:
    return basket.lines.select_related("product__household__cooperative", "stockrecord").order_by("pk")


def _shown(line: Any, photos: dict[int, Photo]) -> BasketLine:
    stock, product = line.stockrecord, line.product
    problem = ""
    if stock is None or stock.price is None or stock.net_stock_level == 0 or not _is_listed(product):
        problem = "gone"
    elif stock.net_stock_level < line.quantity:
        problem = "few"
    elif stock.price != line.price_excl_tax:
        problem = "price"
    price = line.price_excl_tax or Decimal(0)
    return BasketLine(line, product, stock, photos.get(product.cover_id), price * line.quantity, problem)


def _is_listed(product: Product) -> bool:
    household = product.household
    if household is None or household.cooperative is None:
        return False
    return product.is_public and household.is_active and household.cooperative.is_active
