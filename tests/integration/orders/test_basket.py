"""The basket: filled from cached pages, quantities as people type them, exact numbers of queries."""

from __future__ import annotations

import html
import re
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.db.models import QuerySet
from django.test import Client
from django.test.utils import CaptureQueriesContext

from base.outbox import drain
from marketplace.basket import lines, views
from marketplace.basket.lines import MOST, CannotAdd, add, set_quantity
from marketplace.basket.models import Basket
from marketplace.basket.views import whole_number
from marketplace.catalogue.models import Product
from marketplace.changes import cooperative_changed
from marketplace.cooperative.models import PickupPoint
from marketplace.partner.models import Partner, StockRecord
from tests.factories.orders import (
    make_basket,
    make_category,
    make_cooperative,
    make_goods,
    make_household,
    make_product,
)
from tests.integration.orders.concurrency import at_once

HERE = {"HTTP_SEC_FETCH_SITE": "same-origin"}


def put(client: Client, product: Product, quantity: str = "1", **extra: Any) -> Any:
    return client.post("/gio/them/", {"product": str(product.pk), "quantity": quantity}, **{**HERE, **extra})


def line_rows() -> QuerySet[Any]:
    """Return all basket lines there are (the model is Oscar's)."""
    return apps.get_model("basket", "Line").objects.all()


def quantities() -> list[int]:
    return list(line_rows().order_by("pk").values_list("quantity", flat=True))


# --- posts from cached pages ------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_goods_are_added_without_a_token_when_the_browser_says_the_page_is_ours() -> None:
    product = make_goods()
    for says in (
        {"HTTP_SEC_FETCH_SITE": "same-origin"},
        {"HTTP_ORIGIN": "http://testserver"},
        {"HTTP_REFERER": "http://testserver/cho/"},
    ):
        client = Client(enforce_csrf_checks=True)
        answer = put(
            client,
            product,
            **{"HTTP_SEC_FETCH_SITE": None, **says} if "HTTP_SEC_FETCH_SITE" not in says else says,
        )
        assert (answer.status_code, answer["Location"]) == (302, "/gio/?cookie=1")
        assert client.get("/gio/so/").json() == {"count": 1}


@pytest.mark.django_db
@pytest.mark.parametrize(
    "says",
    [
        {"HTTP_SEC_FETCH_SITE": "cross-site"},
        {"HTTP_SEC_FETCH_SITE": "same-site"},
        {"HTTP_SEC_FETCH_SITE": "none"},
        {"HTTP_SEC_FETCH_SITE": "cross-site", "HTTP_ORIGIN": "http://testserver"},
        {"HTTP_ORIGIN": "https://evil.example"},
        {"HTTP_ORIGIN": "null"},
        {"HTTP_REFERER": "http://testserver.evil.example/"},
        {},
    ],
)
def test_goods_are_not_added_from_elsewhere(says: dict[str, str]) -> None:
    product = make_goods()
    answer = Client().post("/gio/them/", {"product": str(product.pk), "quantity": "1"}, **says)
    assert answer.status_code == 403
    assert not Basket.objects.exists()
    assert Client().get("/gio/them/").status_code == 405


@pytest.mark.django_db
def test_only_what_is_on_the_market_can_be_added(client: Client) -> None:
    hidden = make_goods()
    Product.objects.update(is_public=False, listing_state="returned")
    stopped = make_goods()
    Partner.objects.filter(pk=stopped.household_id).update(is_active=False)
    for pk in (str(hidden.pk), str(stopped.pk), "0", "", "-1", "9" * 30, "１", "1.0", "x", "1 OR 1=1"):
        assert client.post("/gio/them/", {"product": pk, "quantity": "1"}, **HERE).status_code == 404
    assert not line_rows().exists()


@pytest.mark.django_db
@pytest.mark.parametrize("typed", ["1", "x"])
def test_browser_that_keeps_no_cookies_is_told_why_the_basket_is_empty(client: Client, typed: str) -> None:
    blocked = "Trình duyệt đang chặn cookie"
    product = make_goods()
    assert blocked not in client.get("/gio/").content.decode()  # who has put nothing in has no cookie yet
    client.cookies.clear()
    address = put(client, product, typed)["Location"]
    client.cookies.clear()
    assert blocked in client.get(address).content.decode()

    address = put(client, product, typed)["Location"]
    assert blocked not in client.get(address).content.decode()
    assert put(client, product, typed)["Location"] == "/gio/"


