"""Oscar's override point for placing orders: stock by conditional update, numbers that cannot be guessed."""

from __future__ import annotations

from typing import Any

from oscar.apps.order import utils

from base.codes import new_code
from marketplace.partner.allocation import allocate


class OrderNumberGenerator(utils.OrderNumberGenerator):
    """Numbers are codes; Oscar's (100000 + basket id) are guessable and tell how much is sold."""

    def order_number(self, basket: Any = None) -> str:
        """Return a fresh code."""
        return new_code()


class OrderCreator(utils.OrderCreator):
    """Writes the order, its lines and the allocation of stock."""

    def create_line_models(self, order: Any, basket_line: Any, extra_line_fields: Any = None) -> Any:
        """Return the saved order line, with the unit as sold."""
        return super().create_line_models(
            order, basket_line, {**(extra_line_fields or {}), "unit": basket_line.stockrecord.unit}
        )

    def update_stock_records(self, line: Any) -> None:
        """Allocate the line's stock. Raises InsufficientStock, which undoes the whole purchase."""
        allocate(line.stockrecord_id, line.quantity)
