"""Oscar's override point for order events: its dashboard, too, goes through our verbs."""

from __future__ import annotations

from typing import Any

from oscar.apps.order import processing
from oscar.apps.order.exceptions import InvalidOrderStatus
from oscar.apps.payment.exceptions import PaymentError

from marketplace.order.fulfilment import NotNow, change_status


class Refused(PaymentError, InvalidOrderStatus):
    """A step that is not possible now. Both kinds: Oscar's list of orders catches only the first."""


class EventHandler(processing.EventHandler):
    """Status changes release or consume stock."""

    def handle_order_status_change(self, order: Any, new_status: str, note_msg: str | None = None) -> None:
        """Change the status through ``fulfilment``; Oscar's own way forgets the stock. Raises Refused."""
        try:
            change_status(order, new_status, by=self.user)
        except NotNow as refusal:
            raise Refused(str(refusal)) from refusal
        order.refresh_from_db()
        if note_msg:
            self.create_note(order, note_msg)

    def cancel_stock_allocations(self, order: Any, lines: Any = None, line_quantities: Any = None) -> None:
        """Do nothing: the status change releases the stock, and twice would be once too often."""

    def consume_stock_allocations(self, order: Any, lines: Any = None, line_quantities: Any = None) -> None:
        """Do nothing: handing over uses up the stock."""