# --- quantities -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("3", 3), (" 3 ", 3), ("３", 3), ("03", 3), ("1.000", 1000), ("1 000", 1000), ("0", 0), ("9999", 9999),
        ("1.5", None), ("1,5", None), ("0.5", None), ("1.00", None), ("1.0000", None), ("12 3", None), (".5", None),
        ("10.000", None), ("-1", None), ("1e9", None), ("", None), (None, None), ("\x00", None), ("3\x00", None),
        ("một", None), ("½", None), ("∞", None), ("9" * 5000, None), ("0x10", None), ("+3", None), ("٣", None),
        ("NaN", None), ("1_000", None), ("3 kg", None),
    ],
)  # fmt: skip
def test_a_quantity_is_read_as_people_write_it_or_not_at_all(typed: str | None, number: int | None) -> None:
    assert whole_number(typed) == number


@pytest.mark.django_db
@pytest.mark.parametrize("typed", ["1.5", "-1", "1e9", "", "0", "x", "10000"])
def test_a_quantity_that_is_none_adds_nothing_and_says_so(client: Client, typed: str) -> None:
    product = make_goods()
    answer = put(client, product, typed)
    assert answer["Location"].startswith(
        "/gio/"
    )  # the page of the goods is kept for all and shows no messages
    assert client.get("/gio/").context["messages"]
    assert not line_rows().exists()
    assert client.get("/gio/so/").json() == {"count": 0}


@pytest.mark.django_db
def test_a_nul_byte_is_refused_with_a_page(client: Client) -> None:
    assert put(client, make_goods(), "1\x00").status_code == 400


@pytest.mark.django_db
def test_the_same_goods_again_add_up_to_what_is_left_and_no_further(client: Client) -> None:
    product = make_goods(left=5)
    for typed in ("2", "2", "2"):
        put(client, product, typed)
    assert quantities() == [4]
    assert "5" in client.get("/gio/").content.decode()


@pytest.mark.django_db
def test_no_more_than_the_most_and_no_more_lines_than_a_phone_can_show(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    product = make_goods(left=50_000)
    basket = make_basket({product: MOST})
    with pytest.raises(CannotAdd):
        add(basket, product, 1)
    monkeypatch.setattr("marketplace.basket.lines.MOST_LINES", 1)
    with pytest.raises(CannotAdd):
        add(basket, make_goods(), 1)
    assert quantities() == [MOST]


@pytest.mark.django_db
def test_quantities_are_changed_and_lines_taken_out_on_the_basket_page(client: Client) -> None:
    beans, honey = make_goods(left=9), make_goods(left=9)
    put(client, beans)
    put(client, honey)
    first, second = line_rows().order_by("pk")

    assert client.post("/gio/sua/", {f"quantity-{first.pk}": "4"})["Location"] == "/gio/"
    assert quantities() == [4, 1]
    assert (
        client.post("/gio/sua/", {f"quantity-{first.pk}": "5", "then": "order"})["Location"] == "/dat-hang/"
    )
    client.post("/gio/sua/", {"remove": str(second.pk), f"quantity-{second.pk}": "7"})
    assert quantities() == [5]
    client.post("/gio/sua/", {f"quantity-{first.pk}": "0"})
    assert quantities() == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("200", "chỉ còn 140"),
        ("1,5", "từ 0 đến 9.999"),
        ("", "từ 0 đến 9.999"),
        ("10000", "từ 0 đến 9.999"),
        ('"><b>', "từ 0 đến 9.999"),
    ],
)
@pytest.mark.parametrize("then", ["", "order"])
def test_quantity_that_cannot_be_taken_is_said_beside_it_and_stays_as_typed(
    client: Client, typed: str, words: str, then: str
) -> None:
    beans, honey = make_goods(left=140), make_goods(left=9, title="Mật ong")
    put(client, beans)
    put(client, honey)
    client.get("/gio/")  # what the session has to say is said
    first, second = line_rows().order_by("pk")
    sent = {f"quantity-{first.pk}": typed, f"quantity-{second.pk}": "4", "then": then}

    answer = client.post("/gio/sua/", sent)

    page = answer.content.decode()
    assert (answer.status_code, quantities()) == (200, [1, 4])
    field = re.search(rf'<input[^>]* name="quantity-{first.pk}"[^>]*>', page)
    assert field is not None
    assert f'value="{html.escape(typed)}"' in field[0]
    assert f'aria-describedby="e{first.pk}"' in field[0]
    error = re.search(rf'<p class="err" id="e{first.pk}">.*?</p>', page)
    assert error is not None
    assert words in error[0]
    assert f'href="#q{first.pk}">Đậu đỏ</a>' in page
    assert 'value="4"' in page
    assert page.count("aria-invalid") == 1
    assert "no-store" in answer["Cache-Control"]
    assert client.get("/gio/sua/")["Location"] == "/gio/"


