"""The cooperative's desk: approve or return goods, move orders on, and nothing of another cooperative."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from marketplace.catalogue.listing import archive
from marketplace.catalogue.models import ListingState, Product
from marketplace.cooperative.models import Cooperative
from marketplace.order import fulfilment
from marketplace.order.models import Order
from marketplace.order.placement import Contact
from marketplace.partner.models import Partner
from tests.factories.market import make_good_in, make_manager, make_member, make_photo
from tests.factories.orders import make_cooperative, make_household, make_purchase, stock_of

pytestmark = pytest.mark.django_db
HOME, ORDERS = "/htx/", "/htx/don/"


def waiting(household: Partner, title: str = "Gừng trâu", **extra: Any) -> Product:
    return make_good_in(ListingState.SUBMITTED, household, title, cover=make_photo(), **extra)


def ordered(household: Partner, quantity: int = 4, contact: Contact | None = None, **extra: Any) -> Order:
    product = make_good_in(ListingState.APPROVED, household, **extra)
    purchase = make_purchase({product: quantity}, **({"contact": contact} if contact else {}))
    order: Order = purchase.orders.get()
    return order


def review_url(product: Product) -> str:
    return reverse("desk:review", args=[product.key])


def order_url(order: Order) -> str:
    return reverse("desk:order", args=[order.number])


def text(response: Any) -> str:
    return str(response.content.decode())


def titles(response: Any) -> list[str]:
    return [stock.product.title for stock in response.context["page"].items]


# --- approval ---------------------------------------------------------------------------------------------------------


def test_what_waits_is_listed_oldest_first(thoan: Client, household: Partner) -> None:
    now = timezone.now()
    for title, hours in (("Mới", 1), ("Cũ", 9), ("Vừa", 5)):
        waiting(household, title, submitted_at=now - timedelta(hours=hours))
    make_good_in(ListingState.DRAFT, household, "Bản nháp")

    page = thoan.get(HOME)

    assert titles(page) == ["Cũ", "Vừa", "Mới"]
    assert page.context["load"].waiting == 3


def test_approved_goods_are_on_the_market_and_pressing_twice_is_harmless(
    thoan: Client, household: Partner
) -> None:
    product = waiting(household)
    version = thoan.get(review_url(product)).context["version"]

    answers = [thoan.post(review_url(product), {"decision": "approve", "version": version}) for _ in range(2)]

    product.refresh_from_db()
    assert [answer.status_code for answer in answers] == [302, 302]
    assert (product.listing_state, product.is_public) == (ListingState.APPROVED, True)
    assert product.approved_by is not None
    assert "Gừng trâu" in text(Client().get("/cho/"))


def test_goods_changed_meanwhile_are_looked_at_again(thoan: Client, household: Partner) -> None:
    product = waiting(household)
    version = thoan.get(review_url(product)).context["version"]
    product.title = "Ma túy"
    product.save()

    answer = thoan.post(review_url(product), {"decision": "approve", "version": version}, follow=True)

    product.refresh_from_db()
    assert product.listing_state == ListingState.SUBMITTED
    assert answer.redirect_chain == [(review_url(product), 302)]
    assert len(list(answer.context["messages"])) == 1


def test_goods_go_back_with_a_reason_the_household_reads(thoan: Client, household: Partner) -> None:
    product = waiting(household)
    version = thoan.get(review_url(product)).context["version"]
    body = {"decision": "return", "version": version, "reason": "photo", "words": "Chụp gần hơn nhé."}

    assert thoan.post(review_url(product), body).status_code == 302

    product.refresh_from_db()
    assert product.listing_state == ListingState.RETURNED
    member = Client()
    member.force_login(make_member(household))
    assert "Chụp gần hơn nhé." in text(member.get("/ban/"))


def test_a_ready_made_reason_is_in_vietnamese_whatever_language_the_desk_speaks(
    thoan: Client, household: Partner
) -> None:
    product, order = waiting(household), ordered(household)
    review, page = f"/en{review_url(product)}", f"/en{order_url(order)}"
    seen = thoan.get(review)
    assert "The photo is not clear." in text(seen)

    body = {"decision": "return", "version": seen.context["version"], "reason": "photo", "words": "Please."}
    thoan.post(review, body)
    thoan.post(page, {"step": "cancel", "reason": "goods"})

    product.refresh_from_db()
    order.refresh_from_db()
    assert product.return_reason == "Ảnh chưa rõ. Chụp lại ở chỗ sáng nhé. Please."
    assert order.cancel_reason == "Không có hàng để giao."


@pytest.mark.parametrize(
    ("body", "field"),
    [({}, "reason"), ({"reason": "other", "words": " "}, "words"), ({"reason": "<b>"}, "reason")],
)
def test_goods_never_go_back_without_a_reason(
    thoan: Client, household: Partner, body: dict[str, str], field: str
) -> None:
    product = waiting(household)

    answer = thoan.post(review_url(product), {"decision": "return", **body})

    product.refresh_from_db()
    assert set(answer.context["form"].errors) == {field}
    assert product.listing_state == ListingState.SUBMITTED


def test_goods_taken_back_by_the_household_are_told_in_words(thoan: Client, household: Partner) -> None:
    product = waiting(household)
    version = thoan.get(review_url(product)).context["version"]
    archive(product)

    assert thoan.post(review_url(product), {"decision": "approve", "version": version}).status_code == 404
    product.refresh_from_db()
    assert product.listing_state == ListingState.ARCHIVED


def test_drafts_are_the_households_own_affair(thoan: Client, household: Partner) -> None:
    assert thoan.get(review_url(make_good_in(ListingState.DRAFT, household))).status_code == 404


# --- orders -----------------------------------------------------------------------------------------------------------


def test_order_goes_its_way_and_every_step_twice_is_once(thoan: Client, household: Partner) -> None:
    order = ordered(household, left=10)
    product = order.lines.get().product

    for step in ("pack", "pack", "paid", "paid", "hand_over", "hand_over"):
        assert thoan.post(order_url(order), {"step": step}).status_code == 302

    order.refresh_from_db()
    assert (order.status, order.paid_at is not None, stock_of(product)) == ("handed_over", True, (6, 0))


def test_cancelled_order_gives_the_stock_back_and_tells_why(thoan: Client, household: Partner) -> None:
    order = ordered(household, left=10)
    product = order.lines.get().product

    for _press in range(2):
        assert thoan.post(order_url(order), {"step": "cancel", "reason": "buyer"}).status_code == 302

    order.refresh_from_db()
    assert (order.status, stock_of(product)) == ("cancelled", (10, 0))
    assert order.cancel_reason
    assert order.cancel_reason in text(thoan.get(order_url(order)))


def test_order_is_never_cancelled_without_a_reason(thoan: Client, household: Partner) -> None:
    order = ordered(household)

    answer = thoan.post(order_url(order), {"step": "cancel"})

    order.refresh_from_db()
    assert (order.status, set(answer.context["form"].errors)) == ("placed", {"reason"})


@pytest.mark.parametrize(
    ("before", "step"),
    [
        ((), "hand_over"),
        (("cancel",), "pack"),
        (("cancel",), "paid"),
        (("pack", "hand_over"), "cancel"),
        (("paid",), "cancel"),
    ],
)
def test_step_that_does_not_fit_is_told_in_words_and_changes_nothing(
    thoan: Client, household: Partner, before: tuple[str, ...], step: str
) -> None:
    order = ordered(household)
    for done in before:
        thoan.post(order_url(order), {"step": done, "reason": "buyer"})
    thoan.get(order_url(order))  # reads the news
    order.refresh_from_db()

    answer = thoan.post(order_url(order), {"step": step, "reason": "buyer"}, follow=True)

    after = Order.objects.get(pk=order.pk)
    assert [message.level_tag for message in answer.context["messages"]] == ["error"]
    assert (after.status, after.paid_at) == (order.status, order.paid_at)


def test_unknown_step_changes_nothing(thoan: Client, household: Partner) -> None:
    order = ordered(household)

    assert thoan.post(order_url(order), {"step": "explode"}).status_code == 200
    assert Order.objects.get(pk=order.pk).status == "placed"


def test_order_shows_buyer_and_lines_by_household(
    thoan: Client, may: Cooperative, household: Partner
) -> None:
    other = make_household(may, "Nhà Lò Văn Sinh")
    first = make_good_in(ListingState.APPROVED, household, "Gừng")
    second = make_good_in(ListingState.APPROVED, other, "Bắp")
    purchase = make_purchase(
        {first: 2, second: 3}, contact=Contact(name="Trần Văn Minh", phone="+84987654321")
    )

    page = thoan.get(order_url(purchase.orders.get()))

    parts = [(part.name, [line.title for line in part.lines], part.total) for part in page.context["parts"]]
    assert parts == [("Nhà Giàng A Sử", ["Gừng"], 50_000), ("Nhà Lò Văn Sinh", ["Bắp"], 75_000)]
    assert "Trần Văn Minh" in text(page)
    assert "0987\u00a0654\u00a0321" in text(page)


def test_orders_are_filtered_by_state(thoan: Client, household: Partner) -> None:
    placed, packed, paid, gone = (ordered(household) for _ in range(4))
    fulfilment.pack(packed)
    fulfilment.mark_paid(paid)
    fulfilment.cancel(gone, reason="Người mua đổi ý.")

    def found(shown: str) -> set[str]:
        return {order.number for order in thoan.get(ORDERS, {"muc": shown}).context["page"].items}

    assert found("can-dong") == found("xyz") == {placed.number, paid.number}
    assert found("da-dong") == {packed.number}
    assert found("chua-thu") == {placed.number, packed.number}
    assert found("da-huy") == {gone.number}
    assert found("da-giao") == set()


def test_orders_are_found_by_code_and_by_last_digits(thoan: Client, household: Partner) -> None:
    one = ordered(household, contact=Contact(name="Hà", phone="+84987654321"))
    ordered(household, contact=Contact(name="Minh", phone="+84912000111"))
    assert one.purchase is not None
    number, code = one.number, one.purchase.code
    typed = (
        number.lower(),
        f"{number[:4]} - {number[4:]}",
        code,
        number[-4:],
        "4321",
        "0987 654 321",
        "+84987654321",
    )

    for words in typed:
        assert [order.number for order in thoan.get(ORDERS, {"q": words}).context["page"].items] == [
            number
        ], words
    for words in ("21", "Hà", "%", "_" * 8, "9" * 500, "' OR 1=1 --"):
        assert list(thoan.get(ORDERS, {"q": words}).context["page"].items) == [], words


# --- strangers --------------------------------------------------------------------------------------------------------


def test_nothing_of_another_cooperative_can_be_seen_or_touched(thoan: Client) -> None:
    theirs = make_cooperative("Hợp tác xã Tiếng Chiêng")
    stranger = make_household(theirs, "Nhà Y Blưn")
    product, order = waiting(stranger, "Cà phê"), ordered(stranger)

    assert thoan.get(review_url(product)).status_code == 404
    assert thoan.post(review_url(product), {"decision": "approve", "version": ""}).status_code == 404
    assert thoan.get(order_url(order)).status_code == 404
    assert thoan.post(order_url(order), {"step": "pack"}).status_code == 404
    assert thoan.get(ORDERS, {"q": order.number}).context["page"].items == []
    assert thoan.get(HOME, {"htx": theirs.slug}).status_code == 404
    assert "Cà phê" not in text(thoan.get(HOME))
    assert Order.objects.get(pk=order.pk).status == "placed"
    assert Product.objects.get(pk=product.pk).listing_state == ListingState.SUBMITTED


def test_household_member_and_guest_stay_outside(client: Client, household: Partner) -> None:
    order = ordered(household)
    urls = [HOME, ORDERS, order_url(order), review_url(order.lines.get().product)]

    assert [client.get(url).status_code for url in urls] == [302] * 4
    client.force_login(make_member(household))
    assert [client.get(url).status_code for url in urls] == [403] * 4
    assert [client.post(url).status_code for url in urls] == [403] * 4


def test_manager_of_two_cooperatives_chooses(client: Client, may: Cooperative, household: Partner) -> None:
    other = make_cooperative("Hợp tác xã Tiếng Chiêng")
    waiting(household, "Gừng")
    waiting(make_household(other), "Cà phê")
    client.force_login(make_manager(may, other))

    assert titles(client.get(HOME)) == ["Gừng"]
    assert titles(client.get(HOME, {"htx": other.slug})) == ["Cà phê"]


# --- length and cost --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", [1, 3])
def test_pages_cost_the_same_whatever_their_length(
    thoan: Client, household: Partner, number: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for index in range(number):
        product = waiting(household, f"Gừng {index}")
        order = ordered(household, title=f"Bắp {index}")
    goods = [make_good_in(ListingState.APPROVED, household, f"Ngô {index}") for index in range(number)]
    long = make_purchase(dict.fromkeys(goods, 1)).orders.get()
    assert order.lines.count() == 1
    for url, queries in ((HOME, 8), (ORDERS, 4), (review_url(product), 5), (order_url(long), 5)):
        with django_assert_num_queries(queries):
            assert thoan.get(url).status_code == 200


def test_lists_are_paginated(thoan: Client, household: Partner) -> None:
    for index in range(14):
        waiting(household, f"Gừng {index}")
    product = make_good_in(ListingState.APPROVED, household, left=100)
    for _index in range(21):
        make_purchase({product: 1})

    assert [len(thoan.get(HOME, {"trang": page}).context["page"].items) for page in (1, 2)] == [12, 2]
    assert [len(thoan.get(ORDERS, {"trang": page}).context["page"].items) for page in (1, 2)] == [20, 1]


# --- money of a cancelled order ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("was_paid", [False, True])
def test_cancelled_order_never_reads_as_if_money_were_owed(
    thoan: Client, household: Partner, was_paid: bool
) -> None:
    order = ordered(household)
    other = make_purchase({make_good_in(ListingState.APPROVED, household, "Ngô"): 1}).orders.get()
    Order.objects.filter(pk=other.pk).update(purchase=order.purchase, cooperative=make_cooperative("Khác"))
    fulfilment.cancel(order, reason="Người mua đổi ý.")
    if was_paid:  # our steps refuse it; an import or a hand on the database may not
        Order.objects.filter(pk=order.pk).update(paid_at=timezone.now())
    assert order.purchase is not None
    buyer = Client()
    buyer.post("/don/", {"code": order.purchase.code, "digits": "5678"})

    desk, listed = text(thoan.get(order_url(order))), text(thoan.get(ORDERS, {"muc": "da-huy"}))
    followed = buyer.get(order.purchase.get_absolute_url())

    said = "Đã thu, cần trả lại" if was_paid else "Không phải trả tiền"
    assert said in desk
    assert said in listed
    assert "Chưa thu tiền" not in desk
    assert ("hợp tác xã sẽ trả lại" if was_paid else said) in text(followed)
    assert followed.context["total"] == other.total_incl_tax
