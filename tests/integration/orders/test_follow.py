"""Following a purchase: code and digits open it, and a wrong one of either tells nothing about the other."""

from __future__ import annotations

import re
from urllib.parse import quote

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from base.codes import check_character
from marketplace.order.models import Purchase
from marketplace.order.views import TRIES_PER_ADDRESS, TRIES_PER_CODE
from tests.factories.accounts import UserFactory
from tests.factories.orders import make_goods, make_purchase
from tests.integration.orders.concurrency import at_once

URL = "/don/"
NO_SUCH_CODE = "AAAAAAA" + check_character("AAAAAAA")


@pytest.fixture
def purchase(db: None) -> Purchase:
    """Return a purchase over two cooperatives, by 0912 345 678."""
    return make_purchase({make_goods(title="Đậu đỏ"): 2, make_goods(title="Mật ong"): 1})


def ask(client: Client, code: str, digits: str) -> tuple[int, str]:
    """Return status and page, without the token and what was typed, which differ by nature."""
    answer = client.post(URL, {"code": code, "digits": digits})
    page = answer.content.decode().replace(code, "CODE").replace(digits, "DIGITS")
    return answer.status_code, re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", page)


@pytest.mark.django_db
def test_code_and_digits_open_the_purchase_and_this_phone_remembers_it(
    client: Client, purchase: Purchase
) -> None:
    assert "Lò Thị Mai" not in client.get(f"/don/{purchase.code}/").content.decode()
    answer = client.post(URL, {"code": f" {purchase.code[:4].lower()}-{purchase.code[4:]}", "digits": "5678"})
    assert answer["Location"] == f"/don/{purchase.code}/"
    page = client.get(f"/don/{purchase.code}/").content.decode()
    assert all(text in page for text in ("Lò Thị Mai", "Đậu đỏ", "Mật ong", "0912\xa0345\xa0678"))
    assert "Lò Thị Mai" not in Client().get(f"/don/{purchase.code}/").content.decode()


@pytest.mark.django_db
def test_digits_may_be_typed_in_full_width(client: Client, purchase: Purchase) -> None:
    assert client.post(URL, {"code": purchase.code, "digits": "５６７８"}).status_code == 302


def test_a_wrong_code_and_wrong_digits_get_the_same_answer_to_the_byte(purchase: Purchase) -> None:
    order_code = purchase.orders.all()[0].number
    answers = {
        ask(Client(), purchase.code, "1111"),  # right code, wrong digits
        ask(Client(), order_code, "1111"),
        ask(Client(), NO_SUCH_CODE, "5678"),  # no such code, somebody's digits
        ask(Client(), NO_SUCH_CODE, "0000"),
    }
    assert len(answers) == 1
    assert next(iter(answers))[0] == 200


def test_a_wrong_code_and_wrong_digits_cost_the_same_queries(
    purchase: Purchase,
) -> None:
    counts = set()
    for code, digits in (
        (purchase.code, "1111"),
        (NO_SUCH_CODE, "5678"),
        (purchase.orders.all()[0].number, "1111"),
    ):
        client = Client()
        with CaptureQueriesContext(connection) as queries:
            client.post(URL, {"code": code, "digits": digits})
        counts.add(len(queries))
    assert len(counts) == 1


def test_the_page_of_a_code_is_the_same_question_whether_the_code_exists_or_not(purchase: Purchase) -> None:
    def shown(code: str) -> tuple[int, str]:
        answer = Client().get(f"/don/{code}/")
        page = answer.content.decode().replace(code, "CODE")
        return answer.status_code, re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", page)

    assert shown(purchase.code) == shown(NO_SUCH_CODE) == shown(purchase.orders.all()[0].number)


def test_an_orders_code_opens_that_order_only(client: Client, purchase: Purchase) -> None:
    first, second = purchase.orders.order_by("pk")
    assert client.post(URL, {"code": first.number, "digits": "5678"})["Location"] == f"/don/{first.number}/"
    page = client.get(f"/don/{first.number}/").content.decode()
    assert "Đậu đỏ" in page
    assert "Mật ong" not in page
    assert second.number[:4] + "-" not in page
    assert purchase.code[:4] + "-" not in page
    for code in (purchase.code, second.number):
        assert "Mật ong" not in client.get(f"/don/{code}/").content.decode()


def test_its_owner_sees_it_signed_in_and_another_person_does_not(db: None) -> None:
    mai, chu = UserFactory.create(), UserFactory.create()
    purchase = make_purchase({make_goods(title="Đậu đỏ"): 1}, user=mai)
    for person, is_shown in ((mai, True), (chu, False)):
        client = Client()
        client.force_login(person)
        for code in (purchase.code, purchase.orders.get().number):
            assert ("Đậu đỏ" in client.get(f"/don/{code}/").content.decode()) is is_shown


def test_a_code_is_closed_after_too_many_tries_also_for_the_right_digits(purchase: Purchase) -> None:
    """Whether the code exists or not: the tries of both are counted alike."""
    for code in (purchase.code, NO_SUCH_CODE):
        answers = [
            ask(Client(REMOTE_ADDR=f"203.0.113.{n}"), code, f"{n:04}")[0] for n in range(TRIES_PER_CODE)
        ]
        assert answers == [200] * TRIES_PER_CODE
        assert ask(Client(REMOTE_ADDR="203.0.113.99"), code, "5678")[0] == 429


