"""What a cooperative does with an order: pack, hand over, take the money, cancel (the stock comes back)."""

from __future__ import annotations

from collections import Counter

from django.db import transaction
from django.utils import timezone

from marketplace.changes import stock_moved
from marketplace.order.models import Order, OrderStatus
from marketplace.partner.allocation import consume, release


class NotNow(Exception):
    """The order's state does not allow this step."""


def pack(order: Order) -> Order:
    """Mark the order packed; again changes nothing."""
    return change_status(order, OrderStatus.PACKED)


def hand_over(order: Order) -> Order:
    """Mark the order handed over; its allocated stock is used up."""
    return change_status(order, OrderStatus.HANDED_OVER)


def cancel(order: Order, *, reason: str) -> Order:
    """Cancel the order; its stock is for sale again at once. Raises NotNow after hand-over or payment."""
    return change_status(order, OrderStatus.CANCELLED, reason=reason)


@transaction.atomic
def mark_paid(order: Order) -> Order:
    """Record that the cash was taken; again changes nothing. Raises NotNow for a cancelled order."""
    locked = Order.objects.select_for_update().get(pk=order.pk)
    if locked.status == OrderStatus.CANCELLED:
        raise NotNow("cancelled")
    if locked.paid_at is None:
        locked.paid_at = timezone.now()
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
def change_status(order: Order, new_status: str, *, reason: str = "") -> Order:
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
    locked.set_status(new_status)
    if new_status == OrderStatus.CANCELLED:
        given_back: Counter[int] = Counter()
        for line in lines:
            if line.product_id is not None and line.stockrecord_id is not None:
                given_back[line.product_id] -= line.quantity
        stock_moved(given_back)
    return locked
