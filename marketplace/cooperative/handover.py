"""Pickup days: whose orders are handed over at a point on a day, and what becomes of a note from there, in words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from django.db.models import Case, Count, IntegerField, Q, QuerySet, Sum, Value, When
from django.utils import timezone
from django.utils.translation import gettext as _

from base.shell.formats import vnd
from base.shell.templatetags.shell import gio, ngay
from marketplace.cooperative.models import Cooperative, PickupPoint
from marketplace.order import fulfilment
from marketplace.order.models import Order, OrderStatus

if TYPE_CHECKING:
    from base.accounts.models import User

ORDERS_PER_PAGE: Final = 100  # one day at one point is one page to save, but for the largest
OPEN: Final = (OrderStatus.PLACED, OrderStatus.PACKED)
_WAITS: Final = Q(status__in=OPEN)


@dataclass(frozen=True, slots=True)
class PickupDay:
    """A point on a day with orders: how many wait to be handed over, how many are done."""

    point: PickupPoint
    day: dt.date
    waiting: int
    done: int


def pickup_days(cooperatives: Sequence[Cooperative], today: dt.date) -> list[PickupDay]:
    """Return today's points first, then the coming days, then days gone by with orders left; two queries.

    Orders without a day (their cooperative is always open) wait today.
    """
    rows = (
        Order.objects.packed_by(cooperatives)
        .filter(_WAITS | Q(collection_on=today), pickup_point__isnull=False)
        .order_by()
        .values_list("pickup_point", "collection_on")
        .annotate(waiting=Count("pk", filter=_WAITS), done=Count("pk", filter=Q(status="handed_over")))
    )
    counts: dict[tuple[int, dt.date], tuple[int, int]] = {}
    for point, day, waiting, done in rows:
        before = counts.get((point, day or today), (0, 0))
        counts[point, day or today] = (before[0] + waiting, before[1] + done)
    points = PickupPoint.objects.select_related("cooperative").in_bulk({point for point, _day in counts})
    found = [PickupDay(points[point], day, *count) for (point, day), count in counts.items() if any(count)]
    return sorted(
        found,
        key=lambda one: (
            one.day != today, one.day < today, abs((one.day - today).days), one.point.name, one.point.pk,
        ),
    )  # fmt: skip


def orders_at(point: PickupPoint, day: dt.date, today: dt.date) -> QuerySet[Any]:
    """Return the orders of this point and day: packed, to pack, not collected, handed over, cancelled; then by name.

    Today's hold those without a day, too: what waits, and what was handed over today.
    """
    rule = Q(collection_on=day)
    if day == today:
        midnight = timezone.make_aware(dt.datetime.combine(today, dt.time.min))
        rule |= Q(collection_on=None) & (_WAITS | Q(handed_over_at__gte=midnight))
    place = Case(
        When(status=OrderStatus.CANCELLED, then=Value(4)),
        When(status=OrderStatus.HANDED_OVER, then=Value(3)),
        When(missed_at__isnull=False, then=Value(2)),
        When(status=OrderStatus.PACKED, then=Value(0)),
        default=Value(1),
        output_field=IntegerField(),
    )
    return with_goods(
        Order.objects.filter(rule, pickup_point=point)
        .annotate(place=place)
        .order_by("place", "purchase__contact_name", "pk")
    )


def with_goods(orders: QuerySet[Any]) -> QuerySet[Any]:
    """Return the orders with all that a card of one shows; two queries."""
    return orders.select_related("purchase", "pickup_point", "handed_over_by").prefetch_related("lines")


def pages_of(point: PickupPoint, day: dt.date) -> int:
    """Return how many pages the day's list has."""
    return max(1, -(-orders_at(point, day, timezone.localdate()).count() // ORDERS_PER_PAGE))


def code_in(typed: str) -> str:
    """Return the code in the address of an order, as its QR code holds it; anything else as it is."""
    if "://" not in typed:
        return typed
    return typed.partition("?")[0].partition("#")[0].rstrip("/").rpartition("/")[2]


def sums_of(orders: QuerySet[Any]) -> dict[str, Any]:
    """Return how many orders wait and are done, and the money to take and taken, in đồng; one query."""
    money, is_paid = "total_incl_tax", Q(paid_at__isnull=False)
    sums = orders.order_by().aggregate(
        waiting=Count("pk", filter=_WAITS),
        done=Count("pk", filter=Q(status=OrderStatus.HANDED_OVER)),
        to_take=Sum(money, filter=~Q(status=OrderStatus.CANCELLED) & ~is_paid),
        taken=Sum(money, filter=~Q(status=OrderStatus.CANCELLED) & is_paid),
    )
    return {name: value or 0 for name, value in sums.items()}


class NotNoted(Exception):
    """The note changed nothing, because something else was noted before; its argument tells whoever sent it."""


@dataclass(frozen=True, slots=True)
class Noted:
    """The note counts. ``told`` is what was noted before and she must know of, "" when there is nothing."""

    words: str
    told: str = ""


def note(
    order: Order,
    *,
    by: User,
    is_handed_over: bool = False,
    is_paid: bool = False,
    is_missed: bool = False,
    at: dt.datetime | None = None,
) -> Noted:
    """Record what happened with an order at the pickup point at ``at``; before there was the order: now.

    The first note counts; a second one about the same thing is told who was first and when. Raises NotNoted.
    """
    if at is not None and at < order.date_placed:  # the clock of the phone was put back, or on, in between
        at = None
    if is_missed == (is_handed_over or is_paid):
        raise NotNoted(_("Say what happened: handed over, paid, or not collected."))
    try:
        if is_missed:
            fulfilment.mark_missed(order, at=at)
            return Noted(_("Noted: %(name)s did not come.") % {"name": _buyer(order)})
        pickup = fulfilment.note_pickup(order, is_handed_over=is_handed_over, is_paid=is_paid, by=by, at=at)
    except fulfilment.NotNow as refusal:
        raise NotNoted(_why_not(order, str(refusal), by)) from refusal
    told = []
    if is_handed_over and not pickup.is_new_hand_over:
        told.append(_handed_over(pickup.order, by))
    if is_paid and not pickup.is_new_cash:
        told.append(_paid_before(pickup.order))
    if not (pickup.is_new_hand_over or pickup.is_new_cash):
        raise NotNoted(" ".join(told))
    return Noted(_done(pickup), " ".join(told))


def _done(pickup: fulfilment.Pickup) -> str:
    about = {"name": _buyer(pickup.order), "money": vnd(pickup.order.total_incl_tax)}
    if not pickup.is_new_hand_over:
        return _("Noted: took %(money)s from %(name)s.") % about
    if pickup.is_new_cash:
        return _("Noted: handed over to %(name)s, took %(money)s.") % about
    if pickup.order.paid_at is None:
        return _("Noted: handed over to %(name)s, %(money)s not paid yet.") % about
    return _("Noted: handed over to %(name)s.") % about


def _why_not(order: Order, state: str, by: User) -> str:
    now = Order.objects.select_related("handed_over_by", "purchase").get(pk=order.pk)
    if state == "handed_over":
        return _handed_over(now, by)
    if state == "early" and now.collection_on:
        return _("The collection day is %(day)s. Nobody is late yet.") % {"day": ngay(now.collection_on)}
    words = _(
        "This order was cancelled: %(reason)s Its goods are for sale again. If goods or cash changed hands, settle it "
        "with the buyer and tell the others at the cooperative."
    )
    return words % {"reason": _sentence(now.cancel_reason)}


def _handed_over(order: Order, by: User) -> str:
    """Return who handed the order over and when; older orders do not know."""
    if order.handed_over_at is None:
        return _("This order was handed over already.")
    about = {"time": gio(order.handed_over_at), "day": ngay(order.handed_over_at)}
    if order.handed_over_by is None:
        return _("This order was handed over at %(time)s, %(day)s.") % about
    if order.handed_over_by == by:
        return _("You noted this order as handed over at %(time)s, %(day)s.") % about
    words = _("This order was handed over at %(time)s, %(day)s, by %(name)s.")
    return words % {**about, "name": order.handed_over_by.get_full_name()}


def _paid_before(order: Order) -> str:
    words = _("Its cash was noted at %(time)s, %(day)s. If you took it a second time, give it back.")
    return words % {"time": gio(order.paid_at), "day": ngay(order.paid_at)}


def _sentence(text: str) -> str:
    text = text.strip() or "…"
    return text if text[-1] in ".!?…" else f"{text}."


def _buyer(order: Order) -> str:
    return order.purchase.contact_name if order.purchase else order.number
