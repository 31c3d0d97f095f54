"""What must follow when goods change: the search index and the pages that show them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models.signals import post_delete, post_save

from base import pagecache
from marketplace.catalogue.models import Category, Product
from marketplace.cooperative.models import Cooperative
from marketplace.partner.models import Partner
from search.indexing import changed


def goods_changed(product_ids: Iterable[int]) -> None:
    """Record, within the caller's transaction, that these products must be indexed anew and their pages redrawn."""
    for product_id in sorted(set(product_ids)):
        changed("product", product_id)
    pagecache.bump("market")


def household_changed(household: Partner) -> None:
    """Record that a household was opened, closed, renamed or moved: all its goods read differently now."""
    goods_changed(household.products.values_list("pk", flat=True))


def cooperative_changed(cooperative: Cooperative) -> None:
    """Record that a cooperative, its windows or its pickup points changed."""
    goods_changed(Product.objects.filter(household__cooperative=cooperative).values_list("pk", flat=True))


def watch_the_dashboard() -> None:
    """Follow what Oscar's dashboard writes past our verbs: names of households and kinds of goods."""
    for signal in (post_save, post_delete):
        signal.connect(_kind_changed, sender=Category, dispatch_uid="marketplace.kind")
    post_save.connect(_household_saved, sender=Partner, dispatch_uid="marketplace.household")


def _kind_changed(sender: type[Category], instance: Category, **kwargs: Any) -> None:
    goods_changed(Product.objects.filter(category=instance.pk, is_public=True).values_list("pk", flat=True))


def _household_saved(sender: type[Partner], instance: Partner, **kwargs: Any) -> None:
    household_changed(instance)
