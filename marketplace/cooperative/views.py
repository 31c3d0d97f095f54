"""The desk of a cooperative, ``/htx/``: approve goods, pack orders, hand them over, take the cash, cancel."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any, Final

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from base.accounts.models import User
from marketplace.access import SignedInRequest, cooperatives_of, households_of
from marketplace.catalogue import listing
from marketplace.catalogue.paging import Slice, page_number
from marketplace.cooperative import desk
from marketplace.cooperative.forms import CancelForm, ReturnForm
from marketplace.cooperative.models import Cooperative
from marketplace.order import fulfilment
from marketplace.order.models import Order, OrderStatus
from marketplace.partner.models import StockRecord

GOODS_PER_PAGE: Final = 12
ORDERS_PER_PAGE: Final = 20
ORDERS_AT_HOME: Final = 5
LONGEST_SEARCH: Final = 40

SHOWN: Final[dict[str, tuple[Any, Q]]] = {
    "can-dong": (gettext_lazy("To pack"), Q(status=OrderStatus.PLACED)),
    "da-dong": (gettext_lazy("Packed"), Q(status=OrderStatus.PACKED)),
    "chua-thu": (gettext_lazy("Not paid yet"), Q(paid_at__isnull=True) & ~Q(status=OrderStatus.CANCELLED)),
    "da-giao": (gettext_lazy("Handed over"), Q(status=OrderStatus.HANDED_OVER)),
    "da-huy": (gettext_lazy("Cancelled"), Q(status=OrderStatus.CANCELLED)),
}


@never_cache
@require_GET
def home(request: SignedInRequest) -> HttpResponse:
    """Show what waits: goods to look at, oldest first, and orders to pack."""
    cooperatives = cooperatives_of(request.user)
    here = _chosen(request, cooperatives)
    number = page_number(request.GET.get("trang"))
    goods = list(desk.waiting_goods(here)[(number - 1) * GOODS_PER_PAGE : number * GOODS_PER_PAGE + 1])
    to_pack = desk.orders_of([here]).filter(status=OrderStatus.PLACED)
    loads = desk.loads(cooperatives)
    context = {
        "nav": "sell",
        "sells": bool(households_of(request.user)),
        "cooperatives": [(cooperative, loads[cooperative.pk]) for cooperative in cooperatives],
        "here": here,
        "load": loads[here.pk],
        "page": Slice(goods[:GOODS_PER_PAGE], number, has_next=len(goods) > GOODS_PER_PAGE),
        "orders": desk.sorted_for_work(to_pack)[:ORDERS_AT_HOME],
    }
    return render(request, "desk/home.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
def review(request: SignedInRequest, key: uuid.UUID) -> HttpResponse:
    """Show goods with everything a manager must look at; approve them or send them back."""
    stock = _reviewed_or_404(request, key)
    decision = request.POST.get("decision")
    form = ReturnForm(request.POST if decision == "return" else None)
    seen = request.POST.get("version") or desk.version_of(stock.product)
    if decision == "approve":
        return _approve(request, stock.product)
    if decision == "return" and form.is_valid():
        try:
            return _send_back(request, stock.product, form.text())
        except desk.Changed:
            messages.warning(
                request, _("This was changed just now. Look at it again; your reason is still there.")
            )
            stock = _reviewed_or_404(request, key)
            seen = desk.version_of(stock.product)
    context = {"nav": "sell", "stock": stock, "product": stock.product, "version": seen, "form": form}
    return render(request, "desk/review.html", context)


def _reviewed_or_404(request: SignedInRequest, key: uuid.UUID) -> StockRecord:
    stock = desk.goods_to_review(cooperatives_of(request.user)).filter(product__key=key).first()
    if stock is None:
        raise Http404("no such goods")
    return stock


def _approve(request: SignedInRequest, product: Any) -> HttpResponse:
    try:
        desk.approve_as_seen(product, seen=request.POST.get("version", ""), by=request.user)
    except desk.Changed:
        messages.warning(request, _("The household has just changed this. Please look at it again."))
        return redirect("desk:review", product.key)
    except listing.NotNow:
        messages.warning(request, _("This no longer waits for approval."))
        return redirect(_home_of(product.household.cooperative))
    messages.success(request, _("%(name)s is on the market.") % {"name": product.title})
    return redirect(_home_of(product.household.cooperative))


def _send_back(request: SignedInRequest, product: Any, reason: str) -> HttpResponse:
    try:
        desk.send_back_as_seen(product, seen=request.POST.get("version", ""), reason=reason)
    except listing.NotNow:
        messages.warning(request, _("The household has taken this back already."))
    else:
        messages.success(request, _("%(name)s went back to the household.") % {"name": product.title})
    return redirect(_home_of(product.household.cooperative))


@never_cache
@require_GET
def orders(request: SignedInRequest) -> HttpResponse:
    """List the orders: by state, or found by code or the last digits of code or phone."""
    cooperatives = cooperatives_of(request.user)
    here = _chosen(request, cooperatives)
    shown = request.GET.get("muc", "")
    shown = shown if shown in SHOWN else "can-dong"
    typed = request.GET.get("q", "").strip()[:LONGEST_SEARCH]
    found = desk.orders_of([here])
    if typed:
        found = desk.matching(found, typed).order_by("-date_placed", "-pk")
    elif shown in ("da-giao", "da-huy"):
        found = found.filter(SHOWN[shown][1]).order_by("-date_placed", "-pk")
    else:
        found = desk.sorted_for_work(found.filter(SHOWN[shown][1]))
    number = page_number(request.GET.get("trang"))
    rows = list(found[(number - 1) * ORDERS_PER_PAGE : number * ORDERS_PER_PAGE + 1])
    context = {
        "nav": "sell",
        "cooperatives": cooperatives,
        "here": here,
        "shown": "" if typed else shown,
        "chips": [(slug, words) for slug, (words, _rule) in SHOWN.items()],
        "typed": typed,
        "page": Slice(rows[:ORDERS_PER_PAGE], number, has_next=len(rows) > ORDERS_PER_PAGE),
    }
    return render(request, "desk/orders.html", context)


STEPS: Final[dict[str, tuple[Callable[[Order, User], Order], Any]]] = {
    "pack": (lambda one, _by: fulfilment.pack(one), gettext_lazy("Noted: packed.")),
    "hand_over": (lambda one, by: fulfilment.hand_over(one, by=by), gettext_lazy("Noted: handed over.")),
    "paid": (lambda one, _by: fulfilment.mark_paid(one), gettext_lazy("Noted: the cash was taken.")),
    "unpaid": (lambda one, _by: fulfilment.mark_unpaid(one), gettext_lazy("Noted: the cash was given back.")),
}


@never_cache
@require_http_methods(["GET", "POST"])
def order(request: SignedInRequest, code: str) -> HttpResponse:
    """Show one order and move it on. A step done twice is done once; one that does not fit now is said in words."""
    found = desk.orders_of(cooperatives_of(request.user)).select_related(
        "cooperative", "pickup_point__commune", "handed_over_by"
    )
    one = found.filter(number=code).first()
    if one is None:
        raise Http404("no such order")
    step = request.POST.get("step", "")
    form = CancelForm(request.POST if step == "cancel" else None)
    if step in STEPS:
        verb, words = STEPS[step]
        return _moved(request, one, lambda: verb(one, request.user), words)
    if step == "cancel" and form.is_valid():
        words = _("Cancelled. The goods are for sale again.")
        return _moved(request, one, lambda: fulfilment.cancel(one, reason=form.text()), words)
    allowed = one.available_statuses()
    context = {
        "nav": "sell",
        "order": one,
        "parts": desk.by_household(one),
        "form": form,
        "can_pack": OrderStatus.PACKED in allowed,
        "can_hand_over": OrderStatus.HANDED_OVER in allowed,
        "can_be_paid": one.paid_at is None and one.status != OrderStatus.CANCELLED,
        "can_cancel": OrderStatus.CANCELLED in allowed and one.paid_at is None,
    }
    return render(request, "desk/order.html", context)


def _moved(request: SignedInRequest, one: Order, move: Callable[[], Order], words: Any) -> HttpResponse:
    try:
        move()
    except fulfilment.NotNow as refusal:
        messages.error(request, _why_not(str(refusal)))
    else:
        messages.success(request, words)
    return to_desk_or_home(request, one, redirect("desk:order", one.number))


def to_desk_or_home(request: SignedInRequest, one: Order, desk_page: HttpResponse) -> HttpResponse:
    """Return ``desk_page``, or the way home with a word when that was the last work of a closed cooperative."""
    if not any(own.pk == one.cooperative_id for own in Cooperative.objects.run_by(request.user)):
        messages.info(
            request, _("That was the last open order of a closed cooperative. Its desk is closed now.")
        )
        return redirect("accounts:home")
    return desk_page


def _why_not(state: str) -> str:
    """Return in words why a step does not fit an order in ``state``."""
    return {
        "placed": _("This order is not packed yet. Pack it first."),
        "packed": _("This order is packed already."),
        "handed_over": _("This order was handed over already. It cannot be changed any more."),
        "cancelled": _("This order was cancelled already."),
        "paid": _(
            "The cash for this order was taken. Give it back and note that here, then cancel the order."
        ),
    }.get(state, _("This cannot be done now. Please look at the order again."))


def _chosen(request: SignedInRequest, cooperatives: list[Cooperative]) -> Cooperative:
    """Return the cooperative of ``?htx=``, else the first. Raises Http404 for one that the person does not run."""
    asked = request.GET.get("htx", "")
    for cooperative in cooperatives:
        if asked in ("", cooperative.slug):
            return cooperative
    raise Http404("no such cooperative")


def _home_of(cooperative: Cooperative) -> str:
    return f"{reverse('desk:home')}?htx={cooperative.slug}"
