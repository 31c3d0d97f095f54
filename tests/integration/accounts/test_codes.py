"""Pages where a code is asked for and typed in: what they say when another is sent, when none is, after wrong ones."""

import re
from typing import Any

import pytest
from django.contrib.auth import SESSION_KEY
from django.core.cache import cache
from django.test import Client

from base.accounts.models import User
from tests.factories.accounts import PASSWORD, UserFactory
from tests.integration.accounts.messages_sent import code_to, kinds_to

pytestmark = pytest.mark.django_db

PHONE, OTHER = "+84912345678", "+84987654321"
SIGN_IN, ASK_CODE, TYPE_CODE = "/dang-nhap/", "/dang-nhap/ma/", "/dang-nhap/ma/nhap/"
SIGN_UP, VERIFY, CHANGE = "/dang-ky/", "/tai-khoan/xac-nhan-so/", "/tai-khoan/doi-so/"
SENT = "Nếu đúng cả thì một mã khác đang tới."
NO_MORE = re.compile(r"Lúc này chưa gửi thêm mã được\. Sau ([1-9]|1[0-5]) phút nữa bạn xin mã mới được\.")
A_MOMENT_AGO = "Vừa gửi một mã rồi. Bạn đợi nửa phút rồi xin lại."
NOT_NOW = "Lúc này chưa gửi mã tới số này được. Bạn đợi một phút rồi thử lại."
VOID = "Gõ sai nhiều lần nên mã đó không dùng được nữa."


def words(answer: Any) -> str:
    return re.sub(r"<[^>]+>|\s+", " ", answer.content.decode())


def press_again(client: Client, address: str = TYPE_CODE) -> str:
    """Press "send another code"; return the words of the page that follows."""
    return words(client.post(address, {"action": "resend"}, follow=True))


def sign_up(client: Client, phone: str = PHONE) -> Any:
    return client.post(SIGN_UP, {"phone": phone, "full_name": "Lò Thị Mai", "password1": PASSWORD})


def ask_for_new_number(client: Client) -> User:
    """Sign in and ask for a code to another number; return who did."""
    user: User = UserFactory.create(phone=PHONE)
    client.post(SIGN_IN, {"login": PHONE, "password": PASSWORD})
    client.post("/tai-khoan/xac-nhan/", {"password": PASSWORD})
    client.post(CHANGE, {"phone": OTHER})
    return user


@pytest.mark.parametrize("is_known", [True, False])
def test_another_code_is_confirmed_refused_in_words_and_never_a_try(client: Client, is_known: bool) -> None:
    if is_known:
        UserFactory.create(phone=PHONE)
    client.post(ASK_CODE, {"phone": PHONE})
    pages = [press_again(client) for _ in range(5)]
    assert [SENT in page for page in pages] == [True, True, False, False, False]
    assert [bool(NO_MORE.search(page)) for page in pages] == [False, True, True, True, True]
    assert kinds_to(PHONE) == (["code"] * 3 if is_known else ["unknown"])
    assert client.post(TYPE_CODE, {"code": "000001"}).status_code == 200
    if is_known:
        client.post(TYPE_CODE, {"code": code_to(PHONE)})
        assert SESSION_KEY in client.session


def test_another_code_for_a_new_account_says_how_long_to_wait(client: Client) -> None:
    sign_up(client)
    assert A_MOMENT_AGO in press_again(client, VERIFY)
    for _ in range(2):
        cache.clear()  # half a minute
        assert SENT in press_again(client, VERIFY)
    for _ in range(4):
        assert NO_MORE.search(press_again(client, VERIFY))
    client.post(VERIFY, {"code": code_to(PHONE)})
    assert SESSION_KEY in client.session


def test_another_code_is_sent_to_a_changed_number(client: Client) -> None:
    user = ask_for_new_number(client)
    page = client.get(VERIFY)
    assert "Gửi mã khác" in words(page)
    assert "/dang-nhap/ma-gap-mat/" not in page.content.decode()
    assert A_MOMENT_AGO in press_again(client, VERIFY)
    cache.clear()
    assert SENT in press_again(client, VERIFY)
    assert kinds_to(OTHER) == ["code", "code"]
    client.post(VERIFY, {"code": code_to(OTHER)})
    user.refresh_from_db()
    assert user.phone == OTHER


@pytest.mark.parametrize("phone", [PHONE, OTHER])
def test_code_asked_for_too_often_says_ten_minutes(phone: str) -> None:
    UserFactory.create(phone=PHONE)
    answers = [Client().post(ASK_CODE, {"phone": phone}) for _ in range(4)]
    assert answers[-1].context["form"].errors == {
        "phone": ["Bạn đã xin mã nhiều lần. Đợi mười phút rồi xin lại, hoặc đăng nhập bằng mật khẩu."]
    }


@pytest.mark.parametrize("phone", [PHONE, OTHER])
def test_wrong_sign_in_codes_lead_to_where_a_new_one_is_asked_for(client: Client, phone: str) -> None:
    UserFactory.create(phone=PHONE)
    client.post(f"{ASK_CODE}?next=/ban/", {"phone": phone, "next": "/ban/"})
    for _ in range(3):
        answer = client.post(f"{TYPE_CODE}?next=/ban/", {"code": "000001", "next": "/ban/"}, follow=True)
    assert answer.redirect_chain == [(f"{ASK_CODE}?next=%2Fban%2F", 302)]
    assert f"{VOID} Bạn xin mã mới ở đây." in words(answer)


@pytest.mark.parametrize("phone", [PHONE, OTHER])
def test_wrong_sign_up_codes_lead_back_to_signing_up(client: Client, phone: str) -> None:
    UserFactory.create(phone=PHONE)
    sign_up(client, phone)
    for _ in range(3):
        answer = client.post(VERIFY, {"code": "000001"}, follow=True)
    assert answer.redirect_chain == [(SIGN_UP, 302)]
    assert f"{VOID} Bạn điền lại ở đây để nhận mã mới." in words(answer)


def test_wrong_codes_for_a_changed_number_say_that_it_is_as_before(client: Client) -> None:
    ask_for_new_number(client)
    for _ in range(3):
        answer = client.post(VERIFY, {"code": "000001"}, follow=True)
    assert answer.redirect_chain == [(CHANGE, 302)]
    assert f"{VOID} Số của bạn vẫn như cũ" in words(answer)


@pytest.mark.parametrize("phone", [PHONE, OTHER])
def test_second_sign_up_at_once_keeps_the_form_and_the_first_code(client: Client, phone: str) -> None:
    UserFactory.create(phone=PHONE)
    sign_up(client, phone)
    people = set(User.objects.values_list("pk", flat=True))
    answer = sign_up(Client(), phone)
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "60")
    assert answer.context["form"].errors == {"phone": [NOT_NOW]}
    assert 'value="Lò Thị Mai"' in answer.content.decode()
    assert PASSWORD not in answer.content.decode()
    assert set(User.objects.values_list("pk", flat=True)) == people
    if phone == OTHER:
        client.post(VERIFY, {"code": code_to(OTHER)})
        assert SESSION_KEY in client.session


def test_new_number_asked_for_twice_at_once_keeps_the_form(client: Client) -> None:
    ask_for_new_number(client)
    answer = client.post(CHANGE, {"phone": OTHER})
    assert answer.status_code == 429
    assert answer.context["form"].errors == {"phone": [NOT_NOW]}
