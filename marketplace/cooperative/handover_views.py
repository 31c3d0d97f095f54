"""The desk on a pickup day, ``/htx/giao/``: who comes for what, what they pay, and notes of what was handed over."""

from __future__ import annotations

import datetime as dt
from typing import Final

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from base.access.posts import same_origin_post
from marketplace.access import SignedInRequest, cooperatives_of
from marketplace.catalogue.paging import Slice, page_number
from marketplace.cooperative import desk, handover
from marketplace.cooperative.models import PickupPoint
from marketplace.cooperative.packs import pack_id
from marketplace.cooperative.views import to_desk_or_home

DAYS_PER_PAGE: Final = 20
MOST_FOUND: Final = 20
LONGEST_SEARCH: Final = 300  # the address in a QR code


@never_cache
@require_GET
def days(request: SignedInRequest) -> HttpResponse:
    """Choose a day and a point: today's first."""
    cooperatives, today = cooperatives_of(request.user), timezone.localdate()
    number = page_number(request.GET.get("trang"))
    found = handover.pickup_days(cooperatives, today)
    shown = found[(number - 1) * DAYS_PER_PAGE : number * DAYS_PER_PAGE + 1]
    context = {
        "nav": "sell",
        "is_one_of_many": len(cooperatives) > 1,
        "today": today,
        "has_today": any(one.day == today for one in found),
        "page": Slice(shown[:DAYS_PER_PAGE], number, has_next=len(shown) > DAYS_PER_PAGE),
    }
    return render(request, "desk/pickup_days.html", context)


@never_cache
@require_GET
def day(request: SignedInRequest, point: int, day: dt.date) -> HttpResponse:
    """List the orders of one day at one point, or those of its cooperative found by code or last digits."""
    here, today = _point(request, point), timezone.localdate()
    orders = handover.orders_at(here, day, today)
    typed = request.GET.get("q", "").strip()[:LONGEST_SEARCH]
    context = {"nav": "sell", "here": here, "day": day, "today": today, "typed": typed}
    if typed:
        found = desk.matching(desk.orders_of([here.cooperative]), handover.code_in(typed))
        rows = list(handover.with_goods(found).order_by("-date_placed", "-pk")[:MOST_FOUND])
        rows.sort(key=lambda order: (order.pickup_point_id != here.pk, order.collection_on != day))
        return render(request, "desk/pickup_day.html", {**context, "page": Slice(rows, 1, has_next=False)})
    number = page_number(request.GET.get("trang"))
    rows = list(orders[(number - 1) * handover.ORDERS_PER_PAGE : number * handover.ORDERS_PER_PAGE + 1])
    context["page"] = Slice(
        rows[: handover.ORDERS_PER_PAGE], number, has_next=len(rows) > handover.ORDERS_PER_PAGE
    )
    context["sums"] = handover.sums_of(orders)
    context["pack"] = pack_id(here, day) if rows else ""
    return render(request, "desk/pickup_day.html", context)


@same_origin_post
def note(request: SignedInRequest, point: int, day: dt.date) -> HttpResponse:
    """Note what happened with an order: handed over, paid, not collected. What was noted before is told in words.

    The page may be a saved one, so its forms carry no token. An order of another day or point of the cooperative, found
    by its code, is noted here as well.
    """
    here = _point(request, point)
    number = request.POST.get("order", "")
    order = desk.orders_of([here.cooperative]).filter(number=number).first()
    if order is None:
        raise Http404("no such order")
    did = request.POST.get("did", "")
    try:
        noted = handover.note(
            order,
            by=request.user,
            is_handed_over=did in ("handed_over", "handed_over_paid"),
            is_paid=did in ("paid", "handed_over_paid"),
            is_missed=did == "missed",
        )
    except handover.NotNoted as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, noted.words)
        if noted.told:
            messages.warning(request, noted.told)
    return to_desk_or_home(request, order, redirect("desk:pickup_day", here.pk, day))


def _point(request: SignedInRequest, pk: int) -> PickupPoint:
    """Return the pickup point of a cooperative that the person runs. Raises Http404 for any other."""
    own = PickupPoint.objects.filter(cooperative__in=cooperatives_of(request.user))
    found: PickupPoint | None = own.select_related("cooperative").filter(pk=pk).first()
    if found is None:
        raise Http404("no such pickup point")
    return found
