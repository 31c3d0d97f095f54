"""Who is a household or a manager, and rows of the permission matrix for the market, selling and the desk."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from base.access import roles
from base.access.matrix import Role, Scope, named, register

if TYPE_CHECKING:
    from base.accounts.models import User


@roles.register
def roles_at_the_market(user: User) -> Iterable[Role]:
    """Yield what a person is at the market; two small queries."""
    from marketplace.cooperative.models import CooperativeMembership
    from marketplace.partner.models import Partner

    if Partner.objects.filter(users=user.pk).exists():
        yield Role.HOUSEHOLD
    if CooperativeMembership.objects.filter(user=user.pk).exists():
        yield Role.MANAGER


register(
    [
        named("goods", "see", [Role.ANYONE], Scope.ALL, "market:list", "market:product"),
        named("seller", "see", [Role.ANYONE], Scope.ALL, "market:household", "market:cooperative"),
        named("basket", "see and fill", [Role.ANYONE], Scope.OWN,
              "basket_pages:show", "basket_pages:add", "basket_pages:change", "basket_pages:count"),
        named("purchase", "place", [Role.ANYONE], Scope.OWN, "checkout_pages:start"),
        named("purchase", "find", [Role.ANYONE], Scope.BY_CODE, "follow:lookup"),
        named("purchase", "follow", [Role.CODE_HOLDER], Scope.BY_CODE, "follow:show"),
        named("goods", "list", [Role.HOUSEHOLD], Scope.OWN_HOUSEHOLD, "selling:home", "selling:add", "selling:edit"),
        named("ordered lines", "see", [Role.HOUSEHOLD], Scope.OWN_HOUSEHOLD, "selling:lines"),
        named("goods", "review", [Role.MANAGER], Scope.OWN_COOPERATIVE, "desk:home", "desk:review"),
        named("order", "pack and hand over", [Role.MANAGER], Scope.OWN_COOPERATIVE, "desk:orders", "desk:order"),
    ]
)  # fmt: skip
