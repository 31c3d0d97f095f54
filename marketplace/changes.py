"""What must follow when goods change: the search index and the pages that show them."""

from __future__ import annotations

from collections.abc import Iterable

from base import pagecache
from search.indexing import changed


def goods_changed(product_ids: Iterable[int]) -> None:
    """Record, within the caller's transaction, that these products must be indexed anew and their pages redrawn."""
    ids = sorted(set(product_ids))
    for product_id in ids:
        changed("product", product_id)
    if ids:
        pagecache.bump("market", *(f"product:{product_id}" for product_id in ids))
