"""Registers the fork with Django under Oscar's label.

Oscar's forms for a partner's users ask for an e-mail, which is no account of ours, and give permissions in its
dashboard, where no household goes.
"""

from django.urls import URLPattern, URLResolver
from django.utils.translation import gettext_lazy as _
from oscar.apps.dashboard.partners import apps


class PartnersDashboardConfig(apps.PartnersDashboardConfig):
    """Oscar's configuration, found under our name."""

    name = "marketplace.dashboard.partners"

    def get_urls(self) -> list[URLPattern | URLResolver]:
        """Return Oscar's patterns, with those about a household's people leading to an explanation."""
        from marketplace.dashboard.elsewhere import led_elsewhere

        return led_elsewhere(
            super().get_urls(),
            lambda name: name.startswith("partner-user-"),
            _("People are not added here"),
            _("Who belongs to a household is written on the household's page in /quan-tri/he-thong/."),
        )
