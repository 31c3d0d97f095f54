"""Placing a purchase: sent twice it is placed once; what changed in the meantime is said, and nothing is placed."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from base.accounts.models import SentMessage
from base.outbox import drain
from base.outbox.models import Entry
from marketplace.basket.models import Basket
from marketplace.catalogue.models import ListingState, Product
from marketplace.cooperative.models import Cooperative, OrderWindow
from marketplace.order.models import Order, Purchase
from marketplace.partner.models import Partner, StockRecord
from tests.factories.accounts import UserFactory
from tests.factories.orders import (
    make_basket,
    make_cooperative,
    make_goods,
    make_household,
    make_pickup_point,
    make_product,
    stock_of,
)
from tests.integration.orders.browser import Browser, fields_of
from tests.integration.orders.concurrency import at_once

URL = "/dat-hang/"


def with_basket(client: Client, goods: dict[Product, int]) -> Basket:
    """Put the goods into the basket of the client's session."""
    basket = make_basket(goods)
    session = client.session
    session["basket"] = basket.pk
    session.save()
    return basket


def form_of(client: Client, **typed: str) -> dict[str, str]:
    page = client.get(URL)
    assert page.status_code == 200
    return {
        **fields_of(page.content.decode()),
        "name": "Lò Thị Mai",
        "phone": "0912 345 678",
        "note": "",
        **typed,
    }


def nothing_placed() -> bool:
    return (
        not Purchase.objects.exists()
        and not Order.objects.exists()
        and not Entry.objects.filter(topic="sms").exists()
    )


def said(client: Client) -> str:
    return client.get("/gio/").content.decode()


@pytest.mark.django_db
def test_a_purchase_over_two_cooperatives_becomes_an_order_for_each(client: Client) -> None:
    beans, honey = make_goods(title="Đậu đỏ", price=25_000), make_goods(title="Mật ong", price=180_000)
    basket = with_basket(client, {beans: 2, honey: 1})

    answer = client.post(URL, form_of(client, note="Gọi sau 17 giờ"))

    purchase = Purchase.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, f"/don/{purchase.code}/")
    assert (purchase.contact_name, purchase.contact_phone, purchase.note, purchase.user) == (
        "Lò Thị Mai",
        "+84912345678",
        "Gọi sau 17 giờ",
        None,
    )
    placed = purchase.orders.order_by("pk")
    assert [(o.cooperative, o.total_incl_tax, o.status, o.pickup_point.cooperative) for o in placed] == [
        (p.household.cooperative, total, "placed", p.household.cooperative)
        for p, total in ((beans, 50_000), (honey, 180_000))
    ]
    assert (stock_of(beans), stock_of(honey)) == ((10, 2), (10, 1))
    basket.refresh_from_db()
    assert basket.status == Basket.SUBMITTED
    assert client.get("/gio/so/").json() == {"count": 0}
    page = client.get(f"/don/{purchase.code}/").content.decode()
    assert "Lò Thị Mai" in page
    assert "Gọi sau 17 giờ" in page


@pytest.mark.django_db
def test_the_buyer_gets_one_message_with_code_and_link(client: Client) -> None:
    with_basket(client, {make_goods(): 1})
    client.post(URL, form_of(client))
    drain()
    message = SentMessage.objects.get()
    assert message.to == "+84912345678"
    assert Purchase.objects.get().code in message.body
    assert not Entry.objects.exists()


