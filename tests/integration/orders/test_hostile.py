"""Strings that break careless sites, in every field of ordering: never a 500, typed text kept, no mark-up."""

from __future__ import annotations

import html
import json
import random
from collections.abc import Iterator

import pytest
from django.test import Client

from base.access import rates
from marketplace.order.models import Purchase
from tests.factories.orders import make_goods, stock_of
from tests.integration.orders.test_checkout import form_of, with_basket
from tests.shared import SHARED

# A few of each kind for a machine without the shared data.
OWN = [
    "", " ", "null", "undefined", "NaN", "-1", "1e309", "0x0", "' OR 1=1--", '"', "%00",
    "'; DROP TABLE order_order;--",
    "<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "{{7*7}}", "{% debug %}", "${7*7}",
    "../../etc/passwd",
    "Ⱥ" * 50, "á̰́" * 30, "\u202eđảo", "\ufeff", "\u200b", "👩‍👩‍👧‍👦" * 20,
    "ﷺ" * 40, "\r\nSet-Cookie: a=b", "a" * 5000, "ᐁ",
    "\x01\x02\x7f", "%s%n%x", "\\", "İ", "ǅ", "ﬀ" * 60,
]  # fmt: skip
PER_FILE = 15


def _strings() -> Iterator[str]:
    yield from OWN
    if SHARED is not None:
        choose = random.Random(4)
        for name in ("blns", "xss", "sqli"):
            found = json.loads((SHARED / "data/hostile-input" / f"{name}.json").read_text())
            yield from choose.sample(found, PER_FILE)


STRINGS = list(dict.fromkeys(_strings()))


@pytest.fixture(autouse=True)
def _no_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let one visitor try more than the limits allow (they have their own tests)."""
    monkeypatch.setattr("marketplace.order.views.hit", lambda *arguments: True)
    monkeypatch.setattr(rates, "hit", lambda *arguments: True)


def is_sound(answer: object, text: str) -> bool:
    """Return whether an answer is no server error and shows mark-up only as text."""
    page = answer.content.decode()  # type: ignore[attr-defined]  # the test client's response
    return answer.status_code < 500 and ("<" not in text or text not in page)  # type: ignore[attr-defined]


@pytest.mark.django_db
@pytest.mark.parametrize("field", ["name", "phone", "note", "hidden"])
def test_checkout_answers_every_string_with_a_page_that_keeps_it(client: Client, field: str) -> None:
    product = make_goods(left=1000)
    with_basket(client, {product: 1})
    form = form_of(client)
    names = ["entry_id", f"pickup-{product.household.cooperative_id}"] if field == "hidden" else [field]
    for text in STRINGS:
        # a phone that is none: the form comes back, and everything typed must be in it
        answer = client.post("/dat-hang/", {**form, "phone": "12", **dict.fromkeys(names, text)})
        assert is_sound(answer, text), repr(text)
        if "\x00" in text:
            assert answer.status_code == 400
        elif field in ("name", "phone", "note") and answer.status_code == 200:
            kept = html.unescape(answer.content.decode())
            assert text.replace("\r\n", "\n") in kept.replace("\r\n", "\n"), repr(text)
            assert 'class="err"' in kept or "field bad" in kept
    assert not Purchase.objects.exists()


@pytest.mark.django_db
def test_what_checkout_takes_is_stored_and_shown_as_text(client: Client) -> None:
    product = make_goods(left=1000)
    placed = 0
    for text in STRINGS[::2]:
        with_basket(client, {product: 1})
        answer = client.post(
            "/dat-hang/", {**form_of(client), "name": f"Mai {text}"[:120], "note": text[:300]}
        )
        assert is_sound(answer, text), repr(text)
        if answer.status_code == 302 and answer["Location"].startswith("/don/"):
            placed += 1
            assert is_sound(client.get(answer["Location"]), text), repr(text)
    assert Purchase.objects.count() == stock_of(product)[1] == placed
    assert placed > len(STRINGS[::2]) / 2


@pytest.mark.django_db
@pytest.mark.parametrize("field", ["code", "digits"])
def test_following_answers_every_string_with_a_page_that_keeps_it(client: Client, field: str) -> None:
    for text in STRINGS:
        answer = client.post("/don/", {"code": "ABCD-EFGH", "digits": "12", field: text})
        assert is_sound(answer, text), repr(text)
        if answer.status_code == 200:
            assert text.replace("\r\n", "\n") in html.unescape(answer.content.decode()).replace(
                "\r\n", "\n"
            ), repr(text)


@pytest.mark.django_db
def test_the_basket_answers_every_string(client: Client) -> None:
    product = make_goods(left=1000)
    with_basket(client, {product: 1})
    line = client.get("/gio/").context["parts"][0].lines[0].line.pk
    for text in STRINGS:
        for field in ("product", "quantity"):
            fields = {"product": str(product.pk), "quantity": "x", field: text}
            assert is_sound(client.post("/gio/them/", fields, HTTP_SEC_FETCH_SITE="same-origin"), text), repr(
                text
            )
        fields = dict.fromkeys((f"quantity-{line}", "remove", "then", f"quantity-{text}"), text)
        assert is_sound(client.post("/gio/sua/", fields), text), repr(text)
    assert is_sound(client.get("/gio/"), "<script>alert(1)</script>")
    assert Purchase.objects.count() == 0


@pytest.mark.django_db
def test_the_search_box_and_the_markets_addresses_answer_every_string(client: Client) -> None:
    make_goods()
    for text in STRINGS:
        assert is_sound(client.get("/cho/", {"nhom": text, "trang": text}), text), repr(text)
    for text in STRINGS[::3]:
        assert is_sound(client.get("/tim/", {"q": text, "loai": text, "trang": text}), text), repr(text)
