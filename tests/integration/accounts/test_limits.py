"""What too many wrong tries shut: one phone's door for a while, nobody else's; and that the pages say so truly."""

import pytest
from django.contrib.auth import SESSION_KEY
from django.test import Client

from tests.factories.accounts import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db

PHONE, OTHER, UNKNOWN = "+84912345678", "+84987654321", "+84987654322"
SIGN_IN, AGAIN = "/dang-nhap/", "/tai-khoan/xac-nhan/"
WRONG = "not this one"


def sign_in(phone: str, password: str = PASSWORD) -> bool:
    client = Client()
    client.post(SIGN_IN, {"login": phone, "password": password})
    return SESSION_KEY in client.session


def guess(phone: str, times: int = 5) -> list[str]:
    """Return what the page says to each wrong password for a phone."""
    answers = [Client().post(SIGN_IN, {"login": phone, "password": WRONG}) for _ in range(times)]
    return [answer.context["form"].non_field_errors()[0] for answer in answers]


def test_wrong_passwords_for_many_phones_shut_nobody_out() -> None:
    UserFactory.create(phone=PHONE)
    for number in range(6):
        guess(f"091234500{number}", times=1)
    assert sign_in(PHONE)


def test_wrong_passwords_shut_one_phone_in_any_spelling() -> None:
    UserFactory.create(phone=PHONE)
    UserFactory.create(phone=OTHER)
    for spelling in ("0912345678", "0912 345 678", "+84 912 345 678", "0084912345678", "(+84) 912.345.678"):
        guess(spelling, times=1)
    assert not any(sign_in(spelling) for spelling in (PHONE, "0912 345 678", "84912345678"))
    assert sign_in(OTHER)


def test_known_and_unknown_phone_are_shut_alike() -> None:
    UserFactory.create(phone=PHONE)
    known, unknown = guess(PHONE, times=6), guess(UNKNOWN, times=6)
    assert known == unknown
    assert len(set(known[:5])) == 1
    assert known[5] != known[0]


def test_wrong_passwords_asked_once_more_shut_only_ones_own() -> None:
    clients = [Client(), Client()]
    for client, phone in zip(clients, (PHONE, OTHER), strict=True):
        client.force_login(UserFactory.create(phone=phone))
    for _ in range(5):
        clients[0].post(AGAIN, {"password": WRONG})
    assert [client.post(AGAIN, {"password": PASSWORD}).status_code for client in clients] == [200, 302]
    assert [sign_in(phone) for phone in (PHONE, OTHER)] == [False, True]


def test_words_after_too_many_passwords_are_true_where_they_stand() -> None:
    client = Client()
    client.force_login(UserFactory.create(phone=PHONE))
    for _ in range(6):
        answer = client.post(AGAIN, {"password": WRONG})
    assert answer.context["form"].errors == {
        "password": ["Bạn đã thử nhiều lần. Đợi năm phút rồi gõ lại mật khẩu."]
    }
    assert guess(OTHER, times=6)[5] == "Bạn đã thử nhiều lần. Đợi năm phút, hoặc đăng nhập bằng mã."