@pytest.mark.django_db
def test_a_failing_index_mail_or_cache_never_blocks_an_order(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    from base.outbox import handlers

    def fail(entries: Any) -> None:
        raise ConnectionError("away")

    broken = {topic: handlers.Handler(topic, fail, 10) for topic in handlers._handlers}
    monkeypatch.setattr(handlers, "_handlers", broken)
    with_basket(client, {make_goods(left=10): 6})

    assert client.post(URL, form_of(client))["Location"].startswith("/don/")
    assert drain() == 0
    assert {"sms", "search.index", "pagecache.bump"} == set(Entry.objects.values_list("topic", flat=True))
    assert Purchase.objects.count() == 1


# --- twice ------------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_the_same_form_sent_again_places_nothing_more_and_leads_to_the_same_page(client: Client) -> None:
    product = make_goods()
    with_basket(client, {product: 2})
    form = form_of(client)
    first, second = client.post(URL, form), client.post(URL, form)
    with_basket(client, {product: 1})  # and again when something new is in the basket
    third = client.post(URL, form)

    assert first["Location"] == second["Location"] == third["Location"]
    assert (Purchase.objects.count(), stock_of(product)) == (1, (10, 2))


@pytest.mark.django_db
def test_another_text_with_the_id_of_a_form_already_sent_is_a_conflict(client: Client) -> None:
    product = make_goods()
    with_basket(client, {product: 2})
    form = form_of(client)
    client.post(URL, form)
    with_basket(client, {product: 1})

    answer = client.post(URL, {**form, "note": "thêm một chút"})

    assert answer.status_code == 409
    assert Purchase.objects.get().code in answer.content.decode()
    assert (Purchase.objects.count(), stock_of(product)) == (1, (10, 2))


@pytest.mark.django_db
def test_the_id_of_somebody_elses_form_is_ones_own_form(client: Client) -> None:
    product = make_goods()
    with_basket(client, {product: 2})
    form = form_of(client)
    client.post(URL, form)

    stranger = Client()
    with_basket(stranger, {product: 1})
    answer = stranger.post(URL, {**form_of(stranger), "entry_id": form["entry_id"]})

    codes = list(Purchase.objects.order_by("pk").values_list("code", flat=True))
    assert len(codes) == 2
    assert answer["Location"] == f"/don/{codes[1]}/"


@pytest.mark.django_db(transaction=True)
def test_the_same_form_sent_by_six_taps_at_once_places_one_purchase_and_shows_it(live_server: Any) -> None:
    product = make_goods()
    browser = Browser(live_server.url)
    browser.put_in_basket(product, 2)
    form = browser.checkout_form()

    answers = at_once([lambda: browser.send(form)] * 6)

    code = Purchase.objects.get().code
    assert [answer.location for answer in answers] == [f"/don/{code}/"] * 6
    assert (Order.objects.count(), stock_of(product)) == (1, (10, 2))
    assert code[:4] in browser.ask(f"/don/{code}/").text
    assert browser.ask("/gio/so/").text == '{"count": 0}'


@pytest.mark.django_db(transaction=True)
def test_two_devices_with_one_basket_at_once_place_one_purchase(live_server: Any) -> None:
    """Two forms of one session (two tabs) have two ids: the basket itself is sent off once."""
    product = make_goods()
    browser = Browser(live_server.url)
    browser.put_in_basket(product, 2)
    forms = [browser.checkout_form() for _ in range(4)]
    assert len({form["entry_id"] for form in forms}) == 4

    answers = at_once([lambda form=form: browser.send(form) for form in forms])

    assert sorted(answer.section for answer in answers) == ["/don/", "/gio/", "/gio/", "/gio/"]
    assert (Purchase.objects.count(), stock_of(product)) == (1, (10, 2))


@pytest.mark.django_db
def test_second_tab_or_back_button_after_ordering_finds_the_order(
    client: Client, later: Callable[[float], None]
) -> None:
    def leads(browser: Client, address: str) -> bool:
        return f'href="/don/{code}/"' in browser.get(address, follow=True).content.decode()

    product = make_goods()
    with_basket(client, {product: 1})
    form, other_tab = form_of(client), form_of(client)
    code = client.post(URL, form)["Location"].split("/")[2]

    assert client.post(URL, other_tab)["Location"] == "/gio/"
    assert f"Đơn {code[:4]}-{code[4:]} đã gửi" in said(client)
    assert (leads(client, "/gio/"), leads(client, URL)) == (True, True)
    assert leads(Client(), "/gio/") is False
    with_basket(client, {product: 1})
    assert leads(client, "/gio/") is False
    client.post(URL, form_of(client))
    assert leads(client, "/gio/") is False  # to the latest
    code = Purchase.objects.latest("pk").code
    assert leads(client, "/gio/") is True
    later(24 * 3600)
    assert leads(client, "/gio/") is False


# --- what changed meanwhile -------------------------------------------------------------------------------------------


def price_rises(product: Product) -> None:
    StockRecord.objects.filter(product=product).update(price=30_000)


def price_goes_away(product: Product) -> None:
    StockRecord.objects.filter(product=product).update(price=None)


def is_withdrawn(product: Product) -> None:
    Product.objects.filter(pk=product.pk).update(listing_state=ListingState.ARCHIVED, is_public=False)


def household_stops(product: Product) -> None:
    Partner.objects.filter(pk=product.household_id).update(is_active=False)


def cooperative_stops(product: Product) -> None:
    Cooperative.objects.filter(households=product.household).update(is_active=False)


def window_closes(product: Product) -> None:
    Cooperative.objects.filter(households=product.household).update(is_always_open=False)


def runs_short(product: Product) -> None:
    StockRecord.objects.filter(product=product).update(num_in_stock=1)


def sells_out(product: Product) -> None:
    StockRecord.objects.filter(product=product).update(num_in_stock=0)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("change", "words"),
    [
        (price_rises, "30.000"),
        (price_goes_away, "Đậu đỏ"),
        (is_withdrawn, "Đậu đỏ"),
        (household_stops, "Đậu đỏ"),
        (cooperative_stops, "Đậu đỏ"),
        (window_closes, "Đậu đỏ"),
        (runs_short, "1"),
        (sells_out, "Đậu đỏ"),
    ],
)
def test_what_changed_since_the_form_was_shown_places_nothing_and_is_said(
    client: Client, change: Callable[[Product], None], words: str
) -> None:
    beans, honey = make_goods(title="Đậu đỏ"), make_goods(title="Mật ong")
    basket = with_basket(client, {honey: 1, beans: 2})
    form = form_of(client)
    change(beans)

    answer = client.post(URL, form)

    assert (answer.status_code, answer["Location"]) == (302, "/gio/")
    assert nothing_placed()
    assert (stock_of(honey), stock_of(beans)[1]) == ((10, 0), 0)
    basket.refresh_from_db()
    assert (basket.status, basket.lines.count()) == (Basket.OPEN, 2)
    assert words in said(client)