@pytest.mark.django_db
def test_form_of_a_browser_that_keeps_no_cookies_is_not_called_too_old() -> None:
    client = Client(enforce_csrf_checks=True)
    form = {"code": NO_SUCH_CODE, "digits": "5678"}
    client.get(URL)
    client.cookies.clear()
    answer = client.post(URL, form)
    assert answer.status_code == 403
    assert "Trình duyệt đang chặn cookie" in answer.content.decode()
    client.get(URL)
    assert "Trang này mở đã lâu quá" in client.post(URL, form).content.decode()
    client.cookies.clear()
    from_elsewhere = client.post(URL, form, headers={"Origin": "https://elsewhere.example"})
    assert "chặn cookie" not in from_elsewhere.content.decode()


def test_right_answers_are_no_tries(purchase: Purchase) -> None:
    for n in range(TRIES_PER_ADDRESS + 1):
        assert Client().post(URL, {"code": purchase.code, "digits": "5678"}).status_code == 302, n
    for n in range(TRIES_PER_CODE):
        assert ask(Client(), purchase.code, f"{n:04}")[0] == 200
    assert ask(Client(), purchase.code, "5678")[0] == 429


@pytest.mark.django_db(transaction=True)
def test_many_guesses_at_once_are_no_more_than_the_tries_of_a_code() -> None:
    """A guess is counted before it is looked at: of all endings sent together only so many are compared."""
    purchase = make_purchase({make_goods(): 1})

    def guess(n: int) -> int:
        browser = Client(REMOTE_ADDR=f"203.0.113.{n}")
        return browser.post(URL, {"code": purchase.code, "digits": f"{n:04}"}).status_code

    answers = at_once([lambda n=n: guess(n) for n in range(TRIES_PER_CODE + 10)])
    assert sorted(answers) == [200] * TRIES_PER_CODE + [429] * 10


@pytest.mark.parametrize("typed", ["0912345678", "0912 345 678", "+84 912.345.678", "84912345678"])
def test_whole_phone_number_counts_as_its_last_digits(client: Client, purchase: Purchase, typed: str) -> None:
    assert client.post(URL, {"code": purchase.code, "digits": typed}).status_code == 302


@pytest.mark.parametrize("typed", ["567", "56789", "0912 FLOWER", "9" * 41, "12345678"])
def test_other_digits_are_asked_for_as_four(client: Client, purchase: Purchase, typed: str) -> None:
    page = client.post(URL, {"code": purchase.code, "digits": typed}).content.decode()
    assert "Bạn ghi 4 số cuối, ví dụ 4567." in page
    assert "Dài quá" not in page
    assert f'value="{typed}"' in page


def test_an_address_is_closed_after_too_many_tries(purchase: Purchase) -> None:
    client = Client(REMOTE_ADDR="203.0.113.7")
    for _ in range(TRIES_PER_ADDRESS):
        assert ask(client, "wrong", "1111")[0] == 200
    assert ask(client, purchase.code, "5678")[0] == 429
    assert (
        Client(REMOTE_ADDR="203.0.113.8").post(URL, {"code": purchase.code, "digits": "5678"}).status_code
        == 302
    )


def test_other_peoples_slips_do_not_close_the_page_for_me(purchase: Purchase) -> None:
    """What cannot be a code at all (its check character is wrong) is counted for its address only."""
    for n in range(TRIES_PER_CODE + 2):
        ask(Client(REMOTE_ADDR=f"203.0.113.{n}"), "22222223", "1111")
    assert ask(Client(REMOTE_ADDR="198.51.100.1"), "22222223", "1111")[0] == 200


def test_a_form_with_a_slip_is_not_counted_and_keeps_what_was_typed(
    client: Client, purchase: Purchase
) -> None:
    for _ in range(TRIES_PER_CODE + 1):
        page = client.post(URL, {"code": purchase.code, "digits": "567"}).content.decode()
        assert f'value="{purchase.code}"' in page
        assert 'value="567"' in page
    assert client.post(URL, {"code": purchase.code, "digits": "5678"}).status_code == 302
    assert client.post(URL, {}).status_code == 200


def test_a_purchases_page_is_kept_by_no_cache(client: Client, purchase: Purchase) -> None:
    client.post(URL, {"code": purchase.code, "digits": "5678"})
    for path in (URL, f"/don/{purchase.code}/"):
        assert "no-store" in client.get(path)["Cache-Control"]
        assert client.head(path).status_code == 200


@pytest.mark.parametrize(
    "code", ["x", "..%2f", "%00", "' OR 1=1--", "<script>", "Ａ" * 8, "۱۲۳۴۵۶۷۸", "a" * 3000, "\u202e\u0301"]
)
def test_strange_codes_in_the_address_are_asked_about_or_refused(db: None, client: Client, code: str) -> None:
    answer = client.get(f"/don/{quote(code, safe='%')}/")
    assert answer.status_code in (200, 400, 404)
    assert b"<script>x" not in answer.content
