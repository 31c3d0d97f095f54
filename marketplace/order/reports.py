"""Oscar's override point for the report on orders: nearly all buyers here have no account and no e-mail."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from oscar.apps.order import reports


class OrderReportCSVFormatter(reports.OrderReportCSVFormatter):
    """The buyer as written on the order."""

    def generate_csv(self, response: HttpResponse, orders: QuerySet[Any]) -> None:
        """Write a row for each order."""
        writer = self.get_csv_writer(response)
        writer.writerow(
            reports._(name) for name in ("Order number", "Name", "Total incl. tax", "Date placed")
        )
        for order in orders.select_related("purchase"):
            buyer = order.purchase.contact_name if order.purchase else ""
            writer.writerow(
                [order.number, buyer, order.total_incl_tax, self.format_datetime(order.date_placed)]
            )


class OrderReportGenerator(reports.OrderReportGenerator):
    """Oscar's, with our rows."""

    formatters = reports.OrderReportGenerator.formatters | {"CSV_formatter": OrderReportCSVFormatter}
