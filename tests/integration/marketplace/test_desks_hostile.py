"""Hostile strings and wrong types in every field of both desks: never a 500, always shown escaped, kept as typed."""

from __future__ import annotations

import json
import uuid
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from base.access.models import Hits
from marketplace.catalogue.models import ListingState, Product
from marketplace.cooperative.models import Cooperative
from marketplace.order.models import Order
from marketplace.partner.models import Partner
from tests.factories.market import make_good_in, make_manager, make_member, make_photo
from tests.factories.orders import make_purchase
from tests.shared import SHARED

pytestmark = pytest.mark.django_db
SEVERAL = 60  # of each list, spread over it
OWN = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "{{ 7|add:7 }}{% now 'Y' %}",
    "' OR 1=1 --",
    "../../../../etc/passwd",
    "\u202eabc\u200b",
    "ŐŏƀɃê̆" * 60,
    "9" * 400,
    "%s%n%(x)s",
    "NaN",
    "undefined",
    "\ud83d\ude00".encode("utf-16", "surrogatepass").decode("utf-16"),
]
FIELDS = (
    "title",
    "category",
    "price_vnd",
    "unit",
    "left",
    "ready_from",
    "description",
    "photo_key",
    "was-title",
    "was-category",
    "was-left",
    "photo",
)


def strings() -> list[str]:
    found = list(OWN)
    if SHARED is not None:
        for name in ("blns", "xss", "sqli"):
            every = json.loads(Path(SHARED / f"data/hostile-input/{name}.json").read_text(encoding="utf-8"))
            found += every[:: max(1, len(every) // SEVERAL)]
    return [one for one in found if "\x00" not in one]  # NUL has a test of its own


@pytest.fixture
def su(household: Partner) -> Client:
    client = Client(raise_request_exception=True)
    client.force_login(make_member(household))
    return client


@pytest.fixture
def thoan(may: Cooperative) -> Client:
    client = Client(raise_request_exception=True)
    client.force_login(make_manager(may))
    return client


def text(response: Any) -> str:
    return str(response.content.decode())


def test_every_field_of_the_goods_takes_anything(su: Client, household: Partner) -> None:
    product = make_good_in(ListingState.DRAFT, household)
    url = reverse("selling:edit", args=[product.key])

    for hostile in strings():
        body = dict.fromkeys(FIELDS, hostile) | {"then": "submit"}
        page = su.post(url, body)
        assert page.status_code == 200, hostile
        assert "<script>alert" not in text(page)
        assert su.post("/ban/hang/them/", {**body, "entry_id": hostile}).status_code == 200, hostile
    assert su.get("/ban/").status_code == 200


def test_hostile_name_is_shown_escaped_everywhere(su: Client, thoan: Client, household: Partner) -> None:
    nasty = "<script>alert(1)</script>'\"{{ 7|add:7 }}"
    product = make_good_in(
        ListingState.SUBMITTED, household, nasty, description=nasty, return_reason=nasty, cover=make_photo()
    )
    order: Order = make_purchase({make_good_in(ListingState.APPROVED, household, nasty): 1}).orders.get()
    key, number = product.key, order.number

    pages = [su.get(url) for url in ("/ban/", f"/ban/hang/{key}/", "/ban/don/")]
    pages += [thoan.get(url) for url in ("/htx/", f"/htx/hang/{key}/", "/htx/don/", f"/htx/don/{number}/")]

    for page in pages:
        assert page.status_code == 200
        assert "<script>alert" not in text(page)
        assert "&lt;script&gt;alert(1)" in text(page) or page.request["PATH_INFO"] == "/htx/don/"


def test_wrong_price_is_kept_as_typed_and_escaped(su: Client) -> None:
    page = su.post(
        "/ban/hang/them/",
        {"entry_id": str(uuid.uuid4()), "price_vnd": '"><b>25', "then": "submit", "title": "Gừng"},
    )

    assert 'value="&quot;&gt;&lt;b&gt;25"' in text(page)
    assert 'value="Gừng"' in text(page)
    assert Product.objects.get().title == "Gừng"


def test_nul_is_refused(su: Client, household: Partner) -> None:
    body = {"entry_id": str(uuid.uuid4()), "title": "Gừng\x00trâu", "then": "draft"}

    assert su.post("/ban/hang/them/", body).status_code == 400
    assert not Product.objects.exists()


def test_a_form_that_weighs_too_much_is_told_of_its_photo(su: Client, settings: Settings) -> None:
    settings.REQUEST_MAX_BYTES = 100
    body = {"entry_id": str(uuid.uuid4()), "title": "x" * 200, "then": "draft"}

    heavy = su.post("/ban/hang/them/", body)  # multipart, as forms with a photo are
    words = su.post("/ban/hang/them/", urlencode(body), content_type="application/x-www-form-urlencoded")

    assert [(one.status_code, "Ảnh nặng quá" in text(one)) for one in (heavy, words)] == [
        (413, True),
        (400, False),
    ]
    assert not Product.objects.exists()


def test_every_field_of_the_cooperatives_desk_takes_anything(thoan: Client, household: Partner) -> None:
    product = make_good_in(ListingState.SUBMITTED, household, cover=make_photo())
    order: Order = make_purchase({make_good_in(ListingState.APPROVED, household): 1}).orders.get()
    review, page = reverse("desk:review", args=[product.key]), reverse("desk:order", args=[order.number])
    pickup = reverse("desk:pickup_day", args=[order.pickup_point_id, "2026-11-24"])
    here = {"Sec-Fetch-Site": "same-origin"}

    for hostile in strings():
        assert thoan.get("/htx/don/", {"q": hostile, "muc": hostile, "trang": hostile}).status_code == 200, (
            hostile
        )
        assert thoan.get("/htx/", {"htx": hostile}).status_code == (200 if hostile == "" else 404), hostile
        assert thoan.get("/htx/", {"trang": hostile}).status_code == 200, hostile
        wrong = {"decision": "return", "reason": hostile, "words": hostile}
        assert thoan.post(review, wrong).status_code == 200, hostile
        assert thoan.post(review, {"decision": "approve", "version": hostile}).status_code == 302, hostile
        assert thoan.post(page, {"step": "cancel", "reason": hostile, "words": hostile}).status_code == 200, (
            hostile
        )
        assert thoan.post(page, {"step": hostile}).status_code == 200, hostile
        found = thoan.get(pickup, {"q": hostile, "trang": hostile})
        assert (found.status_code, "<script>alert" in text(found)) == (200, False), hostile
        Hits.objects.all().delete()  # nobody presses as often in a minute
        wrong = {"order": order.number, "did": hostile}
        assert thoan.post(f"{pickup}ghi/", wrong, headers=here).status_code == 302, hostile
        wrong = {"order": hostile, "did": "handed_over"}
        assert thoan.post(f"{pickup}ghi/", wrong, headers=here).status_code == 404, hostile
    product.refresh_from_db()
    order.refresh_from_db()
    assert (product.listing_state, order.status) == (ListingState.SUBMITTED, "placed")


@pytest.mark.parametrize(
    "address", ["/ban/?ho={}", "/ban/don/?muc={}", "/ban/?muc={}&trang={}", "/ban/hang/{}/"]
)
def test_addresses_take_anything(su: Client, address: str) -> None:
    for odd in ("-1", "0", "1e9", "9" * 30, "١", "%F0%9F%98%80", "a%20b", "<x>", "..%2f"):
        assert su.get(address.replace("{}", odd)).status_code in (200, 404), odd
