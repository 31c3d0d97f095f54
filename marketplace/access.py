"""Rows of the permission matrix for the market and its two desks, and who is a household's member or a manager.

The two lists below are read once per request and kept on the user: the matrix asks first, then the desk.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.http import HttpRequest

from base.access import roles
from base.access.matrix import Role, Scope, named, register
from marketplace.cooperative.models import Cooperative
from marketplace.partner.models import Partner

if TYPE_CHECKING:
    from base.accounts.models import User


class SignedInRequest(HttpRequest):
    """A request to a desk: the matrix let nobody in who is not signed in. For annotations only."""

    user: User


def households_of(user: User) -> list[Partner]:
    """Return the active households that ``user`` belongs to, by name; one query however often it is asked."""
    kept: list[Partner] | None = getattr(user, "_households", None)
    if kept is None:
        kept = list(Partner.objects.of_member(user).select_related("cooperative").order_by("name", "pk"))
        user._households = kept  # type: ignore[attr-defined]  # lives as long as the request's user
    return kept


def cooperatives_of(user: User) -> list[Cooperative]:
    """Return the active cooperatives whose desk ``user`` runs, by name; one query however often it is asked."""
    kept: list[Cooperative] | None = getattr(user, "_run_cooperatives", None)
    if kept is None:
        kept = list(Cooperative.objects.run_by(user).order_by("name", "pk"))
        user._run_cooperatives = kept  # type: ignore[attr-defined]  # lives as long as the request's user
    return kept


@roles.giving(Role.HOUSEHOLD)
def _role_of_member(user: User) -> Iterable[Role]:
    if households_of(user):
        yield Role.HOUSEHOLD


@roles.giving(Role.MANAGER)
def _role_of_manager(user: User) -> Iterable[Role]:
    if cooperatives_of(user):
        yield Role.MANAGER


PUBLIC = ("market:list", "market:product", "market:household", "market:cooperative")
BASKET = ("basket_pages:show", "basket_pages:add", "basket_pages:change", "basket_pages:count")
GOODS = ("selling:add", "selling:edit", "selling:amount", "selling:put_away", "selling:put_back")

register(
    [
        named("goods on the market", "see", [Role.ANYONE], Scope.ALL, *PUBLIC),
        named("basket", "fill", [Role.ANYONE], Scope.OWN, *BASKET),
        named("purchase", "place", [Role.ANYONE], Scope.OWN, "checkout_pages:start"),
        named("purchase", "follow", [Role.CODE_HOLDER], Scope.BY_CODE, "follow:lookup", "follow:show"),
        # whoever has no household is told there whom to ask
        named("selling desk", "open", [Role.LEARNER], Scope.OWN_HOUSEHOLD, "selling:home"),
        named("goods of a household", "change", [Role.HOUSEHOLD], Scope.OWN_HOUSEHOLD, *GOODS),
        named("lines of orders", "see", [Role.HOUSEHOLD], Scope.OWN_HOUSEHOLD, "selling:lines"),
        named("cooperative's desk", "open", [Role.MANAGER], Scope.OWN_COOPERATIVE, "desk:home"),
        named(
            "goods of a cooperative",
            "approve or return",
            [Role.MANAGER],
            Scope.OWN_COOPERATIVE,
            "desk:review",
        ),
        named(
            "orders of a cooperative",
            "see and move on",
            [Role.MANAGER],
            Scope.OWN_COOPERATIVE,
            "desk:orders",
            "desk:order",
            "desk:pickup_days",
            "desk:pickup_day",
            "desk:pickup_note",
        ),
        named(
            "people of a cooperative's households",
            "let in with a code",
            [Role.MANAGER],
            Scope.OWN_COOPERATIVE,
            "desk:members",
            "desk:member",
        ),
    ]
)
