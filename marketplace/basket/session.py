"""Which basket is this visitor's: its id is kept in the session, with an account or without.

Oscar's middleware is not used: it loads the user and the basket on every page. Signing out empties the session, so
on a shared phone the next person does not find it.
"""

from __future__ import annotations

from typing import Final

from django.http import HttpRequest

from marketplace.basket.models import Basket
from marketplace.partner.strategy import MarketStrategy

SESSION_KEY: Final = "basket"


def current_basket(request: HttpRequest) -> Basket | None:
    """Return the visitor's open basket, or None when there is none yet or it was sent off."""
    basket_id = request.session.get(SESSION_KEY)
    basket = Basket.objects.filter(pk=basket_id, status=Basket.OPEN).first() if basket_id else None
    if basket is not None:
        basket.strategy = MarketStrategy(None)
    return basket


def current_or_new_basket(request: HttpRequest) -> Basket:
    """Return the visitor's open basket, made now if need be."""
    basket = current_basket(request)
    if basket is None:
        basket = Basket.objects.create()
        basket.strategy = MarketStrategy(None)
        request.session[SESSION_KEY] = basket.pk
    return basket


def forget_basket(request: HttpRequest) -> None:
    """Let go of a basket that was sent off."""
    request.session.pop(SESSION_KEY, None)
