"""Put goods up for sale and take them down: draft, submit, approve, return, archive."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from marketplace.catalogue.models import (  # type: ignore[attr-defined]  # the last comes by Oscar's star
    Category,
    ListingState,
    Product,
    ProductClass,
)
from marketplace.catalogue.photos import settle_photo
from marketplace.changes import goods_changed
from marketplace.partner.allocation import set_left
from marketplace.partner.models import StockRecord
from marketplace.partner.units import Unit

if TYPE_CHECKING:
    from base.accounts.models import User
    from marketplace.partner.models import Partner
    from media.models import Photo


class NotNow(Exception):
    """The listing's state does not allow this step."""


class NotReady(Exception):
    """The listing lacks something; ``missing`` names the fields."""

    def __init__(self, missing: list[str]) -> None:
        """Remember what is missing."""
        super().__init__(", ".join(missing))
        self.missing = missing


@dataclass(frozen=True, slots=True)
class Listing:
    """What a household says about its goods; everything may be missing while it is a draft."""

    title: str = ""
    description: str = ""
    category: Category | None = None
    price_vnd: int | None = None
    unit: Unit = Unit.KG
    left: int | None = 0
    """None: as it is, with what orders have taken meanwhile."""
    ready_from: dt.date | None = None
    cover: Photo | None = None


GOODS_CLASS = "Nông sản"


def locked_goods() -> QuerySet[Product]:
    """Return goods to be held until the end of the transaction. "No key": orders that name them need not wait, and so
    cannot wait in a circle with whoever holds goods and wants their stock."""
    found: QuerySet[Product] = Product.objects.select_for_update(no_key=True)
    return found


@transaction.atomic
def save_listing(household: Partner, listing: Listing, product: Product | None = None) -> Product:
    """Return the saved product. A new one is a draft; what the cooperative approved is looked at again when its words,
    picture, kind or unit change, while price, amount and day apply at once."""
    if product is None:
        product = Product(household=household, product_class=goods_class(), is_public=False)
        before, old_cover = None, None
    else:
        product = locked_goods().get(pk=product.pk, household=household)
        before, old_cover = _looked_at(product), product.cover_id
    if product.listing_state == ListingState.ARCHIVED:
        product.listing_state = ListingState.DRAFT
    product.title, product.description = listing.title, listing.description
    product.category, product.cover = listing.category, listing.cover
    product.ready_from = listing.ready_from
    product.slug = ""  # Oscar fills it from the title
    product.save()
    _save_stock(product, household, listing)
    if product.listing_state == ListingState.APPROVED and before != _looked_at(product):
        _move(product, ListingState.SUBMITTED)
    goods_changed([product.pk])
    if old_cover != product.cover_id:
        settle_photo(old_cover)
    return product


def missing_for_approval(product: Product) -> list[str]:
    """Return the form fields that must be filled before the cooperative can approve the product."""
    stock = product.stockrecords.first()
    filled = {
        "cover": product.cover_id,
        "title": product.title.strip(),
        "category": product.category_id,
        "price_vnd": stock and stock.price,
        "left": stock and stock.net_stock_level,
    }
    return [name for name, value in filled.items() if not value]


@transaction.atomic
def submit(product: Product) -> Product:
    """Send the product to the cooperative; again changes nothing. Raises NotReady while something is missing."""
    locked = locked_goods().get(pk=product.pk)
    if locked.listing_state in (ListingState.SUBMITTED, ListingState.APPROVED):
        return locked
    missing = missing_for_approval(locked)
    if missing:
        raise NotReady(missing)
    return _move(locked, ListingState.SUBMITTED)


@transaction.atomic
def approve(product: Product, *, by: User) -> Product:
    """Put the product on the market; again changes nothing. Raises NotNow unless it waits for approval."""
    locked = locked_goods().get(pk=product.pk)
    if locked.listing_state == ListingState.APPROVED:
        return locked
    if locked.listing_state != ListingState.SUBMITTED:
        raise NotNow(locked.listing_state)
    locked.approved_at, locked.approved_by, locked.return_reason = timezone.now(), by, ""
    return _move(locked, ListingState.APPROVED)


@transaction.atomic
def send_back(product: Product, *, reason: str) -> Product:
    """Return the product to its household with a reason; also takes an approved one off the market."""
    locked = locked_goods().get(pk=product.pk)
    if locked.listing_state not in (ListingState.SUBMITTED, ListingState.APPROVED, ListingState.RETURNED):
        raise NotNow(locked.listing_state)
    locked.return_reason = reason
    return _move(locked, ListingState.RETURNED)


@transaction.atomic
def archive(product: Product) -> Product:
    """Put the product away; orders already placed are kept. Its stock record is never deleted."""
    return _move(locked_goods().get(pk=product.pk), ListingState.ARCHIVED)


@transaction.atomic
def set_amount_left(product: Product, left: int) -> None:
    """Set how many units of the product may still be ordered."""
    stock = product.stockrecords.get()
    set_left(stock.pk, left)
    goods_changed([product.pk])


def goods_class() -> Any:
    """Return the one product class that Oscar asks for."""
    found, _ = ProductClass.objects.get_or_create(
        name=GOODS_CLASS, defaults={"requires_shipping": True, "track_stock": True}
    )
    return found


def _looked_at(product: Product) -> tuple[object, ...]:
    """Return what the cooperative looks at when it approves."""
    stock = product.stockrecords.first()
    return product.title, product.description, product.category_id, product.cover_id, stock and stock.unit


def _save_stock(product: Product, household: Partner, listing: Listing) -> None:
    stock, _ = StockRecord.objects.get_or_create(
        product=product,
        defaults={"partner": household, "partner_sku": product.key.hex, "price_currency": "VND"},
    )
    StockRecord.objects.filter(pk=stock.pk).update(price=listing.price_vnd, unit=listing.unit)
    if listing.left is not None:
        set_left(stock.pk, listing.left)


def _move(product: Product, state: ListingState) -> Product:
    product.listing_state = state
    product.is_public = state == ListingState.APPROVED
    if state == ListingState.SUBMITTED:
        product.submitted_at = timezone.now()
    product.save()
    goods_changed([product.pk])  # first: the outbox indexes goods before it spends a second on their photo
    settle_photo(product.cover_id)
    return product
