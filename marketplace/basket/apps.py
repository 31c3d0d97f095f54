"""Registers the fork with Django under Oscar's label."""

from oscar.apps.basket import apps


class BasketConfig(apps.BasketConfig):
    """Oscar's configuration, found under our name."""

    name = "marketplace.basket"

    def ready(self) -> None:
        """Say what is forgotten after a time."""
        super().ready()
        from base.outbox.forgetting import forget_after
        from marketplace.basket.forgetting import left_baskets

        forget_after("BASKETS_KEPT_DAYS", 7, left_baskets)
