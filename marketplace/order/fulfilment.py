"""What a cooperative does with an order: pack, hand over, take the money, cancel (the stock comes back)."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from marketplace.changes import stock_moved
from marketplace.order.models import Order, OrderStatus
from marketplace.partner.allocation import consume, release

if TYPE_CHECKING:
    from base.accounts.models import User


class NotNow(Exception):
    """The order's state does not allow this step."""


def pack(order: Order) -> Order:
    """Mark the order packed; again changes nothing."""
    return change_status(order, OrderStatus.PACKED)


def hand_over(order: Order, *, by: User | None = None) -> Order:
    """Mark the order handed over by ``by``; its allocated stock is used up."""
    return change_status(order, OrderStatus.HANDED_OVER, by=by)


def cancel(order: Order, *, reason: str) -> Order:
    """Cancel the order; its stock is for sale again at once. Raises NotNow after hand-over or payment."""
    return change_status(order, OrderStatus.CANCELLED, reason=reason)


@transaction.atomic
def mark_paid(order: Order, *, at: dt.datetime | None = None) -> Order:
    """Record that the cash was taken, now or at ``at``; again changes nothing. Raises NotNow for a cancelled order."""
    locked = Order.objects.select_for_update().get(pk=order.pk)
    if locked.status == OrderStatus.CANCELLED:
        raise NotNow("cancelled")
    if locked.paid_at is None:
        locked.paid_at = at or timezone.now()
        locked.save(update_fields=["paid_at"])
    return locked


@transaction.atomic
def mark_unpaid(order: Order) -> Order:
    """Record that the cash was given back, or that "paid" was a slip; again changes nothing."""
    locked = Order.objects.select_for_update().get(pk=order.pk)
    if locked.paid_at is not None:
        locked.paid_at = None
        locked.save(update_fields=["paid_at"])
    return locked


@transaction.atomic
def mark_missed(order: Order, *, at: dt.datetime | None = None) -> Order:
    """Record that nobody came to collect, now or at ``at``; again changes nothing. She may still come.

    Raises NotNow once it is handed over or cancelled, and before the collection day ("early").
    """
    locked = Order.objects.select_for_update().get(pk=order.pk)
    if locked.status not in (OrderStatus.PLACED, OrderStatus.PACKED):
        raise NotNow(locked.status)
    at = at or timezone.now()
    if locked.collection_on is not None and timezone.localdate(at) < locked.collection_on:
        raise NotNow("early")
    if locked.missed_at is None:
        locked.missed_at = at
        locked.save(update_fields=["missed_at"])
    return locked


@dataclass(frozen=True, slots=True)
class Pickup:
    """What came of a note from the pickup point: the order as it stands, and what this note changed of it."""

    order: Order
    is_new_hand_over: bool = False
    is_new_cash: bool = False


@transaction.atomic
def note_pickup(
    order: Order, *, is_handed_over: bool, is_paid: bool, by: User, at: dt.datetime | None = None
) -> Pickup:
    """Record that goods, cash or both changed hands at the pickup point. The first note counts: it says who and when.

    An order that nobody noted as packed is packed and handed over in one step: whoever stands at the point has the
    goods in her hands, and a note that comes hours later from a phone without signal must not fail for a forgotten
    tap. Raises NotNow for a cancelled order.
    """
    at = at or timezone.now()
    locked = Order.objects.select_for_update().get(pk=order.pk)
    if locked.status == OrderStatus.CANCELLED:
        raise NotNow("cancelled")
    is_new_hand_over = is_handed_over and locked.status != OrderStatus.HANDED_OVER
    is_new_cash = is_paid and locked.paid_at is None
    if is_new_hand_over:
        pack(locked)
        change_status(locked, OrderStatus.HANDED_OVER, by=by, at=at)
    if is_new_cash:
        mark_paid(locked, at=at)
    found = Order.objects.select_related("handed_over_by", "purchase").get(pk=order.pk)
    return Pickup(found, is_new_hand_over, is_new_cash)


@transaction.atomic
def change_status(
    order: Order,
    new_status: str,
    *,
    reason: str = "",
    by: User | None = None,
    at: dt.datetime | None = None,
) -> Order:
    """Move the order along its pipeline with everything that follows, once. Raises NotNow for a forbidden step.

    Packing, handing over and cancelling by two people at the same time: the row lock lets one go first, the second
    finds the state it wanted (nothing happens) or one that forbids it.
    """
    locked = Order.objects.select_for_update().get(pk=order.pk)
    if locked.status == new_status:
        return locked
    if new_status not in locked.available_statuses():
        raise NotNow(locked.status)
    if new_status == OrderStatus.CANCELLED and locked.paid_at is not None:
        raise NotNow("paid")
    lines = sorted(locked.lines.all(), key=lambda line: line.stockrecord_id or 0)
    move_stock = {OrderStatus.CANCELLED: release, OrderStatus.HANDED_OVER: consume}.get(
        OrderStatus(new_status)
    )
    if move_stock is not None:
        for line in lines:
            if line.stockrecord_id is not None:
                move_stock(line.stockrecord_id, line.quantity)
        locked.lines.update(num_allocated=0)
    locked.cancel_reason = reason
    if new_status == OrderStatus.HANDED_OVER:
        locked.handed_over_at, locked.handed_over_by, locked.missed_at = at or timezone.now(), by, None
    locked.set_status(new_status)
    if new_status == OrderStatus.CANCELLED:
        given_back: Counter[int] = Counter()
        for line in lines:
            if line.product_id is not None and line.stockrecord_id is not None:
                given_back[line.product_id] -= line.quantity
        stock_moved(given_back)
    return locked
