"""Follow a purchase without an account: by its code and the last four digits of the buyer's phone."""

from __future__ import annotations

import time
from typing import Final

from django.http import HttpRequest
from django.utils.crypto import constant_time_compare

from base.codes import clean_code
from marketplace.order.models import Order, Purchase

SESSION_KEY: Final = "followed"
MOST: Final = 30
ORDERED_KEY: Final = "ordered"
JUST_S: Final = 24 * 3600  # after that an empty basket says no more: the phone may be somebody else's


def remember(request: HttpRequest, code: str) -> None:
    """Let this session see the purchase or order with ``code`` from now on (the latest 30 are kept)."""
    known = [one for one in request.session.get(SESSION_KEY, []) if one != code]
    request.session[SESSION_KEY] = [*known, code][-MOST:]


def remember_ordered(request: HttpRequest, code: str) -> None:
    """Let this session see the purchase that it has just placed, and its empty basket lead there."""
    remember(request, code)
    request.session[ORDERED_KEY] = [code, int(time.time())]


def just_ordered(request: HttpRequest) -> str:
    """Return the code of what this session ordered last, "" when that was more than a day ago or never."""
    code, placed_at = request.session.get(ORDERED_KEY, ("", 0))
    return code if time.time() - placed_at < JUST_S else ""


def find(code: str) -> tuple[Purchase | None, list[Order]]:
    """Return (purchase, its orders) for a purchase's code or for one order's; (None, []) if there is none."""
    orders = (
        Order.objects.select_related("purchase", "cooperative", "pickup_point__commune__province")
        .prefetch_related("lines")
        .order_by("pk")
    )
    purchase = Purchase.objects.filter(code=code).first()
    single = orders.filter(number=code).first()
    if purchase is not None:
        return purchase, list(orders.filter(purchase=purchase))
    if single is not None and single.purchase is not None:
        return single.purchase, [single]
    return None, []


def may_see(request: HttpRequest, code: str, purchase: Purchase) -> bool:
    """Return whether this visitor proved to be the buyer: placed it here, gave the digits, or is signed in as them."""
    if code in request.session.get(SESSION_KEY, []) or purchase.code in request.session.get(SESSION_KEY, []):
        return True
    return request.user.is_authenticated and purchase.user_id == request.user.pk


def matching(typed_code: str, last_digits: str) -> str | None:
    """Return the code if it exists and its phone ends in ``last_digits``, else None (never saying which was wrong).

    The same two queries whatever the code is, so that the time tells nothing either.
    """
    code = clean_code(typed_code)
    of_purchase = Purchase.objects.filter(code=code or "").values_list("contact_phone", flat=True).first()
    of_order = (
        Order.objects.filter(number=code or "").values_list("purchase__contact_phone", flat=True).first()
    )
    phone = of_purchase or of_order or "none"
    return code if constant_time_compare(phone[-4:], last_digits) else None
