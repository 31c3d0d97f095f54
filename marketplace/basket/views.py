"""The basket: shown by cooperative, filled from cached pages, changed on its own page. Works without scripts."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from decimal import Decimal
from typing import Any, Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from base.access.posts import same_origin_post
from base.shell import formats
from marketplace.basket.lines import (
    MOST,
    MOST_LINES,
    MOST_TOTAL_VND,
    BasketPart,
    CannotAdd,
    TooManyKinds,
    TooManyUnits,
    TooMuchMoney,
    Wrong,
    add,
    parts_of,
    refresh_prices,
    set_quantity,
    take_out,
    units_in,
)
from marketplace.basket.models import Basket
from marketplace.basket.seen import NO_CHANGES, Changes, changed_offers, seen_in_basket
from marketplace.basket.session import current_basket, current_or_new_basket, forget_basket
from marketplace.catalogue.models import Product
from marketplace.order.follow import just_ordered

WHOLE: Final = re.compile(
    r"[0-9]{1,6}|[0-9]{1,3}([. ][0-9]{3})+"
)  # with the thousands apart, as people write here

WITH_COOKIE: Final = "cookie"  # in the address of a basket whose visitor was given one


def whole_number(typed: str | None) -> int | None:
    """Return what was typed as a whole number from 0 to MOST ("3", " 3 ", "３", "1.000"), else None.

    "1.5" is none: whoever wants one and a half must not get fifteen.
    """
    text = unicodedata.normalize("NFKC", typed or "").strip() if len(typed or "") <= 20 else ""
    if not WHOLE.fullmatch(text):
        return None
    number = int(text.replace(".", "").replace(" ", ""))
    return number if number <= MOST else None


def _refusal(product: Product, refused: CannotAdd) -> str:
    if isinstance(refused, TooManyKinds):
        words = _(
            "A basket holds at most %(most)d kinds of goods. Send this order first, then fill a new basket."
        )
        return words % {"most": MOST_LINES}
    if isinstance(refused, TooManyUnits):
        words = _("At most %(most)s of %(name)s in one order. For more, call the cooperative.")
        return words % {"most": formats.number(MOST), "name": product.title}
    if isinstance(refused, TooMuchMoney):
        return too_much_money()
    if refused.left <= 0:
        return _("%(name)s is sold out or no longer for sale.") % {"name": product.title}
    return _("Only %(left)d of %(name)s are left.") % {"left": refused.left, "name": product.title}


def too_much_money() -> str:
    """Return in words how much a purchase may cost at most."""
    words = _(
        "One order may cost at most %(most)s, since it is paid in cash. For more, call the cooperative."
    )
    return words % {"most": formats.vnd(MOST_TOTAL_VND)}


@never_cache
@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """Show the basket."""
    basket = current_basket(request)
    return _page(request, parts_of(basket) if basket else [])


def _page(
    request: HttpRequest, parts: Sequence[BasketPart], *, changed: Changes = NO_CHANGES
) -> HttpResponse:
    total = sum(part.total for part in parts)
    can_order = bool(parts) and not any(line.problem for part in parts for line in part.lines)
    can_order = can_order and all(part.takes_orders for part in parts) and total <= MOST_TOTAL_VND
    context = {
        "nav": "market",
        "parts": parts,
        "total": total,
        "too_much": too_much_money() if total > MOST_TOTAL_VND else "",
        "can_order": can_order,
        "no_cookies": WITH_COOKIE in request.GET and not request.COOKIES,
        "ordered": "" if parts else just_ordered(request),
        "wrong": [line for part in parts for line in part.lines if line.wrong],
        "seen": seen_in_basket(parts),
        "changed": changed,
    }
    return render(request, "market/basket.html", context, status=409 if changed.lines else 200)


@same_origin_post
def add_goods(request: HttpRequest) -> HttpResponse:
    """Put goods into the basket; the form stands in a cached page, so it carries no token."""
    pk = whole_number_of_id(request.POST.get("product"))
    product = get_object_or_404(Product.objects.listed(), pk=pk)
    quantity = whole_number(request.POST.get("quantity"))
    if not quantity:
        messages.error(request, _("Write how many you want, as a whole number from 1 up."))
        return _to_basket(request)  # not to the goods: that page is kept for everybody, shows no message
    try:
        _add(request, product, quantity)
    except CannotAdd as refused:
        messages.error(request, _refusal(product, refused))
    else:
        messages.success(request, _("%(name)s is in the basket.") % {"name": product.title})
    return _to_basket(request)


def _to_basket(request: HttpRequest) -> HttpResponse:
    """Lead to the basket, which says so when the cookie that it has just been given does not come back."""
    address = reverse("basket_pages:show")
    return redirect(address if request.COOKIES else f"{address}?{WITH_COOKIE}=1")


def _add(request: HttpRequest, product: Product, quantity: int) -> None:
    try:
        add(current_or_new_basket(request), product, quantity)
    except Basket.DoesNotExist:  # sent off a moment ago, in another tab
        forget_basket(request)
        add(current_or_new_basket(request), product, quantity)


def whole_number_of_id(typed: str | None) -> int:
    """Return a database id from a form, 0 (which no row has) for anything that is none."""
    return int(typed) if typed and typed.isascii() and typed.isdigit() and len(typed) <= 18 else 0


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest) -> HttpResponse:
    """Set the quantities typed on the basket page, or take one line or all goods of a cooperative out."""
    basket = current_basket(request)
    if basket is None or request.method != "POST":  # a page with wrong numbers, opened anew
        return redirect("basket_pages:show")
    try:
        return _changed(request, basket)
    except Basket.DoesNotExist:  # sent off a moment ago, in another tab
        return redirect("basket_pages:show")


def _changed(request: HttpRequest, basket: Basket) -> HttpResponse:
    cooperative = whole_number_of_id(request.POST.get("remove_part"))
    if cooperative:
        take_out(basket, cooperative)
        return redirect("basket_pages:show")
    removed = whole_number_of_id(request.POST.get("remove"))
    wrong, prices = {}, {}
    for line in basket.lines.select_related("product"):
        prices[line.product_id] = line.price_excl_tax or Decimal(0)
        typed = "0" if line.pk == removed else request.POST.get(f"quantity-{line.pk}")
        if typed is None:
            continue
        words = _set(basket, line, typed)
        if words:
            wrong[line.pk] = Wrong(typed, words)
    refresh_prices(basket)
    parts = parts_of(basket, wrong)
    changed = changed_offers(request.POST.get("seen", ""), parts, prices)
    if wrong or changed.lines:  # the page they come from may have shown yesterday's prices
        return _page(request, parts, changed=changed)
    to_order = request.POST.get("then") == "order"
    return redirect("checkout_pages:start" if to_order else "basket_pages:show")


def _set(basket: Basket, line: Any, typed: str) -> str:
    """Take over how many were typed; returns in words why that cannot be, "" when it was done."""
    quantity = whole_number(typed)
    if quantity is None:
        return _("Write a whole number from 0 to %(most)s.") % {"most": formats.number(MOST)}
    try:
        set_quantity(basket, line.pk, quantity)
    except CannotAdd as refused:
        return _refusal(line.product, refused)
    return ""


@never_cache
@require_safe
def count(request: HttpRequest) -> JsonResponse:
    """Answer how many lines are in the basket, for the little number in the head of cached pages."""
    return JsonResponse({"count": units_in(current_basket(request))})
