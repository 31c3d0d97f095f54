"""An app without models: owns the market's templates and registers its search documents."""

from django.apps import AppConfig


class MarketplaceConfig(AppConfig):
    """Django's record of this app; first in INSTALLED_APPS so that its ``templates/oscar`` win over Oscar's."""

    name = "marketplace"
    verbose_name = "Chợ"

    def ready(self) -> None:
        """Say who may see photos of goods, what is found of the market, and what the home page shows of it."""
        from base.offline.packs import register as register_packs
        from base.shell import crawlers, panels
        from marketplace import changes, crawled, documents, home
        from marketplace.catalogue import photos  # noqa: F401
        from marketplace.partner import packs as selling_packs
        from search import choices, facets, registry

        registry.register(documents.ProductDocuments())
        choices.register_whom_to_ask(documents.cooperatives_to_ask)
        facets.register_rows("nhom", documents.category_names)
        facets.register_rows("htx", documents.cooperative_names)
        panels.register(home.PANEL)
        crawlers.register(crawled.SHELF)
        register_packs(selling_packs.DESK)
        changes.watch_the_dashboard()