@pytest.mark.django_db
def test_nobody_changes_the_lines_of_another_basket(client: Client) -> None:
    theirs = make_basket({make_goods(): 3})
    put(client, make_goods())
    line = theirs.lines.get()
    client.post("/gio/sua/", {f"quantity-{line.pk}": "1", "remove": str(line.pk)})
    assert theirs.lines.get().quantity == 3
    mine = Basket.objects.exclude(pk=theirs.pk).get()
    set_quantity(mine, line.pk, 1)
    assert theirs.lines.get().quantity == 3


@pytest.mark.django_db(transaction=True)
def test_taps_at_the_same_time_add_up() -> None:
    product = make_goods(left=50)
    basket = Basket.objects.create()

    def tap() -> None:
        from marketplace.partner.strategy import MarketStrategy

        own = Basket.objects.get(pk=basket.pk)
        own.strategy = MarketStrategy(None)
        add(own, product, 2)

    assert at_once([tap] * 8) == [None] * 8
    assert quantities() == [16]


@pytest.mark.django_db
def test_goods_added_after_the_basket_was_sent_off_go_into_a_new_one(client: Client) -> None:
    product = make_goods()
    put(client, product)
    Basket.objects.update(status=Basket.SUBMITTED)
    put(client, product, "2")
    assert Basket.objects.filter(status=Basket.OPEN).get().lines.get().quantity == 2
    assert client.get("/gio/so/").json() == {"count": 1}


@pytest.mark.django_db
def test_goods_that_cannot_be_had_any_more_are_marked_and_stop_the_order(client: Client) -> None:
    product = make_goods()
    put(client, product)
    assert 'value="order"' in client.get("/gio/").content.decode()
    for change, undo in (
        (lambda: Product.objects.update(is_public=False), lambda: Product.objects.update(is_public=True)),
        (lambda: Partner.objects.update(is_active=False), lambda: Partner.objects.update(is_active=True)),
        (lambda: StockRecord.objects.update(price=None), lambda: StockRecord.objects.update(price=25_000)),
        (
            lambda: StockRecord.objects.update(num_in_stock=0),
            lambda: StockRecord.objects.update(num_in_stock=9),
        ),
    ):
        change()
        page = client.get("/gio/").content.decode()
        assert 'value="order"' not in page
        assert 'class="err"' in page
        undo()
    assert 'value="order"' in client.get("/gio/").content.decode()


@pytest.mark.django_db
def test_count_answers_json_that_nobody_keeps(client: Client) -> None:
    answer = client.get("/gio/so/")
    assert (answer.json(), answer["Content-Type"]) == ({"count": 0}, "application/json")
    assert "no-store" in answer["Cache-Control"]
    assert not answer.cookies


# --- queries ----------------------------------------------------------------------------------------------------------


def queries_of(client: Client, path: str, **extra: Any) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert client.get(path, **extra).status_code == 200
    return len(queries)


@pytest.mark.django_db
def test_the_basket_costs_the_same_queries_for_one_line_and_for_three(client: Client) -> None:
    put(client, make_goods())
    client.get("/gio/")  # what the session has to say is said
    one = queries_of(client, "/gio/")
    for _ in range(2):
        put(client, make_goods())
    client.get("/gio/")
    # session, basket, lines, pickup points (no photos, always open)
    assert (one, queries_of(client, "/gio/")) == (4, 4)


