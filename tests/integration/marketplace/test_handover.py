"""The desk on a pickup day: who comes for what, one press per order, and whatever was noted before is told in words."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from marketplace.catalogue.models import ListingState
from marketplace.cooperative import handover
from marketplace.cooperative.handover import NotNoted, note
from marketplace.cooperative.models import Cooperative, PickupPoint
from marketplace.order import fulfilment
from marketplace.order.models import Order
from marketplace.order.placement import Contact
from marketplace.partner.models import Partner
from tests.factories.accounts import UserFactory
from tests.factories.market import make_good_in, make_manager, make_member
from tests.factories.orders import (
    make_cooperative,
    make_household,
    make_pickup_point,
    make_purchase,
    stock_of,
)

pytestmark = pytest.mark.django_db
DAYS = "/htx/giao/"
HERE = {"Sec-Fetch-Site": "same-origin"}
DELIVERED = {"did": "handed_over_paid"}


def today() -> dt.date:
    return timezone.localdate()


def ordered(household: Partner, name: str = "Lò Thị Mai", day: dt.date | None = None, **state: Any) -> Order:
    """Return an order of this buyer, to be collected on ``day`` (today)."""
    product = make_good_in(ListingState.APPROVED, household, left=10)
    order: Order = make_purchase({product: 4}, contact=Contact(name=name, phone="+84912345678")).orders.get()
    Order.objects.filter(pk=order.pk).update(collection_on=day or today(), **state)
    order.refresh_from_db()
    return order


def page_of(point: PickupPoint | None, day: dt.date | None = None) -> str:
    return reverse("desk:pickup_day", args=[point.pk if point else 0, day or today()])


def press(client: Client, order: Order, did: str) -> Any:
    """Press a button of the order's card and follow to the page that answers."""
    url = reverse("desk:pickup_note", args=[order.pickup_point_id, today()])
    return client.post(url, {"order": order.number, "did": did}, headers=HERE, follow=True)


def told(answer: Any) -> list[tuple[str, str]]:
    return [(one.level_tag, str(one)) for one in answer.context["messages"]]


def text(response: Any) -> str:
    return str(response.content.decode())


def names(response: Any) -> list[str]:
    return [order.purchase.contact_name for order in response.context["page"].items]


# --- what is shown ----------------------------------------------------------------------------------------------------


def test_todays_points_come_first_then_coming_days_then_what_was_left(
    thoan: Client, may: Cooperative, household: Partner
) -> None:
    for days in (-3, -1, 2, 0, 1):
        ordered(household, day=today() + dt.timedelta(days=days))
    Order.objects.filter(collection_on=today() - dt.timedelta(days=3)).update(status="handed_over")
    always_open = ordered(household)
    Order.objects.filter(pk=always_open.pk).update(collection_on=None)

    page = thoan.get(DAYS)

    shown = [((one.day - today()).days, one.waiting) for one in page.context["page"].items]
    assert shown == [(0, 2), (1, 1), (2, 1), (-1, 1)]


def test_orders_of_the_day_stand_packed_first_and_done_ones_last(thoan: Client, household: Partner) -> None:
    now = timezone.now()
    for name, state in (
        ("hủy", {"status": "cancelled"}),
        ("giao", {"status": "handed_over", "handed_over_at": now}),
        ("trễ", {"status": "packed", "missed_at": now}),
        ("chờ", {"status": "placed"}),
        ("đóng", {"status": "packed"}),
        ("Ánh", {"status": "packed"}),
    ):
        order = ordered(household, name, **state)
    ordered(household, "hôm khác", today() + dt.timedelta(days=1))
    elsewhere = ordered(household, "nơi khác")
    assert elsewhere.cooperative is not None
    Order.objects.filter(pk=elsewhere.pk).update(pickup_point=make_pickup_point(elsewhere.cooperative, "Chợ"))

    page = thoan.get(page_of(order.pickup_point))

    shown = names(page)
    assert shown[2:] == ["chờ", "trễ", "giao", "hủy"]
    assert set(shown[:2]) == {"đóng", "Ánh"}
    assert page.context["sums"] == {"waiting": 4, "done": 1, "to_take": 500_000, "taken": 0}


def test_card_says_goods_amounts_and_money(thoan: Client, household: Partner) -> None:
    order = ordered(household, "Trần Văn Minh", status="packed")

    html = text(thoan.get(page_of(order.pickup_point)))

    for words in ("Trần Văn Minh", "<b>4 kg</b> Gừng trâu", "Đã giao, đã thu 100.000\u00a0₫", "Chưa tới lấy"):
        assert words in html
    assert f"{order.number[:4]}-{order.number[4:]}" in html
    assert "csrfmiddlewaretoken" not in html


