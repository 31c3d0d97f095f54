"""The selling desk: a household puts goods up, loses nothing it typed, and sees only its own."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from base import outbox
from base.intake.models import Entry
from marketplace.catalogue.listing import approve
from marketplace.catalogue.models import ListingState, Product
from marketplace.cooperative.models import Cooperative
from marketplace.order import fulfilment
from marketplace.partner.models import Partner, StockRecord
from media.models import Photo
from tests.factories.accounts import UserFactory
from tests.factories.market import jpeg_upload, make_good_in, make_manager, make_member, make_photo
from tests.factories.orders import make_category, make_cooperative, make_household, make_purchase, stock_of

pytestmark = pytest.mark.django_db
HOME, ADD, LINES = "/ban/", "/ban/hang/them/", "/ban/don/"


@pytest.fixture
def su(household: Partner, client: Client) -> Client:
    """A member of the household, signed in."""
    client.force_login(make_member(household, last_name="Giàng A", first_name="Sử"))
    return client


def whole(**changes: Any) -> dict[str, Any]:
    """A form with nothing missing; None takes a field out."""
    body = {
        "entry_id": str(uuid.uuid4()),
        "photo": jpeg_upload(),
        "title": "Gừng trâu",
        "category": str(make_category().pk),
        "price_vnd": "22.000",
        "unit": "kg",
        "left": "12",
        "ready_from": "",
        "description": "Gừng mới dỡ.",
        "then": "submit",
        **changes,
    }
    return {name: value for name, value in body.items() if value is not None}


def edit_url(product: Product) -> str:
    return reverse("selling:edit", args=[product.key])


def change(client: Client, product: Product, shown: Any = None, **changes: Any) -> Any:
    """Send the page of the goods as it was ``shown`` (as it is now, by default) with these changes; no new photo."""
    form = (shown or client.get(edit_url(product))).context["form"]
    was = {f"was-{name}": text for name, text in form.was.items()}
    return client.post(edit_url(product), {**was, **form.was, "then": "save", **changes})


def only_product() -> tuple[Product, StockRecord]:
    product = Product.objects.get()
    return product, StockRecord.objects.get(product=product)


def text(response: Any) -> str:
    return str(response.content.decode())


# --- adding -----------------------------------------------------------------------------------------------------------


def test_whole_form_is_sent_to_the_cooperative(su: Client, household: Partner) -> None:
    response = su.post(ADD, whole(price_vnd="25 nghìn", title="  Gừng   trâu "))

    assert (response.status_code, response["Location"]) == (302, HOME)
    product, stock = only_product()
    assert product.cover is not None
    assert (product.household, product.title, product.listing_state) == (
        household,
        "Gừng trâu",
        ListingState.SUBMITTED,
    )
    assert (stock.price, stock.unit, stock.net_stock_level) == (25_000, "kg", 12)
    assert not product.cover.is_public
    assert "Gừng trâu" in text(su.get(HOME))


def said(response: Any) -> list[str]:
    return [str(message) for message in response.context["messages"]]


@pytest.mark.parametrize("then", ["draft", "submit"])
@pytest.mark.parametrize("photo", [None, b"%PDF-1.4", jpeg_upload().read()[:200]])
def test_a_form_without_anything_to_keep_makes_no_draft(su: Client, then: str, photo: bytes | None) -> None:
    upload = {"photo": SimpleUploadedFile("anh.jpg", photo, "image/jpeg")} if photo else {}

    response = su.post(ADD, {"entry_id": str(uuid.uuid4()), "unit": "kg", "then": then, **upload})

    assert (response.status_code, Product.objects.count(), said(response)) == (200, 0, [])
    assert "Chưa có gì để cất." in text(response)
    assert ("photo" in response.context["form"].errors) is bool(photo or then == "submit")


def test_only_a_photo_that_is_there_is_said_to_be_kept(su: Client) -> None:
    broken = SimpleUploadedFile("anh.jpg", b"%PDF-1.4", "image/jpeg")
    told = [said(su.post(ADD, whole(photo=photo, price_vnd=""))) for photo in (jpeg_upload(), broken, None)]

    assert told == [
        ["Đã cất bản nháp, cả ảnh. Bạn xem lại chỗ báo đỏ."],
        *[["Đã cất bản nháp. Bạn xem lại chỗ báo đỏ."]] * 2,
    ]


def test_draft_may_lack_everything_but_its_name(su: Client, household: Partner) -> None:
    response = su.post(ADD, {"entry_id": str(uuid.uuid4()), "title": "Gừng", "then": "draft"})

    assert response.status_code == 302
    product, stock = only_product()
    assert (product.household, product.title, product.listing_state) == (
        household,
        "Gừng",
        ListingState.DRAFT,
    )
    assert (stock.price, stock.net_stock_level) == (None, 0)
    assert su.get(HOME).status_code == su.get(edit_url(product)).status_code == 200


def test_missing_field_keeps_the_draft_with_its_photo_and_says_so_beside_the_field(su: Client) -> None:
    response = su.post(ADD, whole(price_vnd="", left="", category=""))

    assert response.status_code == 200
    product, _stock = only_product()
    assert (product.title, product.description, product.listing_state) == (
        "Gừng trâu",
        "Gừng mới dỡ.",
        "draft",
    )
    assert product.cover is not None
    page = text(response)
    assert set(response.context["form"].errors) == {"price_vnd", "left", "category"}
    assert f'action="{edit_url(product)}"' in page
    assert product.cover.url in page
    assert 'id="id_price_vnd_error"' in page
    assert 'value="Gừng trâu"' in page


def test_wrong_price_keeps_what_was_typed_and_the_rest_as_a_draft(su: Client) -> None:
    response = su.post(ADD, whole(price_vnd="25,5", then="draft"))

    product, stock = only_product()
    assert (product.listing_state, stock.price, stock.net_stock_level) == (ListingState.DRAFT, None, 12)
    assert 'value="25,5"' in text(response)
    assert set(response.context["form"].errors) == {"price_vnd"}


def test_draft_is_finished_later_without_a_new_photo(su: Client) -> None:
    su.post(ADD, whole(price_vnd=""))
    product, _stock = only_product()

    response = change(su, product, price_vnd="22.000", then="submit")

    assert response.status_code == 302
    assert only_product()[0].listing_state == ListingState.SUBMITTED


def test_form_sent_twice_makes_one_product(su: Client) -> None:
    body = whole()
    first = su.post(ADD, {**body, "photo": jpeg_upload()})
    second = su.post(ADD, {**body, "photo": jpeg_upload()})

    assert (first.status_code, second.status_code) == (302, 302)
    assert (Product.objects.count(), Photo.objects.count(), Entry.objects.count()) == (1, 1, 1)


def test_second_press_on_the_other_button_sends_the_draft_off(su: Client) -> None:
    body = whole(photo=None)
    su.post(ADD, {**body, "photo": jpeg_upload(), "then": "draft"})
    su.post(ADD, {**body, "photo": jpeg_upload(), "then": "submit"})

    assert only_product()[0].listing_state == ListingState.SUBMITTED


def test_same_id_with_other_words_is_told_and_changes_nothing(su: Client) -> None:
    body = whole()
    su.post(ADD, body)
    response = su.post(ADD, {**body, "photo": jpeg_upload(), "title": "Nghệ"})

    assert response.status_code == 409
    product, _stock = only_product()
    assert product.title == "Gừng trâu"
    assert edit_url(product) in text(response)


def test_form_without_an_id_saves_nothing_and_keeps_what_was_typed(su: Client) -> None:
    response = su.post(ADD, whole(entry_id="no"))

    assert response.status_code == 200
    assert not Product.objects.exists()
    assert 'value="Gừng trâu"' in text(response)
    assert uuid.UUID(response.context["form"].data["entry_id"])


def test_broken_photo_is_told_beside_the_field_and_the_words_are_kept(su: Client) -> None:
    response = su.post(
        ADD, whole(photo=SimpleUploadedFile("anh.jpg", b"<script>alert(1)</script>", "image/jpeg"))
    )

    product, _stock = only_product()
    assert (product.title, product.cover, product.listing_state) == ("Gừng trâu", None, ListingState.DRAFT)
    assert set(response.context["form"].errors) == {"photo"}


def test_a_price_for_another_unit_than_the_chosen_one_is_asked_about(su: Client) -> None:
    response = su.post(ADD, whole(price_vnd="22.000đ/kg", unit="bunch"))

    words = "Bạn ghi giá cho mỗi kg, nhưng lại chọn bó. Hãy để hai chỗ giống nhau."
    assert dict(response.context["form"].errors) == {"price_vnd": [words]}
    assert ('value="22.000đ/kg"' in text(response), only_product()[1].price) == (True, None)

    su.post(ADD, whole(price_vnd="22.000đ/kg", title="Nghệ"))
    assert StockRecord.objects.get(product__title="Nghệ").price == 22_000


# --- two households, strangers ----------------------------------------------------------------------------------------


def test_member_of_two_households_chooses_whose_goods_they_are(client: Client, household: Partner) -> None:
    other = make_household(make_cooperative("Hợp tác xã Bản Mây"), "Nhà Giàng A Páo")
    client.force_login(make_member(household, other))

    assert client.post(ADD, whole(household="")).context["form"].errors["household"]
    assert not Product.objects.exists()
    client.post(ADD, whole(household=str(other.pk)))

    assert only_product()[0].household == other
    assert "Nhà Giàng A Páo" in text(client.get(HOME))
    assert "Gừng trâu" not in text(client.get(HOME, {"ho": household.pk}))


def test_goods_for_a_household_of_others_are_refused(su: Client, client: Client, household: Partner) -> None:
    strangers, second = make_household(make_cooperative("Khác")), make_household(make_cooperative("Hai"))
    client.force_login(make_member(household, second))

    response = client.post(ADD, whole(household=str(strangers.pk)))

    assert set(response.context["form"].errors) == {"household"}
    assert not Product.objects.exists()


def test_goods_of_others_do_not_exist_for_her(su: Client) -> None:
    household = make_household(make_cooperative("Khác"), "Nhà hàng xóm")
    product = make_good_in(ListingState.RETURNED, household, "Bí mật")
    urls = [
        reverse(f"selling:{name}", args=[product.key]) for name in ("edit", "amount", "put_away", "put_back")
    ]

    assert [su.post(url, whole(left="1")).status_code for url in urls] == [404] * 4
    assert su.get(urls[0]).status_code == 404
    assert su.get(HOME, {"ho": household.pk}).status_code == 404
    assert "Bí mật" not in text(su.get(HOME))
    product.refresh_from_db()
    assert (product.title, product.listing_state, stock_of(product)) == (
        "Bí mật",
        ListingState.RETURNED,
        (10, 0),
    )


def test_photo_of_somebody_else_cannot_be_taken(su: Client) -> None:
    theirs = make_photo(UserFactory.create())

    response = su.post(ADD, whole(photo=None, photo_key=str(theirs.key)))

    assert set(response.context["form"].errors) == {"photo"}
    assert only_product()[0].cover is None


def test_category_that_does_not_exist_is_told(su: Client) -> None:
    response = su.post(ADD, whole(category="999999"))

    assert set(response.context["form"].errors) == {"category"}
    assert only_product()[0].category is None


def test_person_without_a_household_is_told_whom_to_ask(client: Client) -> None:
    client.force_login(UserFactory.create(phone="+84912345670"))

    response = client.get(HOME)

    assert response.status_code == 200
    assert next(t.name for t in response.templates) == "selling/no_household.html"
    assert "0912\u00a0345\u00a0670" in text(response)
    assert (client.get(ADD).status_code, client.get(LINES).status_code) == (403, 403)


def test_guest_is_sent_to_sign_in(client: Client) -> None:
    assert [client.get(url).status_code for url in (HOME, ADD, LINES)] == [302] * 3


# --- changing ---------------------------------------------------------------------------------------------------------


def test_returned_goods_show_why_and_go_off_again(su: Client, household: Partner) -> None:
    product = make_good_in(ListingState.RETURNED, household, return_reason="Ảnh chưa rõ.", cover=make_photo())

    assert "Ảnh chưa rõ." in text(su.get(HOME))
    page = text(su.get(edit_url(product)))
    assert ("Ảnh chưa rõ." in page, 'value="25.000"' in page) == (True, True)
    old = product.cover
    change(su, product, photo=jpeg_upload(), then="submit")

    product.refresh_from_db()
    assert product.listing_state == ListingState.SUBMITTED
    assert product.cover != old


def test_price_of_goods_on_the_market_changes_at_once_and_a_new_name_waits(
    su: Client, household: Partner
) -> None:
    product = make_good_in(
        ListingState.APPROVED, household, "Gừng trâu", description="Gừng mới dỡ.", cover=make_photo()
    )

    change(su, product, price_vnd="30.000")
    product.refresh_from_db()
    assert (product.listing_state, product.stockrecords.get().price) == (ListingState.APPROVED, 30_000)

    change(su, product, title="Gừng gié")
    product.refresh_from_db()
    assert (product.listing_state, product.is_public) == (ListingState.SUBMITTED, False)


def test_goods_on_the_market_are_never_left_without_a_price(su: Client, household: Partner) -> None:
    product = make_good_in(ListingState.APPROVED, household, cover=make_photo())

    response = change(su, product, photo=jpeg_upload(), price_vnd="", title="Nghệ đen", then="draft")

    product.refresh_from_db()
    assert (product.title, product.stockrecords.get().price) == ("Gừng trâu", 25_000)
    assert 'value="Nghệ đen"' in text(response)
    photo = Photo.objects.get(key=response.context["form"].data["photo_key"])
    assert photo.url in text(response)  # need not be taken again
    change(su, product, photo_key=str(photo.key))
    product.refresh_from_db()
    assert product.cover == photo


def test_amount_left_alone_does_not_undo_an_order_that_came_meanwhile(su: Client, household: Partner) -> None:
    product = make_good_in(ListingState.APPROVED, household, left=10, cover=make_photo())
    page = su.get(edit_url(product))
    make_purchase({product: 4})

    change(su, product, page, price_vnd="26.000")

    assert (stock_of(product), product.stockrecords.get().price) == ((10, 4), 26_000)


def test_amount_is_changed_from_the_list(su: Client, household: Partner) -> None:
    product = make_good_in(ListingState.APPROVED, household, left=10)
    make_purchase({product: 4})
    url = reverse("selling:amount", args=[product.key])

    assert su.post(url, {"left": "２０", "left_was": "6"}).status_code == 302
    assert stock_of(product) == (24, 4)
    wrong = su.post(url, {"left": "2,5", "left_was": "20"})
    assert (wrong.status_code, 'value="2,5"' in text(wrong)) == (200, True)
    assert stock_of(product) == (24, 4)


def test_goods_are_put_away_and_sold_again(su: Client, household: Partner) -> None:
    product = make_good_in(ListingState.APPROVED, household, cover=make_photo())
    for _press in range(2):
        su.post(reverse("selling:put_away", args=[product.key]))
    product.refresh_from_db()
    assert (product.listing_state, product.is_public) == (ListingState.ARCHIVED, False)

    for _press in range(2):
        su.post(reverse("selling:put_back", args=[product.key]))
    product.refresh_from_db()
    assert product.listing_state == ListingState.SUBMITTED


def test_goods_put_away_without_a_photo_are_asked_for_it(su: Client, household: Partner) -> None:
    product = make_good_in(ListingState.ARCHIVED, household)

    response = su.post(reverse("selling:put_back", args=[product.key]))

    assert response["Location"] == edit_url(product)


def test_approved_photo_goes_through_the_whole_pipeline(su: Client, may: Cooperative) -> None:
    su.post(ADD, whole())
    product, _stock = only_product()
    approve(product, by=make_manager(may))
    outbox.drain()

    product.refresh_from_db()
    assert product.cover is not None
    assert product.cover.is_public
    assert product.cover.renditions.filter(filter_spec="card-jpeg").exists()
    assert "<picture>" in text(Client().get("/cho/"))


# --- lines of orders --------------------------------------------------------------------------------------------------


def test_she_sees_her_lines_and_nothing_of_buyer_or_neighbours(
    su: Client, may: Cooperative, household: Partner
) -> None:
    neighbour = make_household(may, "Nhà hàng xóm")
    mine, theirs = (
        make_good_in(ListingState.APPROVED, household, "Gừng trâu"),
        make_good_in(ListingState.APPROVED, neighbour, "Bắp nương"),
    )
    purchase = make_purchase({mine: 3, theirs: 2})

    for page in (text(su.get(LINES)), text(su.get(HOME))):
        assert "Gừng trâu" in page
        assert "3 kg" in page
        for secret in ("Bắp nương", purchase.contact_name, purchase.contact_phone[-4:], purchase.code):
            assert secret not in page


def test_lines_are_shown_by_how_far_they_are(su: Client, household: Partner) -> None:
    product = make_good_in(ListingState.APPROVED, household, left=20)
    kept, done, gone = (make_purchase({product: number}).orders.get() for number in (1, 2, 3))
    fulfilment.hand_over(fulfilment.pack(done))
    fulfilment.cancel(gone, reason="Người mua không đến.")

    def quantities(which: str) -> list[int]:
        return [line.quantity for line in su.get(LINES, {"muc": which}).context["page"].items]

    assert kept.status == "placed"
    assert [quantities(which) for which in ("can-giao", "da-giao", "da-huy", "xyz")] == [[1], [2], [3], [1]]


def test_sold_amounts_stand_on_the_page_of_the_goods(su: Client, household: Partner) -> None:
    product = make_good_in(ListingState.APPROVED, household, left=20)
    fulfilment.hand_over(fulfilment.pack(make_purchase({product: 7}).orders.get()))
    make_purchase({product: 2})

    stock = su.get(edit_url(product)).context["stock"]

    assert (stock.sold, stock.num_allocated, stock.net_stock_level) == (7, 2, 11)


def test_the_unit_of_what_is_ordered_stays_until_it_is_handed_over(su: Client, household: Partner) -> None:
    product = make_good_in(ListingState.APPROVED, household, left=20, cover=make_photo())
    order = make_purchase({product: 7}).orders.get()

    refused = change(su, product, unit="piece", left="50")

    assert "Đang có người đặt 7 kg. Giao xong rồi bạn hãy đổi đơn vị." in text(refused)
    assert refused.context["form"]["unit"].value() == "piece"  # what was chosen stays
    assert product.stockrecords.get().unit == "kg"
    fulfilment.hand_over(fulfilment.pack(order))
    change(su, product, unit="piece", left="50")
    stock = product.stockrecords.get()
    assert (stock.unit, stock.net_stock_level) == ("piece", 50)


# --- length and cost --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", [1, 3])
def test_pages_cost_the_same_whatever_their_length(
    su: Client, household: Partner, number: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for index in range(number):
        product = make_good_in(ListingState.APPROVED, household, f"Gừng {index}", cover=make_photo())
        make_purchase({product: 1})
    for url, queries in ((HOME, 8), (LINES, 4), (edit_url(product), 6), (ADD, 4)):
        with django_assert_num_queries(queries):
            assert su.get(url).status_code == 200


def test_lists_are_paginated(su: Client, household: Partner) -> None:
    for index in range(14):
        product = make_good_in(ListingState.APPROVED, household, f"Gừng {index}")
    for _index in range(21):
        product.stockrecords.update(num_in_stock=50)
        make_purchase({product: 1})

    assert [len(su.get(HOME, {"trang": page}).context["page"].items) for page in (1, 2)] == [12, 2]
    assert [len(su.get(LINES, {"trang": page}).context["page"].items) for page in (1, 2)] == [20, 1]
