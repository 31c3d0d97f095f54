"""An app without models: owns the market's templates and registers its search documents."""

from django.apps import AppConfig


class MarketplaceConfig(AppConfig):
    """Django's record of this app; first in INSTALLED_APPS so that its ``templates/oscar`` win over Oscar's."""

    name = "marketplace"
    verbose_name = "Chợ"

    def ready(self) -> None:
        """Say who may see photos of goods, what is found of the market, and what the home page shows of it."""
        from base.shell import panels
        from marketplace import changes, home
        from marketplace.catalogue import photos  # noqa: F401
        from marketplace.documents import ProductDocuments
        from search import registry

        registry.register(ProductDocuments())
        panels.register(home.PANEL)
        changes.watch_the_dashboard()