def test_orders_without_a_day_wait_today_and_leave_the_day_after(thoan: Client, household: Partner) -> None:
    waiting, done, long_done = (ordered(household, name) for name in ("chờ", "nay", "xưa"))
    now = timezone.now()
    Order.objects.update(collection_on=None)
    Order.objects.filter(pk=done.pk).update(status="handed_over", handed_over_at=now)
    Order.objects.filter(pk=long_done.pk).update(
        status="handed_over", handed_over_at=now - dt.timedelta(days=2)
    )

    assert names(thoan.get(page_of(waiting.pickup_point))) == ["chờ", "nay"]
    assert names(thoan.get(page_of(waiting.pickup_point, today() - dt.timedelta(days=1)))) == []


def test_empty_day_says_so(thoan: Client, may: Cooperative) -> None:
    assert "Hôm nay không có đơn nào để giao." in text(thoan.get(DAYS))
    assert "Ngày này không có đơn nào lấy ở đây." in text(thoan.get(page_of(may.pickup_points.get())))


def test_order_is_found_by_code_digits_and_the_address_in_its_qr_code(
    thoan: Client, household: Partner
) -> None:
    order = ordered(household, "Hà", day=today() + dt.timedelta(days=3))
    ordered(household, "Minh")
    Order.objects.filter(purchase__contact_name="Minh").update(number="22222222")
    address = f"https://lang-so.example{order.get_absolute_url()}"

    for typed in (order.number.lower(), order.number[-4:], address, address.rstrip("/")):
        page = thoan.get(page_of(order.pickup_point), {"q": typed})
        assert names(page) == ["Hà"], typed
        assert "hẹn lấy ở nơi khác hoặc ngày khác" in text(page)
    for typed in ("", "22", "Hà", "%", "https://", "https://[", "https://x/", "9" * 400, "<script>"):
        assert thoan.get(page_of(order.pickup_point), {"q": typed}).status_code == 200, typed


# --- what is noted ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("before", ["placed", "packed"])
def test_one_press_hands_over_and_takes_the_cash_also_when_packing_was_not_noted(
    thoan: Client, may: Cooperative, household: Partner, before: str
) -> None:
    order = ordered(household)
    if before == "packed":
        fulfilment.pack(order)

    answer = press(thoan, order, "handed_over_paid")

    order.refresh_from_db()
    assert told(answer) == [("success", "Đã ghi: giao cho Lò Thị Mai, thu 100.000\u00a0₫.")]
    assert (order.status, order.handed_over_by, order.paid_at is not None) == (
        "handed_over",
        may.managers.get(),
        True,
    )
    assert stock_of(order.lines.get().product) == (6, 0)
    assert list(order.status_changes.order_by("pk").values_list("new_status", flat=True)) == [
        "packed",
        "handed_over",
    ]


def test_handed_over_first_and_paid_later(thoan: Client, household: Partner) -> None:
    order = ordered(household)

    assert told(press(thoan, order, "handed_over")) == [
        ("success", "Đã ghi: giao cho Lò Thị Mai, chưa thu 100.000\u00a0₫.")
    ]
    assert told(press(thoan, order, "paid")) == [("success", "Đã ghi: thu 100.000\u00a0₫ của Lò Thị Mai.")]


def test_the_second_is_told_who_was_first_and_when_and_cash_counts_once(
    thoan: Client, may: Cooperative, household: Partner
) -> None:
    order = ordered(household)
    at = timezone.make_aware(dt.datetime.combine(today(), dt.time(9, 12)))
    Order.objects.filter(pk=order.pk).update(date_placed=at - dt.timedelta(days=1))
    order.refresh_from_db()
    other = make_manager(may, last_name="Vàng", first_name="Dua")
    note(order, by=other, is_handed_over=True, is_paid=True, at=at)
    first = Order.objects.values().get(pk=order.pk)

    [(level, words)] = told(press(thoan, order, "handed_over_paid"))

    assert level == "error"
    assert "lúc 9 giờ 12" in words
    assert "Vàng Dua đã giao đơn này" in words
    assert "Nếu bạn vừa thu thêm lần nữa, hãy trả lại." in words
    assert Order.objects.values().get(pk=order.pk) == first


def test_cash_of_the_second_phone_is_kept_and_the_hand_over_told(
    thoan: Client, may: Cooperative, household: Partner
) -> None:
    order = ordered(household)
    note(order, by=make_manager(may, last_name="Vàng", first_name="Dua"), is_handed_over=True)

    answer = press(thoan, order, "handed_over_paid")

    assert [level for level, _words in told(answer)] == ["success", "warning"]
    assert "Vàng Dua đã giao đơn này" in told(answer)[1][1]
    order.refresh_from_db()
    assert order.paid_at is not None