@pytest.mark.django_db
def test_the_market_costs_the_same_queries_for_one_product_and_for_twelve_and_none_from_the_cache(
    client: Client,
) -> None:
    from django.core.cache import caches

    cooperative = make_cooperative(is_always_open=False)
    make_product(make_household(cooperative))
    one = queries_of(client, "/cho/")
    for number in range(11):
        make_product(
            make_household(cooperative if number % 2 else make_cooperative()), category=make_category()
        )
    caches["default"].clear()
    twelve = queries_of(client, "/cho/")
    assert (one, twelve) == (
        4,
        4,
    )  # kinds, cooperatives, windows, goods; one more when there are photos: budget 6
    assert queries_of(client, "/cho/") == 0


@pytest.mark.django_db
def test_other_pages_of_the_market_stay_within_six_queries(client: Client) -> None:
    cooperative = make_cooperative(is_always_open=False)
    product = make_product(make_household(cooperative))
    for path in (
        product.get_absolute_url(),
        product.household.get_absolute_url(),
        cooperative.get_absolute_url(),
    ):
        assert 0 < queries_of(client, path) <= 4, path  # and one or two for photos
        assert queries_of(client, path) == 0, path


# --- limits and what cannot be ordered --------------------------------------------------------------------------------


def messages_after(client: Client) -> str:
    return str(client.get("/gio/").content.decode())


@pytest.mark.django_db
def test_line_beyond_the_limit_of_a_basket_is_not_called_sold_out(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lines, "MOST_LINES", 2)
    monkeypatch.setattr(views, "MOST_LINES", 2)
    household = make_household(make_cooperative())
    for number in range(3):
        put(client, make_product(household, f"Hàng {number}"))

    said = messages_after(client)

    assert "nhiều nhất 2 thứ hàng" in said
    assert "hết hàng" not in said
    assert quantities() == [1, 1]


@pytest.mark.django_db
def test_units_beyond_the_limit_are_not_called_sold_out(client: Client) -> None:
    product = make_goods(left=30_000)
    put(client, product, "9999")
    put(client, product, "1")
    assert "nhiều nhất 9.999 Đậu đỏ" in messages_after(client)
    assert quantities() == [9999]


@pytest.mark.django_db
def test_goods_without_a_place_to_collect_are_said_so_and_taken_out_at_once(client: Client) -> None:
    closed, honey = make_goods(title="Đậu đỏ"), make_goods(title="Mật ong", coop="Hợp tác xã Đăk Tô")
    second = make_product(closed.household, "Gừng")
    for product in (closed, second, honey):
        put(client, product)
    PickupPoint.objects.filter(cooperative=closed.household.cooperative).update(is_active=False)

    page = messages_after(client)
    assert page.count("chưa có điểm nhận hàng") == 1
    assert 'value="order"' not in page
    assert client.get("/dat-hang/")["Location"] == "/gio/"

    client.post("/gio/sua/", {"remove_part": str(closed.household.cooperative_id)})

    page = messages_after(client)
    assert ("Đậu đỏ" in page, "Gừng" in page, "Mật ong" in page) == (False, False, True)
    assert client.get("/dat-hang/").status_code == 200


@pytest.mark.django_db
def test_product_page_says_that_there_is_no_place_to_collect(client: Client) -> None:
    product = make_goods()
    assert 'action="/gio/them/"' in client.get(product.get_absolute_url()).content.decode()
    PickupPoint.objects.update(is_active=False)
    cooperative_changed(product.household.cooperative)
    drain()

    page = client.get(product.get_absolute_url()).content.decode()

    assert "chưa có điểm nhận hàng" in page
    assert 'action="/gio/them/"' not in page


@pytest.mark.django_db
@pytest.mark.parametrize("typed", ["0", "-1", "x", "99999999999999999999", "\u0661"])
def test_taking_out_nothing_changes_nothing(client: Client, typed: str) -> None:
    put(client, make_goods())
    assert client.post("/gio/sua/", {"remove_part": typed}).status_code == 302
    assert quantities() == [1]
