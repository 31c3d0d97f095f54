"""Goods written without a network: new ones as the form takes them, changes line by line, nobody's words lost."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import pytest
from django.utils import timezone

from base.accounts.models import User
from base.intake.models import Entry
from marketplace.catalogue.listing import approve, archive, send_back
from marketplace.catalogue.models import ListingState, Product
from marketplace.partner.forms import written
from marketplace.partner.models import Partner, StockRecord
from media.models import Photo
from tests.factories.accounts import UserFactory
from tests.factories.market import jpeg_upload, make_good_in, make_member, make_photo
from tests.factories.orders import make_category, make_cooperative, make_household, make_purchase
from tests.integration.intake.phone import HERE, Phone

pytestmark = pytest.mark.django_db
JPEG = jpeg_upload().read()


@pytest.fixture
def home() -> Partner:
    return make_household(make_cooperative("Hợp tác xã Bản Mây"), "Nhà Giàng A Sử")


@pytest.fixture
def su(home: Partner) -> User:
    return make_member(home, last_name="Giàng A", first_name="Sử")


@pytest.fixture
def phone(su: User) -> Phone:
    """The phone of a member of the household."""
    return Phone(su)


def stock_of(product: Product) -> StockRecord:
    return StockRecord.objects.get(product=product)


def on_market(home: Partner) -> Product:
    return make_good_in(ListingState.APPROVED, home, cover=make_photo())


def goods(**changes: str) -> dict[str, str]:
    """The fields of a form with nothing missing but the photo."""
    filled = {
        "title": "Gừng trâu",
        "category": str(make_category().pk),
        "price_vnd": "22.000",
        "unit": "kg",
        "left": "12",
        "ready_from": "",
        "description": "Gừng mới dỡ.",
        "photo_key": "",
        "left_was": "",
        "then": "submit",
    }
    return {**filled, **changes}


def change(
    product: Product | None = None, of: str | None = None, then: str = "save", **fields: tuple[str, str]
) -> dict[str, Any]:
    said = {name: {"was": was, "now": now} for name, (was, now) in fields.items()}
    return {"of": of, "key": str(product.key) if product else None, "fields": said, "then": then}


def test_goods_with_a_photo_go_to_the_cooperative(phone: Phone, su: User, home: Partner) -> None:
    entry = phone.entry("listing", goods(), files={"photo": phone.upload(JPEG)})
    result = phone.send(entry, entry)[1]
    product = Product.objects.get()
    stock = stock_of(product)
    assert (product.title, product.household, product.listing_state) == (
        "Gừng trâu",
        home,
        ListingState.SUBMITTED,
    )
    assert (int(stock.price), stock.net_stock_level, product.cover.owner) == (22_000, 12, su)
    assert (result["state"], result["again"], result["url"]) == ("taken", True, f"/ban/hang/{product.key}/")
    assert result["words"].startswith("Đã gửi.")
    assert Photo.objects.count() == 1


def test_what_is_missing_or_wrong_makes_a_draft_that_says_so(phone: Phone) -> None:
    entry = phone.entry("listing", goods(price_vnd="rẻ", title=""), files={"photo": phone.upload(JPEG)})
    result = phone.send(entry)[0]
    product = Product.objects.get()
    assert (result["state"], product.listing_state, product.description) == (
        "taken",
        ListingState.DRAFT,
        "Gừng mới dỡ.",
    )
    assert set(result["errors"]) == {"price_vnd", "title"}
    assert product.cover is not None


def test_a_file_that_is_no_photo_costs_the_photo_only(phone: Phone) -> None:
    entry = phone.entry("listing", goods(), files={"photo": phone.upload(b"GIF89a, in truth not")})
    result = phone.send(entry)[0]
    assert (result["state"], set(result["errors"])) == ("taken", {"photo"})
    assert (Product.objects.get().listing_state, Photo.objects.count()) == (ListingState.DRAFT, 0)


def test_whoever_left_the_household_is_refused_and_told(phone: Phone, su: User, home: Partner) -> None:
    entry = phone.entry("listing", goods())
    home.users.remove(su)
    answer = phone.post([entry])
    assert (answer.status_code, Product.objects.count(), Entry.objects.count()) == (403, 0, 0)
    home.users.add(su)
    assert phone.states(entry) == ["taken"]


def test_goods_of_the_wrong_household_are_refused(phone: Phone, su: User, home: Partner) -> None:
    other = make_household(home.cooperative, "Nhà khác")
    assert phone.post([phone.entry("listing", goods(household=str(other.pk)))]).status_code == 403
    other.users.add(su)
    nobody_s = phone.post([phone.entry("listing", goods(household=""))])
    assert (nobody_s.status_code, "household" in nobody_s.json()["results"][0]["errors"]) == (422, True)
    assert phone.states(phone.entry("listing", goods(household=str(other.pk)))) == ["taken"]
    assert Product.objects.get().household == other


def test_the_form_sent_before_by_the_page_itself_is_not_doubled(phone: Phone) -> None:
    """The page's own POST arrived, its answer did not; then the script sent the same form."""
    entry_id = str(uuid.uuid4())
    fields = {**goods(), "entry_id": entry_id, "photo": jpeg_upload()}
    phone.client.post("/ban/hang/them/", fields, headers=HERE)
    result = phone.send(phone.entry("listing", goods(), id=entry_id))[0]
    product = Product.objects.get()
    assert (result["state"], result["url"]) == ("conflict", f"/ban/hang/{product.key}/")


