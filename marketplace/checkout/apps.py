"""Registers the fork with Django under Oscar's label."""

from oscar.apps.checkout import apps


class CheckoutConfig(apps.CheckoutConfig):
    """Oscar's configuration, found under our name."""

    name = "marketplace.checkout"

    def ready(self) -> None:
        """Register the checks."""
        super().ready()
        from marketplace.checkout import checks  # noqa: F401
