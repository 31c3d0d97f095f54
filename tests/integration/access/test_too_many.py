"""Every limit of the site answers in Vietnamese, in the frame of the site, with what to do and when to come back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from base.access import posts
from base.accounts import in_person, views
from marketplace.order import views as following
from tests.factories.accounts import UserFactory
from tests.factories.market import make_manager, make_member
from tests.factories.orders import make_cooperative, make_goods, make_household, make_purchase
from tests.integration.orders.test_checkout import form_of, with_basket

pytestmark = pytest.mark.django_db

HERE = {"Sec-Fetch-Site": "same-origin", "Referer": "http://testserver/cho/"}
Limit = Callable[[Client, pytest.MonkeyPatch, Any], Any]


def sign_in(client: Client, monkeypatch: pytest.MonkeyPatch, settings: Any) -> Any:
    settings.ACCOUNT_RATE_LIMITS = {"login": "1/m/ip"}
    return [client.post("/dang-nhap/", {"login": "0912345678", "password": "x"}) for _ in range(2)][-1]


def sign_up(client: Client, monkeypatch: pytest.MonkeyPatch, settings: Any) -> Any:
    settings.ACCOUNT_RATE_LIMITS = {"signup": "1/m/ip"}
    return [client.post("/dang-ky/", {"phone": "0912345678"}) for _ in range(2)][-1]


def sign_up_messages(client: Client, monkeypatch: pytest.MonkeyPatch, settings: Any) -> Any:
    settings.ACCOUNT_RATE_LIMITS = {"verify_phone": "1/h/ip"}
    form = {"full_name": "Lò Thị Mai", "password1": "mua-xuan-tren-ban"}
    return [Client().post("/dang-ky/", {**form, "phone": f"091234567{n}"}) for n in range(2)][-1]


def shown_code(client: Client, monkeypatch: pytest.MonkeyPatch, settings: Any) -> Any:
    monkeypatch.setattr(views, "TRIES_PER_PHONE", 1)
    form = {"phone": "0912345678", "code": "123456"}
    return [client.post("/dang-nhap/ma-gap-mat/", form) for _ in range(2)][-1]


def show_code(client: Client, monkeypatch: pytest.MonkeyPatch, settings: Any) -> Any:
    monkeypatch.setattr(in_person, "PER_PERSON", 1)
    household = make_household(make_cooperative())
    client.force_login(make_manager(household.cooperative))
    address = f"/htx/nguoi/{make_member(household).pk}/"
    return [client.post(address) for _ in range(2)][-1]


def new_password(client: Client, monkeypatch: pytest.MonkeyPatch, settings: Any) -> Any:
    client.force_login(UserFactory.create())
    form = {"old_password": "x", "new_password": "y"}
    return [client.post("/tai-khoan/mat-khau/", form) for _ in range(11)][-1]


def follow(client: Client, monkeypatch: pytest.MonkeyPatch, settings: Any) -> Any:
    monkeypatch.setattr(following, "TRIES_PER_ADDRESS", 1)
    form = {"code": make_purchase({make_goods(): 1}).code, "digits": "0000"}
    return [client.post("/don/", form) for _ in range(2)][-1]


def basket(client: Client, monkeypatch: pytest.MonkeyPatch, settings: Any) -> Any:
    monkeypatch.setattr(posts, "FORMS", posts.Limits("post", 60, per_address=1))
    form = {"product": make_goods().pk, "quantity": "1"}
    return [client.post("/gio/them/", form, headers=HERE) for _ in range(2)][-1]


def order(client: Client, monkeypatch: pytest.MonkeyPatch, settings: Any) -> Any:
    settings.ORDERS_PER_ADDRESS_AN_HOUR = 0
    with_basket(client, {make_goods(): 1})
    return client.post("/dat-hang/", form_of(client))


@pytest.mark.parametrize(
    "limit",
    [sign_in, sign_up, sign_up_messages, shown_code, show_code, new_password, follow, basket, order],
    ids=lambda limit: limit.__name__,
)
def test_limit_says_in_vietnamese_what_to_do(
    client: Client, monkeypatch: pytest.MonkeyPatch, settings: Any, limit: Limit
) -> None:
    answer = limit(client, monkeypatch, settings)

    page = answer.content.decode()
    assert answer.status_code == 429
    assert int(answer["Retry-After"]) >= 60
    assert "no-cache" in answer["Cache-Control"] or "no-store" in answer["Cache-Control"]
    assert '<html lang="vi">' in page
    assert 'class="nav"' in page
    assert any(words in page for words in ("rồi thử lại", "Mai hãy thử lại", "chờ"))
    assert "Too Many" not in page


def test_page_leads_back_to_where_the_person_was(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    page = basket(client, monkeypatch, None).content.decode()
    assert 'class="btn" href="/cho/"' in page


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example", "javascript:alert(1)"])
def test_page_leads_to_no_other_site(client: Client, monkeypatch: pytest.MonkeyPatch, elsewhere: str) -> None:
    monkeypatch.setattr(posts, "FORMS", posts.Limits("post", 60, per_address=0))
    answer = client.post("/gio/them/", {}, headers={**HERE, "Referer": elsewhere})
    assert answer.status_code == 429
    assert "evil" not in answer.content.decode()
    assert "javascript" not in answer.content.decode()
