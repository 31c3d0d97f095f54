"""What must follow when goods change: the search index and the pages that show them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import F, ProtectedError
from django.db.models.signals import post_delete, post_save, pre_delete

from base import outbox, pagecache
from marketplace.catalogue.models import Category, Product
from marketplace.catalogue.querysets import ProductQuerySet
from marketplace.cooperative.models import Cooperative
from marketplace.documents import stock_level
from marketplace.order.models import Line
from marketplace.partner.models import Partner, StockRecord
from search.indexing import changed


def goods_changed(product_ids: Iterable[int]) -> None:
    """Record, within the caller's transaction, that these products must be indexed anew and their pages redrawn."""
    for product_id in sorted(set(product_ids)):
        changed("product", product_id)
    pagecache.bump("market")


def stock_moved(taken: Mapping[int, int]) -> None:
    """Record, within the caller's transaction, that so many units of these products were ordered (given back: below 0).

    The pages that say how many are left are redrawn each time; the index, which knows plenty, few and none, only when
    that changed. The caller holds the rows, so of several buyers exactly the one who crossed a border sees it.
    """
    stock = StockRecord.objects.filter(product__in=taken)
    now = stock.values_list("product_id", F("num_in_stock") - F("num_allocated"))
    crossed = [pk for pk, left in now if stock_level(left) != stock_level(left + taken[pk])]
    for product_id in sorted(crossed):
        changed("product", product_id)
    pagecache.bump("market")


def household_changed(household: Partner) -> None:
    """Record that a household was opened, closed, renamed or moved: all its goods read differently now."""
    household.products.exclude(cooperative=household.cooperative_id).update(
        cooperative=household.cooperative_id
    )
    goods_changed(household.products.values_list("pk", flat=True))
    _photos_follow(household.products.all())


def cooperative_changed(cooperative: Cooperative) -> None:
    """Record that a cooperative, its windows or its pickup points changed."""
    goods = Product.objects.filter(household__cooperative=cooperative)
    goods_changed(goods.values_list("pk", flat=True))
    _photos_follow(goods)


def _photos_follow(goods: ProductQuerySet) -> None:
    """Have the outbox hide or show the photos of approved goods (catalogue/photos.py): files, perhaps hundreds."""
    with_photos = goods.filter(is_public=True, cover__isnull=False).order_by()
    for household_id in with_photos.values_list("household", flat=True).distinct():
        outbox.enqueue("market.photos", key=str(household_id), payload={"household": household_id})


def watch_the_dashboard() -> None:
    """Follow what Oscar's dashboard writes past our verbs: names of households and kinds of goods; and hold what it, or
    a cascade, must never delete."""
    for signal in (post_save, post_delete):
        signal.connect(_kind_changed, sender=Category, dispatch_uid="marketplace.kind")
    post_save.connect(_household_saved, sender=Partner, dispatch_uid="marketplace.household")
    pre_delete.connect(_keep_what_was_ordered, sender=StockRecord, dispatch_uid="marketplace.ordered")


def _kind_changed(sender: type[Category], instance: Category, **kwargs: Any) -> None:
    goods_changed(Product.objects.filter(category=instance.pk, is_public=True).values_list("pk", flat=True))


def _household_saved(sender: type[Partner], instance: Partner, **kwargs: Any) -> None:
    household_changed(instance)


def _keep_what_was_ordered(sender: type[StockRecord], instance: StockRecord, **kwargs: Any) -> None:
    """Refuse to delete: without its stock record, cancelling an order gives nothing back. Goods are put away."""
    if Line.objects.filter(stockrecord=instance).exists():
        raise ProtectedError("orders point to this stock record", {instance})
