"""Oscar's override point for the pages of orders in its dashboard."""

from __future__ import annotations

from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from oscar.apps.dashboard.orders import views


class OrderDetailView(views.OrderDetailView):
    """An order as a whole: its status and its notes.

    A single line has no state of its own here, nor has a payment: what Oscar would write there would say otherwise
    than the order and its stock.
    """

    template_name = "dashboard/order.html"
    order_actions: Final = ("save_note", "delete_note", "change_order_status")
    line_actions: Final = ()

    def delete_note(self, request: HttpRequest, order: Any) -> HttpResponse:
        """Delete a note; any other number is told like one that is not there."""
        if not request.POST.get("note_id", "").isdecimal():
            return self.reload_page(error=views._("Note cannot be deleted"))
        return super().delete_note(request, order)