@pytest.mark.django_db
def test_a_new_price_is_taken_over_once_it_was_shown_and_the_same_form_then_places(client: Client) -> None:
    product = make_goods(price=25_000)
    with_basket(client, {product: 2})
    form = form_of(client)
    price_rises(product)
    client.post(URL, form)
    assert "30.000" in said(client)
    client.post("/gio/sua/", {"then": "order"})

    assert client.post(URL, form_of(client))["Location"].startswith("/don/")
    assert Order.objects.get().total_incl_tax == 60_000


@pytest.mark.django_db
def test_orders_are_taken_within_the_window_and_carry_its_collection_day(client: Client) -> None:
    now = timezone.now()
    cooperative = make_cooperative(is_always_open=False)
    day = timezone.localdate() + dt.timedelta(days=3)
    window = OrderWindow.objects.create(
        cooperative=cooperative,
        opens_at=now - dt.timedelta(hours=1),
        closes_at=now + dt.timedelta(hours=1),
        collection_on=day,
    )
    product = make_product(make_household(cooperative))
    with_basket(client, {product: 1})
    form = form_of(client)
    OrderWindow.objects.update(closes_at=now)
    assert client.post(URL, form)["Location"] == "/gio/"
    OrderWindow.objects.filter(pk=window.pk).update(closes_at=now + dt.timedelta(hours=1))
    assert client.post(URL, form)["Location"].startswith("/don/")
    assert Order.objects.get().collection_on == day


