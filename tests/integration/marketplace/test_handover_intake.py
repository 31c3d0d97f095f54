"""Notes from the pickup point by way of a phone without signal, and two phones at the same point at the same time."""

from __future__ import annotations

import datetime as dt
import json
import time
import uuid
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from base.accounts.models import User
from base.intake.authors import author_key
from marketplace.catalogue.models import ListingState
from marketplace.cooperative.models import Cooperative
from marketplace.order import fulfilment
from marketplace.order.models import Order
from marketplace.partner.models import Partner
from tests.factories.accounts import UserFactory
from tests.factories.market import make_good_in, make_manager, make_member
from tests.factories.orders import make_cooperative, make_household, make_purchase, stock_of
from tests.integration.orders.concurrency import at_once

pytestmark = pytest.mark.django_db
DELIVERED = {"is_handed_over": True, "is_paid": True}
MISSED = {"is_missed": True}
HOUR_MS = 3_600_000


class Phone:
    """A phone on which somebody is signed in; ``send`` answers what became of each entry."""

    def __init__(self, user: User | None) -> None:
        self.client, self.author = Client(), ""
        if user:
            self.client.force_login(user)
            self.author = author_key(user)

    def entry(self, order: Order, hours_ago: float = 0, **said: bool) -> dict[str, Any]:
        return {
            "id": str(uuid.uuid4()),
            "kind": "handover",
            "author": self.author,
            "made_at": now_ms() - int(hours_ago * HOUR_MS),
            "after": None,
            "body": {"order": order.number, "is_handed_over": False, "is_paid": False, "is_missed": False}
            | said,
            "files": {},
        }

    def send(self, *entries: dict[str, Any]) -> list[dict[str, Any]]:
        answer = self.client.post(
            "/gui/",
            json.dumps({"sent_at": now_ms(), "entries": entries}),
            content_type="application/json",
            headers={"Sec-Fetch-Site": "same-origin"},
        )
        results: list[dict[str, Any]] = answer.json()["results"]
        return results

    def note(self, order: Order, **said: Any) -> tuple[str, str]:
        """Send one note; return its state and words."""
        [result] = self.send(self.entry(order, **said))
        return result["state"], result["words"]


def now_ms() -> int:
    return int(time.time() * 1000)


def ordered(household: Partner) -> Order:
    product = make_good_in(ListingState.APPROVED, household, left=10)
    order: Order = make_purchase({product: 4}).orders.get()
    Order.objects.filter(pk=order.pk).update(
        collection_on=timezone.localdate(), date_placed=timezone.now() - dt.timedelta(days=2)
    )
    order.refresh_from_db()
    return order


def state_of(order: Order) -> dict[str, Any]:
    return Order.objects.values().get(pk=order.pk)


@pytest.fixture
def order(household: Partner) -> Order:
    return ordered(household)


@pytest.fixture
def dua(may: Cooperative) -> Phone:
    return Phone(make_manager(may, last_name="Vàng", first_name="Dua"))


@pytest.fixture
def thao(may: Cooperative) -> Phone:
    return Phone(make_manager(may, last_name="Sùng", first_name="Thào"))


def test_note_counts_at_the_hour_when_it_was_made(dua: Phone, order: Order) -> None:
    state, words = dua.note(order, hours_ago=5, **DELIVERED)

    order.refresh_from_db()
    assert (state, words) == ("taken", "Đã ghi: giao cho Lò Thị Mai, thu 100.000\u00a0₫.")
    assert order.handed_over_at is not None
    assert order.handed_over_at == order.paid_at
    late = (timezone.now() - order.handed_over_at).total_seconds()
    assert 5 * 3600 <= late < 5 * 3600 + 60
    assert order.handed_over_by is not None
    assert order.handed_over_by.get_full_name() == "Vàng Dua"


def test_the_same_entry_again_changes_nothing_and_is_answered_the_same(dua: Phone, order: Order) -> None:
    entry = dua.entry(order, **DELIVERED)
    [first] = dua.send(entry)
    before = state_of(order)

    [again] = dua.send(entry)

    assert (again["state"], again["again"], again["words"]) == ("taken", True, first["words"])
    assert state_of(order) == before
    assert stock_of(order.lines.get().product) == (6, 0)


def test_second_phone_is_told_who_was_first_and_its_note_stays_on_the_phone(
    dua: Phone, thao: Phone, order: Order
) -> None:
    dua.note(order, hours_ago=2, **DELIVERED)
    before = state_of(order)

    state, words = thao.note(order, hours_ago=3, **DELIVERED)

    assert state == "refused"
    assert "Vàng Dua đã giao đơn này" in words
    assert "trả lại" in words
    assert state_of(order) == before