def test_pressed_twice_on_one_phone_is_once(thoan: Client, household: Partner) -> None:
    order = ordered(household)
    press(thoan, order, "handed_over_paid")
    first = Order.objects.values().get(pk=order.pk)

    [(level, words)] = told(press(thoan, order, "handed_over_paid"))

    assert (level, words.split(" lúc ")[0]) == ("error", "Bạn đã ghi đơn này là đã giao")
    assert Order.objects.values().get(pk=order.pk) == first
    assert stock_of(order.lines.get().product) == (6, 0)


def test_order_cancelled_meanwhile_is_told_and_stays_cancelled(thoan: Client, household: Partner) -> None:
    order = ordered(household)
    fulfilment.cancel(order, reason="Người mua đổi ý")

    for did in ("handed_over_paid", "handed_over", "paid", "missed"):
        [(level, words)] = told(press(thoan, order, did))
        assert (level, words.startswith("Đơn này đã hủy: Người mua đổi ý. Hàng")) == ("error", True)
    order.refresh_from_db()
    assert (order.status, order.paid_at, order.missed_at, order.handed_over_at) == (
        "cancelled", None, None, None,
    )  # fmt: skip
    assert stock_of(order.lines.get().product) == (10, 0)


def test_who_did_not_come_may_still_come(thoan: Client, household: Partner) -> None:
    order = ordered(household)

    assert told(press(thoan, order, "missed")) == [("success", "Đã ghi: Lò Thị Mai chưa tới lấy.")]
    order.refresh_from_db()
    assert (order.status, order.missed_at is not None) == ("placed", True)
    press(thoan, order, "handed_over_paid")
    order.refresh_from_db()
    assert (order.status, order.missed_at) == ("handed_over", None)
    assert told(press(thoan, order, "missed"))[0][0] == "error"
    order.refresh_from_db()
    assert order.missed_at is None


def test_nobody_is_late_before_the_day(thoan: Client, household: Partner) -> None:
    order = ordered(household, day=today() + dt.timedelta(days=1))

    assert told(press(thoan, order, "missed"))[0][1].endswith("Chưa ai trễ cả.")
    order.refresh_from_db()
    assert order.missed_at is None


@pytest.mark.parametrize("did", ["", "true", "handed_over_missed", "<b>", "ŏ" * 500])
def test_a_note_that_says_nothing_known_changes_nothing(thoan: Client, household: Partner, did: str) -> None:
    order = ordered(household)
    before = Order.objects.values().get(pk=order.pk)

    assert told(press(thoan, order, did))[0][0] == "error"
    assert Order.objects.values().get(pk=order.pk) == before


def test_time_of_a_late_note_counts_unless_the_clock_says_before_the_order(
    household: Partner, may: Cooperative
) -> None:
    order, manager = ordered(household), make_manager(may)
    Order.objects.filter(pk=order.pk).update(date_placed=timezone.now() - dt.timedelta(days=2))
    order.refresh_from_db()
    then = timezone.now() - dt.timedelta(hours=5)

    note(order, by=manager, is_handed_over=True, at=then)
    now = timezone.now()
    note(order, by=manager, is_paid=True, at=order.date_placed - dt.timedelta(days=300))

    order.refresh_from_db()
    assert order.handed_over_at == then
    assert order.paid_at is not None
    assert order.paid_at >= now


@pytest.mark.parametrize("first", ["hand over", "missed"])
def test_goods_given_and_nobody_came_end_the_same_in_either_order(
    household: Partner, may: Cooperative, first: str
) -> None:
    """Two phones without signal: which note arrives first is chance."""
    order, manager = ordered(household), make_manager(may)

    steps = [{"is_handed_over": True, "is_paid": True}, {"is_missed": True}]
    for said in steps if first == "hand over" else steps[::-1]:
        try:
            note(order, by=manager, **said)
        except NotNoted:
            assert first == "hand over"
    order.refresh_from_db()
    assert (order.status, order.missed_at, order.paid_at is not None) == ("handed_over", None, True)


# --- who may ----------------------------------------------------------------------------------------------------------


def test_points_and_orders_of_another_cooperative_are_not_there(thoan: Client, household: Partner) -> None:
    own = ordered(household)
    theirs = ordered(make_household(make_cooperative("Hợp tác xã Tiếng Chiêng"), "Nhà Y Blưn"), "Y Blưn")
    before = Order.objects.values().get(pk=theirs.pk)

    assert thoan.get(page_of(theirs.pickup_point)).status_code == 404
    assert press(thoan, theirs, "handed_over_paid").status_code == 404
    url = reverse("desk:pickup_note", args=[own.pickup_point_id, today()])
    answer = thoan.post(url, {"order": theirs.number, **DELIVERED}, headers=HERE)
    assert answer.status_code == 404
    assert "Y Blưn" not in text(thoan.get(page_of(own.pickup_point), {"q": theirs.number}))
    assert [one.point.pk for one in thoan.get(DAYS).context["page"].items] == [own.pickup_point_id]
    assert Order.objects.values().get(pk=theirs.pk) == before


