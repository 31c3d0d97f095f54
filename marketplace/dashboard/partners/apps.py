"""Registers the fork with Django under Oscar's label.

Oscar's forms for a partner's users ask for an e-mail, which is no account of ours, and give permissions in its
dashboard, where no household goes. Their addresses stay, because Oscar's templates reverse them.
"""

from django.urls import URLPattern, URLResolver
from oscar.apps.dashboard.partners import apps


class PartnersDashboardConfig(apps.PartnersDashboardConfig):
    """Oscar's configuration, found under our name."""

    name = "marketplace.dashboard.partners"

    def get_urls(self) -> list[URLPattern | URLResolver]:
        """Return Oscar's patterns, with those about a household's people leading to an explanation."""
        from marketplace.dashboard.partners.views import people_are_added_on_the_desk

        patterns: list[URLPattern | URLResolver] = super().get_urls()
        for pattern in patterns:
            if isinstance(pattern, URLPattern) and (pattern.name or "").startswith("partner-user-"):
                pattern.callback = people_are_added_on_the_desk
        return patterns