# --- tampered ---------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_pickup_point_of_another_cooperative_or_none_is_refused_beside_the_field(client: Client) -> None:
    product, other = make_goods(), make_goods(title="Mật ong")
    cooperative = product.household.cooperative
    foreign = other.household.cooperative.pickup_points.get()
    closed = make_pickup_point(cooperative, "Trạm cũ")
    type(closed).objects.filter(pk=closed.pk).update(is_active=False)
    with_basket(client, {product: 1})
    form = form_of(client)
    for choice in (str(foreign.pk), str(closed.pk), "", "0", "-1", "x" * 500, "1'; DROP TABLE order_order"):
        answer = client.post(URL, {**form, f"pickup-{cooperative.pk}": choice})
        page = answer.content.decode()
        assert answer.status_code == 200
        assert f'id="e-pickup-{cooperative.pk}"' in page or 'class="err"' in page
        assert 'value="Lò Thị Mai"' in page
    assert nothing_placed()


@pytest.mark.django_db
@pytest.mark.parametrize("entry_id", ["", "x", "0" * 400, "{}", "é", "00000000-0000-0000-0000-00000000000g"])
def test_a_broken_hidden_id_is_replaced_and_never_places_twice(client: Client, entry_id: str) -> None:
    product = make_goods()
    with_basket(client, {product: 1})
    form = {**form_of(client), "entry_id": entry_id}

    shown_again = client.post(URL, {**form, "phone": "12"})
    uuid.UUID(fields_of(shown_again.content.decode())["entry_id"])
    first, second = client.post(URL, form), client.post(URL, form)

    assert first["Location"].startswith("/don/")
    assert second["Location"] == "/gio/"
    assert Purchase.objects.count() == 1


@pytest.mark.django_db
def test_fields_that_the_form_does_not_have_change_nothing(client: Client) -> None:
    product = make_goods(price=25_000)
    with_basket(client, {product: 2})
    client.post(
        URL,
        {
            **form_of(client),
            "price": "1",
            "total": "1",
            "user": "1",
            "status": "handed_over",
            "code": "AAAAAAAA",
        },
    )
    order = Order.objects.get()
    assert (order.total_incl_tax, order.status, order.purchase.user) == (50_000, "placed", None)
    assert order.purchase.code != "AAAAAAAA"


@pytest.mark.django_db
def test_the_form_needs_its_csrf_token() -> None:
    client = Client(enforce_csrf_checks=True)
    with_basket(client, {make_goods(): 1})
    form = form_of(client)
    assert client.post(URL, {**form, "csrfmiddlewaretoken": "x" * 64}).status_code == 403
    assert nothing_placed()
    assert client.post(URL, form).status_code == 302


@pytest.mark.django_db
def test_without_a_basket_one_is_led_to_it(client: Client) -> None:
    for answer in (client.get(URL), client.post(URL, {"name": "Mai"})):
        assert (answer.status_code, answer["Location"]) == (302, "/gio/")


@pytest.mark.django_db
def test_somebody_signed_in_owns_the_purchase_and_finds_name_and_phone_filled_in(client: Client) -> None:
    mai = UserFactory.create(phone="+84912345678")
    client.force_login(mai)
    with_basket(client, {make_goods(): 1})
    fields = fields_of(client.get(URL).content.decode())
    assert (fields["name"], fields["phone"]) == ("Lò Thị Mai", "0912\xa0345\xa0678")
    client.post(URL, {**fields, "note": ""})
    assert Purchase.objects.get().user == mai


@pytest.mark.django_db
def test_wrong_fields_are_named_and_what_was_typed_is_kept(client: Client) -> None:
    with_basket(client, {make_goods(): 1})
    page = client.post(
        URL, form_of(client, name="", phone="0912 FLOWER", note="Để ở nhà bà Pẩn")
    ).content.decode()
    assert page.count("aria-invalid") >= 2 or page.count('class="err"') >= 2
    assert "0912 FLOWER" in page
    assert "Để ở nhà bà Pẩn" in page
    assert nothing_placed()


@pytest.mark.django_db
def test_number_that_nobody_can_call_back_is_refused_beside_the_field(client: Client) -> None:
    with_basket(client, {make_goods(): 1})
    page = client.post(URL, form_of(client, phone="1900 1234")).content.decode()
    assert 'id="id_phone_error"' in page
    assert "số di động hoặc số máy bàn" in page
    assert 'value="1900 1234"' in page
    assert nothing_placed()
