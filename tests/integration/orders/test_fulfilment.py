"""What a cooperative does with an order, and what becomes of its stock: back once, used up once, whoever presses."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from oscar.apps.order.exceptions import InvalidOrderStatus
from oscar.apps.payment.exceptions import PaymentError

from base.outbox.models import Entry
from marketplace.order.fulfilment import (
    NotNow,
    cancel,
    change_status,
    hand_over,
    mark_paid,
    mark_unpaid,
    pack,
)
from marketplace.order.models import Order
from marketplace.order.processing import EventHandler
from marketplace.partner.allocation import StockMismatch, consume, release
from marketplace.partner.models import StockRecord
from tests.factories.accounts import UserFactory
from tests.factories.orders import make_goods, make_order, make_purchase, stock_of
from tests.integration.orders.concurrency import at_once

STEPS: dict[str, Callable[[Order], Order]] = {
    "pack": pack,
    "hand over": hand_over,
    "cancel": lambda order: cancel(order, reason="mưa lũ"),
    "pay": mark_paid,
}
PATHS = {"placed": [], "packed": ["pack"], "handed over": ["pack", "hand over"], "cancelled": ["cancel"]}


@pytest.mark.django_db
def test_cancelling_gives_the_stock_back_and_says_why() -> None:
    order, product = make_order(left=10, quantity=6)  # few were left, so the index is told
    assert stock_of(product) == (10, 6)
    Entry.objects.all().delete()

    done = cancel(order, reason="Mưa lũ, xe không lên được")

    assert stock_of(product) == (10, 0)
    assert (done.status, done.cancel_reason) == ("cancelled", "Mưa lũ, xe không lên được")
    line = done.lines.get()
    assert (line.status, line.num_allocated) == ("cancelled", 0)
    assert list(done.status_changes.values_list("old_status", "new_status")) == [("placed", "cancelled")]
    assert set(Entry.objects.values_list("topic", flat=True)) == {"search.index", "pagecache.bump"}


@pytest.mark.django_db
def test_handing_over_uses_the_stock_up() -> None:
    order, product = make_order(left=10, quantity=4)
    pack(order)
    assert stock_of(product) == (10, 4)
    assert hand_over(order).lines.get().num_allocated == 0
    assert stock_of(product) == (6, 0)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("state", "allowed"),
    [
        ("placed", {"pack", "cancel", "pay"}),
        ("packed", {"pack", "hand over", "cancel", "pay"}),
        ("handed over", {"hand over", "pay"}),
        ("cancelled", {"cancel"}),
    ],
)
def test_only_these_steps_are_allowed(state: str, allowed: set[str]) -> None:
    for name, step in STEPS.items():
        order, product = make_order()
        for before in PATHS[state]:
            STEPS[before](order)
        stock = stock_of(product)
        if name in allowed:
            step(order)
            continue
        with pytest.raises(NotNow):
            step(order)
        order.refresh_from_db()
        assert (order.status, order.paid_at, stock_of(product)) == (state.replace(" ", "_"), None, stock)


@pytest.mark.django_db
def test_each_step_done_twice_counts_once() -> None:
    order, product = make_order(left=10, quantity=4)
    for step in (pack, pack, hand_over, hand_over):
        step(order)
    paid = mark_paid(order).paid_at
    assert mark_paid(order).paid_at == paid
    assert stock_of(product) == (6, 0)
    assert order.status_changes.count() == 2

    order, product = make_order(left=10, quantity=4)
    cancel(order, reason="một")
    cancel(order, reason="hai")
    assert stock_of(product) == (10, 0)
    order.refresh_from_db()
    assert order.cancel_reason == "một"


@pytest.mark.django_db
def test_a_paid_order_is_not_cancelled() -> None:
    order, product = make_order(left=10, quantity=4)
    mark_paid(order)
    with pytest.raises(NotNow):
        cancel(order, reason="")
    assert stock_of(product) == (10, 4)


@pytest.mark.django_db
def test_an_order_whose_cash_was_given_back_can_be_cancelled() -> None:
    order, product = make_order(left=10, quantity=4)
    mark_paid(order)
    for _twice in range(2):
        assert mark_unpaid(order).paid_at is None
    cancel(order, reason="bấm nhầm")
    assert stock_of(product) == (10, 0)


@pytest.mark.django_db
def test_an_unknown_status_is_refused() -> None:
    order, _ = make_order()
    with pytest.raises(NotNow):
        change_status(order, "lost")


@pytest.mark.django_db(transaction=True)
def test_managers_who_cancel_at_the_same_time_give_the_stock_back_once() -> None:
    order, product = make_order(left=10, quantity=4)
    make_purchase({product: 5})  # somebody else's units, which a second release would give away

    outcomes = at_once([lambda: cancel(order, reason="mưa lũ")] * 8)

    assert [type(outcome) for outcome in outcomes] == [Order] * 8
    assert stock_of(product) == (10, 5)
    assert order.status_changes.count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_handing_over_and_cancelling_at_the_same_time_one_wins_whole() -> None:
    for _ in range(3):
        order, product = make_order(left=10, quantity=4)
        pack(order)
        outcomes = at_once([lambda: hand_over(order), lambda: cancel(order, reason="")])  # noqa: B023

        assert sorted(type(outcome).__name__ for outcome in outcomes) == ["NotNow", "Order"]
        order.refresh_from_db()
        assert stock_of(product) == {"handed_over": (6, 0), "cancelled": (10, 0)}[order.status]


@pytest.mark.django_db(transaction=True)
def test_of_paying_and_cancelling_at_the_same_time_one_is_refused() -> None:
    for _ in range(3):
        order, _product = make_order()
        outcomes = at_once([lambda: mark_paid(order), lambda: cancel(order, reason="")])  # noqa: B023
        assert sorted(type(outcome).__name__ for outcome in outcomes) == ["NotNow", "Order"]


# --- Oscar's own ways in ----------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_oscars_event_handler_gives_the_stock_back_once() -> None:
    order, product = make_order(left=10, quantity=4)
    handler = EventHandler(UserFactory.create())

    handler.handle_order_status_change(order, "cancelled", note_msg="khách đổi ý")
    handler.cancel_stock_allocations(order)

    assert (order.status, stock_of(product)) == ("cancelled", (10, 0))
    assert order.notes.get().message == "khách đổi ý"


@pytest.mark.django_db
def test_oscars_event_handler_uses_the_stock_up_once() -> None:
    order, product = make_order(left=10, quantity=4)
    handler = EventHandler(UserFactory.create())
    handler.handle_order_status_change(order, "packed")
    handler.handle_order_status_change(order, "handed_over")
    handler.consume_stock_allocations(order)
    assert stock_of(product) == (6, 0)


@pytest.mark.django_db
def test_oscars_dashboard_understands_the_refusal() -> None:
    order, _ = make_order()
    mark_paid(order)
    for exception in (InvalidOrderStatus, PaymentError):
        with pytest.raises(exception):
            EventHandler().handle_order_status_change(order, "cancelled")


# --- stock ------------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize("step", ["cancel", "hand over"])
def test_a_deleted_stock_record_does_not_stop_an_order(step: str) -> None:
    """Trap 5 of Oscar: its line then holds no stock record, and Oscar's own cancel and consume crash."""
    order, product = make_order()
    pack(order)
    order.lines.update(stockrecord=None)  # as the database would: changes.py refuses to delete it otherwise
    StockRecord.objects.filter(product=product).delete()
    assert STEPS[step](order).lines.get().stockrecord is None


@pytest.mark.django_db
def test_what_was_not_allocated_is_neither_released_nor_consumed() -> None:
    product = make_goods(left=3)
    record = StockRecord.objects.get(product=product)
    for change in (release, consume):
        with pytest.raises(StockMismatch):
            change(record.pk, 1)
    assert stock_of(product) == (3, 0)