# --- changes ----------------------------------------------------------------------------------------------------------


def test_a_change_of_goods_that_are_not_sent_yet_follows_them(phone: Phone) -> None:
    first = phone.entry("listing", goods(then="draft"))
    second = phone.entry(
        "listing-change",
        change(of=first["id"], price_vnd=("22.000", "25.000"), left=("12", "9")),
        after=first["id"],
    )
    third = phone.entry(
        "listing-change", change(of=first["id"], price_vnd=("25.000", "26.000")), after=second["id"]
    )
    assert phone.states(third, second) == ["waits", "waits"]
    assert phone.states(first, second, third) == ["taken", "taken", "taken"]
    stock = stock_of(Product.objects.get())
    assert (int(stock.price), stock.net_stock_level) == (26_000, 9)


def test_lines_changed_by_others_stay_and_both_are_shown(phone: Phone, home: Partner) -> None:
    product = on_market(home)
    stock = stock_of(product)
    price = written(product, stock)["price_vnd"]
    stock.price = 30_000
    stock.save()
    body = change(product, price_vnd=(price, "25.000"), description=(product.description, "Mới dỡ sáng nay."))
    answer = phone.post([phone.entry("listing-change", body)])
    result = answer.json()["results"][0]
    product.refresh_from_db()
    assert (answer.status_code, result["state"]) == (200, "taken")
    assert int(stock_of(product).price) == 30_000
    assert product.description == "Mới dỡ sáng nay."
    assert set(result["errors"]) == {"price_vnd"}
    assert "30.000" in result["errors"]["price_vnd"][0]
    assert "25.000" in result["errors"]["price_vnd"][0]


def test_what_is_typed_in_another_way_is_no_conflict(phone: Phone, home: Partner) -> None:
    product = on_market(home)
    stock = stock_of(product)
    stock.price = 25_000
    stock.save()
    body = change(product, price_vnd=("25 nghìn", "26k"))
    assert phone.send(phone.entry("listing-change", body))[0]["errors"] == {}
    assert int(stock_of(product).price) == 26_000
    same = change(product, price_vnd=("1.000", "26000 đ"))  # somebody wrote the same meanwhile
    assert phone.send(phone.entry("listing-change", same))[0]["errors"] == {}


def test_ready_from_a_day_that_has_come_is_nobodys_change(phone: Phone, home: Partner) -> None:
    product = on_market(home)
    today = timezone.localdate()
    product.ready_from = today  # written some days ago
    product.save()
    later = today + dt.timedelta(days=9)
    body = change(product, ready_from=(today.isoformat(), later.isoformat()))
    assert phone.send(phone.entry("listing-change", body))[0]["errors"] == {}
    product.refresh_from_db()
    assert product.ready_from == later


def test_an_amount_sold_meanwhile_is_not_undone(phone: Phone, home: Partner) -> None:
    product = on_market(home)
    left = stock_of(product).net_stock_level
    make_purchase({product: 2})
    result = phone.send(phone.entry("listing-change", change(product, left=(str(left), str(left + 5)))))[0]
    assert (set(result["errors"]), stock_of(product).net_stock_level) == ({"left"}, left - 2)
    untouched = change(product, description=(product.description, "Còn ít."))
    assert phone.send(phone.entry("listing-change", untouched))[0]["errors"] == {}
    assert stock_of(product).net_stock_level == left - 2


def test_what_people_see_keeps_a_line_whose_change_has_a_mistake(phone: Phone, home: Partner) -> None:
    product = on_market(home)
    body = change(
        product,
        title=(product.title, ""),
        price_vnd=(written(product, stock_of(product))["price_vnd"], "33.000"),
    )
    result = phone.send(phone.entry("listing-change", body))[0]
    product.refresh_from_db()
    assert (result["state"], set(result["errors"])) == ("taken", {"title"})
    assert (product.title, int(stock_of(product).price)) == ("Gừng trâu", 33_000)
    assert product.listing_state == ListingState.APPROVED


