"""Registers the fork with Django under Oscar's label."""

from oscar.apps.order import apps


class OrderConfig(apps.OrderConfig):
    """Oscar's configuration, found under our name."""

    name = "marketplace.order"

    def ready(self) -> None:
        """Keep Oscar's statistics out of the placing of orders.

        It would write what each person has spent in all, and its two counters without a savepoint and in basket
        order: on PostgreSQL, a buyer's first two orders at the same time then fail.
        """
        super().ready()
        from oscar.apps.analytics.receivers import receive_order_placed
        from oscar.apps.order.signals import order_placed

        order_placed.disconnect(receive_order_placed)
