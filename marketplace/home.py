"""The panel of the home page: what came to the market last."""

from __future__ import annotations

from typing import Any, Final

from django.http import HttpRequest

from base.shell.panels import Panel

GOODS: Final = 4


def newest_goods(request: HttpRequest) -> dict[str, Any] | None:
    """Return the newest goods for sale; None while there are none. Two queries."""
    from marketplace.catalogue.cards import Stretch, cards

    found = cards(request, Stretch(0, GOODS), states=None)
    return {"goods": found} if found else None


PANEL = Panel(
    name="goods", template="market/home_panel.html", context=newest_goods, order=100, stamps=("market",)
)
