"""The goods on the market for sitemaps."""

from __future__ import annotations

from collections.abc import Iterator

from base.shell.crawlers import Shelf
from marketplace.catalogue.models import Product


def _count() -> int:
    return Product.objects.listed().count()


def _paths(start: int, stop: int) -> Iterator[str]:
    for product in Product.objects.listed().order_by("pk").only("slug")[start:stop]:
        yield product.get_absolute_url()


SHELF = Shelf(kind="hang", stamp="market", count=_count, paths=_paths)