def test_a_draft_is_not_sent_off_while_two_people_say_different_things(
    phone: Phone, su: User, home: Partner
) -> None:
    first = phone.entry("listing", goods(then="draft"), files={"photo": phone.upload(JPEG)})
    phone.send(first)
    product = Product.objects.get()
    body = change(product, then="submit", title=("Tên khác", "Gừng ta"))
    result = phone.send(phone.entry("listing-change", body))[0]
    product.refresh_from_db()
    assert (set(result["errors"]), product.listing_state) == ({"title"}, ListingState.DRAFT)
    phone.send(phone.entry("listing-change", change(product, then="submit", title=("Gừng trâu", "Gừng ta"))))
    product.refresh_from_db()
    assert (product.title, product.listing_state) == ("Gừng ta", ListingState.SUBMITTED)
    approve(product, by=su)


def test_a_new_photo_always_counts(phone: Phone, home: Partner) -> None:
    product = make_good_in(ListingState.DRAFT, home)
    entry = phone.entry("listing-change", change(product), files={"photo": phone.upload(JPEG)})
    assert phone.states(entry, entry) == ["taken", "taken"]
    product.refresh_from_db()
    assert product.cover == Photo.objects.get()


def test_goods_of_strangers_or_of_nobody_are_refused(phone: Phone) -> None:
    theirs = make_good_in(ListingState.APPROVED, make_household(make_cooperative()))
    for body in (change(theirs, title=(theirs.title, "Của tôi")), change()):
        answer = phone.post([phone.entry("listing-change", body)])
        assert answer.status_code in (403, 422)
        assert answer.json()["results"][0]["words"] == "Bạn không còn mặt hàng này."
    theirs.refresh_from_db()
    assert (theirs.title, Entry.objects.count()) == ("Gừng trâu", 0)


def test_the_entry_of_another_person_is_nothing_to_change(phone: Phone, home: Partner) -> None:
    first = phone.entry("listing", goods())
    phone.send(first)
    neighbour = Phone(make_member(make_household(home.cooperative), first_name="Pó"))
    body = change(of=first["id"], title=("Gừng trâu", "Của tôi"))
    assert neighbour.states(neighbour.entry("listing-change", body)) == ["waits"]
    stranger = Phone(UserFactory.create())
    assert stranger.states(stranger.entry("listing-change", body)) == ["refused"]
    assert Product.objects.get().title == "Gừng trâu"


def test_an_amount_that_orders_brought_down_is_not_taken_for_the_one_that_was_counted(
    phone: Phone, home: Partner
) -> None:
    product = on_market(home)
    left = stock_of(product).net_stock_level
    make_purchase({product: 2})
    # she sold two at the gate, and two were ordered: what is left is for her to count
    result = phone.send(phone.entry("listing-change", change(product, left=(str(left), str(left - 2)))))[0]
    assert result["errors"]["left"][0].startswith(f"Giờ còn {left - 2}")


def test_goods_put_away_meanwhile_stay_away_and_the_phone_keeps_the_change(
    phone: Phone, home: Partner
) -> None:
    product = on_market(home)
    archive(product)
    body = change(product, then="submit", title=(product.title, "Gừng ta"))
    result = phone.send(phone.entry("listing-change", body))[0]
    product.refresh_from_db()
    assert (result["state"], product.listing_state) == ("refused", ListingState.ARCHIVED)


def test_goods_sent_back_meanwhile_wait_until_the_reason_was_read(phone: Phone, home: Partner) -> None:
    product = on_market(home)
    send_back(product, reason="Ảnh mờ quá.")
    body = change(product, then="submit", title=(product.title, "Gừng ta"))
    result = phone.send(phone.entry("listing-change", body))[0]
    product.refresh_from_db()
    assert (product.title, product.listing_state) == ("Gừng ta", ListingState.RETURNED)
    assert (result["state"], product.return_reason) == ("taken", "Ảnh mờ quá.")
    assert "trả hàng này lại" in result["words"]


def test_a_kind_that_the_market_hides_does_not_hold_up_other_changes(phone: Phone, home: Partner) -> None:
    product = on_market(home)
    product.category.is_public = False
    product.category.save()
    price = written(product, stock_of(product))["price_vnd"]
    result = phone.send(phone.entry("listing-change", change(product, price_vnd=(price, "26.000"))))[0]
    assert (result["state"], result["errors"], int(stock_of(product).price)) == ("taken", {}, 26_000)