def test_member_learner_and_guest_stay_outside(client: Client, household: Partner) -> None:
    order = ordered(household)
    note_url = reverse("desk:pickup_note", args=[order.pickup_point_id, today()])
    for person, status in ((None, 302), (UserFactory.create(), 403), (make_member(household), 403)):
        if person:
            client.force_login(person)
        answers = [client.get(DAYS), client.get(page_of(order.pickup_point))]
        answers.append(client.post(note_url, {"order": order.number, **DELIVERED}, headers=HERE))
        assert [one.status_code for one in answers] == [status] * 3
    order.refresh_from_db()
    assert order.status == "placed"


def test_post_from_elsewhere_is_refused(thoan: Client, household: Partner) -> None:
    order = ordered(household)
    url = reverse("desk:pickup_note", args=[order.pickup_point_id, today()])

    for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://elsewhere.example"}, {}):
        answer = thoan.post(url, {"order": order.number, **DELIVERED}, headers=headers)
        assert answer.status_code == 403, headers
    assert thoan.get(url).status_code == 405
    order.refresh_from_db()
    assert order.status == "placed"


def test_closed_cooperative_hands_over_what_is_open_and_then_its_desk_closes(
    thoan: Client, may: Cooperative, household: Partner
) -> None:
    first, last = ordered(household, "một"), ordered(household, "hai")
    Cooperative.objects.filter(pk=may.pk).update(is_active=False)

    assert press(thoan, first, "handed_over_paid").redirect_chain == [(page_of(first.pickup_point), 302)]
    assert press(thoan, last, "handed_over_paid").redirect_chain[0] == ("/tai-khoan/", 302)
    assert thoan.get(page_of(first.pickup_point)).status_code == 403


@pytest.mark.parametrize(
    "address", ["/htx/giao/9{}/2026-11-24/", "/htx/giao/{}/2026-02-30/", "/htx/giao/{}/2026-1-1/"]
)
def test_addresses_that_cannot_be_are_not_found(thoan: Client, may: Cooperative, address: str) -> None:
    assert thoan.get(address.format(may.pickup_points.get().pk)).status_code == 404
    assert thoan.get(f"/htx/giao/{'9' * 30}/2026-11-24/").status_code == 404


# --- the buyer --------------------------------------------------------------------------------------------------------


def test_buyer_sees_the_qr_code_and_that_she_was_waited_for(household: Partner) -> None:
    order = ordered(household)
    buyer = Client()
    buyer.post("/don/", {"code": order.number, "digits": "5678"})
    waiting = text(buyer.get(order.get_absolute_url()))
    assert 'aria-label="Mã QR của đơn"' in waiting
    assert "chưa tới lấy" not in waiting

    fulfilment.mark_missed(order)
    Cooperative.objects.update(phone="+84212345678")
    missed = text(buyer.get(order.get_absolute_url()))
    assert "là bạn chưa tới lấy" in missed
    assert 'href="tel:+84212345678"' in missed
    assert 'aria-label="Mã QR của đơn"' in missed

    fulfilment.note_pickup(order, is_handed_over=True, is_paid=True, by=UserFactory.create())
    done = text(buyer.get(order.get_absolute_url()))
    assert "là bạn chưa tới lấy" not in done
    assert "Mã QR" not in done


# --- length and cost --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", [1, 3])
def test_pages_cost_the_same_whatever_their_length(
    thoan: Client, household: Partner, number: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for index in range(number):
        order = ordered(household, f"Người {index}")
        press(thoan, ordered(household, f"Xong {index}"), "handed_over_paid")
    thoan.get(DAYS)  # reads the news
    page = page_of(order.pickup_point)
    for url, queries in ((DAYS, 5), (page, 7), (f"{page}?q=5678", 6), (f"{page}?q=khong", 5)):
        with django_assert_num_queries(queries):
            assert thoan.get(url).status_code == 200


def test_long_days_are_paginated(thoan: Client, household: Partner, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("marketplace.cooperative.handover.ORDERS_PER_PAGE", 2)
    orders = [ordered(household, f"Người {index}") for index in range(3)]
    page = page_of(orders[0].pickup_point)

    assert [names(thoan.get(page, {"trang": one})) for one in (1, 2)] == [["Người 0", "Người 1"], ["Người 2"]]


def test_code_in_an_address() -> None:
    assert [handover.code_in(one) for one in ("https://x.vn/en/don/ABCD2345/", "ABCD-2345", "5678")] == [
        "ABCD2345",
        "ABCD-2345",
        "5678",
    ]
