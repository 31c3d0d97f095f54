"""Oscar's override point for order events: its dashboard, too, goes through our verbs."""

from __future__ import annotations

from typing import Any

from oscar.apps.order import processing

from marketplace.order.fulfilment import change_status


class EventHandler(processing.EventHandler):
    """Status changes release or consume stock."""

    def handle_order_status_change(self, order: Any, new_status: str, note_msg: str | None = None) -> None:
        """Change the status through ``fulfilment``; Oscar's own way forgets the stock."""
        change_status(order, new_status)
        order.refresh_from_db()
        if note_msg:
            self.create_note(order, note_msg)