def test_second_phone_only_adds_the_cash_and_is_told_about_the_goods(
    dua: Phone, thao: Phone, order: Order
) -> None:
    dua.note(order, is_handed_over=True)

    state, words = thao.note(order, **DELIVERED)

    assert state == "taken"
    assert words.startswith("Đã ghi: thu 100.000\u00a0₫ của Lò Thị Mai. Vàng Dua đã giao đơn này lúc")
    assert state_of(order)["paid_at"] is not None


def test_cancelled_meanwhile_closed_meanwhile(
    dua: Phone, thao: Phone, may: Cooperative, order: Order
) -> None:
    fulfilment.cancel(order, reason="Người mua đổi ý.")
    assert dua.note(order, **DELIVERED)[0] == "refused"

    last = ordered(make_household(may))
    Cooperative.objects.filter(pk=may.pk).update(is_active=False)
    assert dua.note(last, **DELIVERED)[0] == "taken"
    state, words = thao.note(last, **DELIVERED)  # its desk is closed by now
    assert (state, "Vàng Dua đã giao đơn này" in words) == ("refused", True)


@pytest.mark.parametrize("first", ["goods", "nobody"])
def test_end_is_the_same_whichever_phone_has_signal_first(
    dua: Phone, thao: Phone, order: Order, first: str
) -> None:
    notes = [(dua, {"hours_ago": 1, **DELIVERED}), (thao, {"hours_ago": 2, **MISSED})]
    for phone, said in notes if first == "goods" else notes[::-1]:
        phone.note(order, **said)

    found = state_of(order)
    assert (found["status"], found["missed_at"], found["paid_at"] is not None) == ("handed_over", None, True)


def test_notes_about_orders_of_others_are_refused_without_saying_whether_they_exist(dua: Phone) -> None:
    theirs = ordered(make_household(make_cooperative("Hợp tác xã Tiếng Chiêng")))
    before = state_of(theirs)
    nothing = Order(number="22222222")

    answers = [dua.note(theirs, **DELIVERED), dua.note(nothing, **DELIVERED)]

    assert answers[0] == answers[1]
    assert answers[0][0] == "refused"
    assert state_of(theirs) == before


def test_who_runs_no_cooperative_cannot_note_anything(order: Order, household: Partner) -> None:
    before = state_of(order)
    states = [
        Phone(person).note(order, **DELIVERED)[0]
        for person in (None, UserFactory.create(), make_member(household))
    ]
    assert states == ["other", "refused", "refused"]
    assert state_of(order) == before


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"order": 5},
        {"order": "A" * 500},
        {"order": None, "is_paid": True},
        {"is_paid": "true"},
        {"is_paid": 1},
        {"by": 1},
        {"is_handed_over": False},
        {"is_missed": True, "is_paid": True},
    ],
)
def test_hostile_bodies_are_refused(dua: Phone, order: Order, body: dict[str, Any]) -> None:
    before, entry = state_of(order), dua.entry(order)
    entry["body"] = ({} if not body or "order" in body else {"order": order.number}) | body

    [result] = dua.send(entry)

    assert result["state"] == "refused"
    assert result["words"]
    assert state_of(order) == before


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("number", range(3))
def test_two_phones_at_once_one_counts_and_the_other_is_told(
    dua: Phone, thao: Phone, order: Order, number: int
) -> None:
    phones = [dua, thao] * 3

    outcomes = at_once([lambda phone=phone: phone.note(order, **DELIVERED) for phone in phones])

    assert sorted(state for state, _words in outcomes) == ["refused"] * 5 + ["taken"]
    assert stock_of(order.lines.get().product) == (6, 0)
    found = state_of(order)
    assert (found["status"], found["handed_over_at"] == found["paid_at"]) == ("handed_over", True)
    assert order.status_changes.count() == 2


@pytest.mark.django_db(transaction=True)
def test_note_and_cancelling_at_once_leave_one_of_them(dua: Phone, household: Partner) -> None:
    for _round in range(3):
        one = ordered(household)

        said, cancelled = at_once(
            [
                lambda one=one: dua.note(one, **DELIVERED)[0],
                lambda one=one: fulfilment.cancel(one, reason="Mưa lũ."),
            ]
        )

        found = state_of(one)
        if said == "taken":
            assert isinstance(cancelled, fulfilment.NotNow)
            assert (found["status"], found["paid_at"] is not None) == ("handed_over", True)
        else:
            assert (said, found["status"], found["paid_at"]) == ("refused", "cancelled", None)
