"""Checkout on one page: name, phone, pickup, cash. Sent twice, it places one purchase."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from decimal import Decimal
from typing import Any, Final

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from base.access.client import client_ip
from base.access.rates import hit, seconds_left
from base.intake.verbs import Conflict, Owner, accept, receipt_of
from base.shell import formats
from base.shell.templatetags.shell import gio, ngay
from marketplace.basket.lines import MOST_TOTAL_VND, BasketLine, BasketPart, parts_of, total_of
from marketplace.basket.models import Basket
from marketplace.basket.seen import NO_CHANGES, changes, seen_in_checkout
from marketplace.basket.session import current_basket, forget_basket
from marketplace.basket.views import too_much_money
from marketplace.checkout import typed
from marketplace.checkout.forms import CheckoutForm
from marketplace.order import placement
from marketplace.order.follow import remember_ordered

KIND: Final = "purchase"
HOUR_S: Final = 3600
DAY_S: Final = 24 * HOUR_S


class TooManyOrders(Exception):
    """The phone has placed as many orders within a day as it may."""


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def start(request: HttpRequest) -> HttpResponse:
    """Show the form, or place the purchase and lead to its page."""
    Owner.of(request)  # made when the form is shown, so that two taps at once have the same owner
    if request.method == "POST" and (repeated := _answer_of_before(request)):
        return repeated
    basket = current_basket(request)
    parts = parts_of(basket) if basket else []
    if basket is None or not parts:
        # sent off a moment ago by the first of two taps?
        return (request.method == "POST" and _answer_of_before(request)) or redirect("basket_pages:show")
    takes_orders = _takes_orders(parts)
    if request.method != "POST":  # the basket says why, before anybody types a name
        takes_orders = takes_orders and not any(line.problem for line in _lines(parts))
    form = CheckoutForm(
        _sent(request), cooperatives=[part.cooperative for part in parts], initial=_known_of(request)
    )
    if not takes_orders:
        return _to_basket(request, form, _cannot_be_ordered())
    seen = request.POST.get("seen", "")
    if request.method == "POST" and form.is_valid():
        if seen != seen_in_checkout(parts):
            return _page(request, form, parts, seen=seen)
        if hit("order:address", client_ip(request), settings.ORDERS_PER_ADDRESS_AN_HOUR, HOUR_S):
            return _place_or_explain(request, form, basket)
        return _too_many_tries(request, form, parts)
    return _page(request, form, parts, seen=seen if request.method == "POST" else None)


def _page(
    request: HttpRequest,
    form: CheckoutForm,
    parts: Sequence[BasketPart],
    *,
    seen: str | None = None,
    status: int = 200,
) -> HttpResponse:
    """Show the form with what will be ordered; and what differs from ``seen``, if the basket is another by now."""
    if request.method == "POST":
        typed.keep(request, form)
    now = seen_in_checkout(parts)
    has_changed = seen is not None and seen != now
    context = {
        "form": form,
        "parts": parts,
        "total": _total(parts),
        "seen": now,
        "has_changed": has_changed,
        "changed": changes(seen or "", parts) if has_changed else NO_CHANGES,
        "nav": "market",
    }
    return render(request, "market/checkout.html", context, status=409 if has_changed else status)


def _lines(parts: Sequence[BasketPart]) -> list[BasketLine]:
    return [line for part in parts for line in part.lines]


def _total(parts: Sequence[BasketPart]) -> Decimal:
    return total_of(one.line for one in _lines(parts))


def _takes_orders(parts: Sequence[BasketPart]) -> bool:
    return all(part.takes_orders for part in parts) and _total(parts) <= MOST_TOTAL_VND


def _cannot_be_ordered() -> str:
    return _("Some of these goods cannot be ordered now. Please look at the basket.")


def _place_or_explain(request: HttpRequest, form: CheckoutForm, basket: Basket) -> HttpResponse:
    try:
        return _place(request, form, basket)
    except placement.BasketChanged:  # between the look above and the placing
        parts = parts_of(basket)
        if not _takes_orders(parts):  # the round has just ended: the day of the next is none to agree to yet
            return _to_basket(request, form, _cannot_be_ordered())
        return _page(request, form, parts, seen=request.POST.get("seen", ""))
    except TooManyOrders:
        return _too_many_orders(request, form, parts_of(basket))
    except placement.EmptyBasket as refusal:  # sent off in another tab: its session must not be written over
        messages.error(request, explain(refusal))
        return redirect("basket_pages:show")
    except placement.CannotPlace as refusal:
        return _to_basket(request, form, explain(refusal))


def _to_basket(request: HttpRequest, form: CheckoutForm, words: str) -> HttpResponse:
    """Lead to the basket, which says why; what was typed is there again when the buyer comes back."""
    if request.method == "POST":
        typed.keep(request, form)
    messages.error(request, words)
    return redirect("basket_pages:show")


def _too_many_tries(request: HttpRequest, form: CheckoutForm, parts: Sequence[BasketPart]) -> HttpResponse:
    wait_s = seconds_left("order:address", client_ip(request))
    words = _("Too many orders were sent from here. Wait until %(hour)s, %(day)s, or call the cooperative.")
    form.add_error(None, words % _moment(wait_s))
    return _later(_page(request, form, parts, status=429), wait_s)


def _too_many_orders(request: HttpRequest, form: CheckoutForm, parts: Sequence[BasketPart]) -> HttpResponse:
    wait_s = seconds_left("order:phone", form.contact().phone)
    words = _("%(most)d orders were sent with this number within a day. Wait until %(hour)s, %(day)s, or call the "
              "cooperative.")  # fmt: skip
    form.add_error("phone", words % {"most": settings.ORDERS_PER_PHONE_A_DAY, **_moment(wait_s)})
    return _later(_page(request, form, parts, status=429), wait_s)


def _moment(in_s: int) -> dict[str, str]:
    """Return hour and day of the first whole minute after so many seconds."""
    moment = timezone.now() + dt.timedelta(seconds=in_s + 59)
    return {"hour": gio(moment), "day": ngay(moment)}


def _later(response: HttpResponse, wait_s: int) -> HttpResponse:
    response["Retry-After"] = str(wait_s)
    return response


def _known_of(request: HttpRequest) -> dict[str, Any]:
    user = request.user
    if not user.is_authenticated:
        return typed.kept(request)
    name = f"{user.last_name} {user.first_name}".strip()
    return {"name": name, "phone": formats.phone(user.phone), **typed.kept(request)}


def _body(request: HttpRequest) -> dict[str, str]:
    return {name: str(value) for name, value in request.POST.items() if name != "csrfmiddlewaretoken"}


def _entry_id(request: HttpRequest) -> uuid.UUID | None:
    try:
        return uuid.UUID(request.POST.get("entry_id", ""))
    except ValueError:
        return None


def _sent(request: HttpRequest) -> QueryDict | None:
    """Return what was sent, with a fresh id where it had none: nobody can mend a hidden field."""
    if request.method != "POST":
        return None
    sent = request.POST.copy()
    sent["entry_id"] = str(_entry_id(request) or uuid.uuid4())
    return sent


def _answer_of_before(request: HttpRequest) -> HttpResponse | None:
    """Return the answer to a form that was already taken in: the same purchase, or 409 if it says something else."""
    entry_id = _entry_id(request)
    if entry_id is None:
        return None
    try:
        receipt = receipt_of(KIND, Owner.of(request), entry_id, _body(request))
    except Conflict as conflict:
        return _sent_before(request, conflict)
    return _lead_to(request, receipt.result) if receipt else None


def _lead_to(request: HttpRequest, code: str) -> HttpResponse:
    remember_ordered(request, code)
    return redirect("follow:show", code)


def _sent_before(request: HttpRequest, conflict: Conflict) -> HttpResponse:
    code = str(conflict)
    remember_ordered(request, code)
    return render(request, "market/sent_before.html", {"code": code}, status=409)


def _place(request: HttpRequest, form: CheckoutForm, basket: Basket) -> HttpResponse:
    user = request.user if request.user.is_authenticated else None

    contact = form.contact()

    def apply() -> str:
        # goods are held back for each order; what is refused is not counted, since all of this is undone then
        if not hit("order:phone", contact.phone, settings.ORDERS_PER_PHONE_A_DAY, DAY_S):
            raise TooManyOrders
        return placement.place_purchase(
            basket=basket,
            contact=contact,
            pickup_points=form.pickup_points(),
            user=user,
            seen=request.POST.get("seen", ""),
        ).code

    try:
        receipt = accept(KIND, Owner.of(request), form.cleaned_data["entry_id"], _body(request), apply)
    except Conflict as conflict:
        return _sent_before(request, conflict)
    forget_basket(request)
    typed.forget(request)
    return _lead_to(request, receipt.result)


def explain(refusal: placement.CannotPlace) -> str:
    """Return in plain words why a purchase could not be placed and what to do."""
    name = {"name": refusal.product.title} if isinstance(refusal, placement.GoodsProblem) else {}
    match refusal:
        case placement.NotEnough(left=0) | placement.OffTheMarket():
            return _("%(name)s has just been sold out. Take it out, then order the rest.") % name
        case placement.NotEnough(left=left):
            return _("Only %(left)d of %(name)s are left. Change how many, then order again.") % {
                **name,
                "left": left,
            }
        case placement.PriceChanged(price=price):
            return _("The price of %(name)s is now %(price)s. Look, then order again.") % {
                **name,
                "price": formats.vnd(price),
            }
        case placement.NotReady():
            words = _(
                "%(name)s is ready on %(day)s only, after the day of collection. Take it out, then order the rest."
            )
            return words % {**name, "day": ngay(refusal.product.ready_from)}
        case placement.WindowClosed():
            return _("The cooperative that sells %(name)s takes no orders now. Your basket stays.") % name
        case placement.TooMuchMoney():
            return too_much_money()
        case placement.NoPickupPoint():
            return _("The place to collect has changed. Please look at the basket, then order again.")
        case _:
            return _("The basket is empty.")
