"""Signing in: by password, by code, through every door; and what strangers learn from it."""

import re
from collections.abc import Callable
from unittest.mock import patch

import pytest
from django.contrib.auth import SESSION_KEY, authenticate, hashers
from django.core.cache import cache
from django.test import Client

from base.accounts.models import User
from tests.factories.accounts import PASSWORD, UserFactory
from tests.integration.accounts.messages_sent import code_to, kinds_to

pytestmark = pytest.mark.django_db

PHONE = "+84912345678"
SIGN_IN, ASK_CODE, TYPE_CODE = "/dang-nhap/", "/dang-nhap/ma/", "/dang-nhap/ma/nhap/"
SPELLINGS = [
    "0912345678", "0912 345 678", "0912.345.678", "0912-345-678", "+84912345678", "+84 912 345 678", "84912345678",
    "0084912345678", "(+84) 912 345 678", "+84 0912 345 678", " 0912345678 ", "０９１２３４５６７８",
    "0912\u00a0345\u00a0678", "\u200b0912345678",
]  # fmt: skip


def is_signed_in(client: Client) -> bool:
    return SESSION_KEY in client.session


def sign_in(client: Client, phone: str = "0912 345 678", password: str = PASSWORD) -> bool:
    client.post(SIGN_IN, {"login": phone, "password": password})
    return is_signed_in(client)


def skeleton(html: str) -> str:
    """The page without its token and the typed number."""
    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"|09\d\d[ \u00a0]\d{3}[ \u00a0]\d{3}', "", html)


def hashes_of(act: Callable[[], object]) -> int:
    """Return how many password hashes an act computes."""
    hasher = type(hashers.get_hasher())
    with patch.object(hasher, "encode", autospec=True, side_effect=hasher.encode) as encode:
        act()
    return encode.call_count


@pytest.mark.parametrize("typed", SPELLINGS)
def test_sign_in_takes_any_spelling_of_the_phone(client: Client, typed: str) -> None:
    UserFactory.create(phone=PHONE)
    assert sign_in(client, phone=typed)


def test_sign_in_leads_to_the_page_asked_for(client: Client) -> None:
    UserFactory.create(phone=PHONE)
    answer = client.post(f"{SIGN_IN}?next=/ban/", {"login": PHONE, "password": PASSWORD, "next": "/ban/"})
    assert answer.headers["Location"] == "/ban/"


@pytest.mark.parametrize(
    "elsewhere", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"]
)
def test_sign_in_leads_to_no_other_site(client: Client, elsewhere: str) -> None:
    UserFactory.create(phone=PHONE)
    answer = client.post(SIGN_IN, {"login": PHONE, "password": PASSWORD, "next": elsewhere})
    assert answer.headers["Location"] == "/tai-khoan/"


def test_sign_in_keeps_what_the_device_did_before(client: Client) -> None:
    UserFactory.create(phone=PHONE)
    session = client.session
    session["basket"] = "made-on-the-device"
    session.save()
    before = session.session_key
    assert sign_in(client)
    assert client.session["basket"] == "made-on-the-device"
    assert client.session.session_key != before


def test_sign_in_answers_wrong_password_and_unknown_phone_alike() -> None:
    UserFactory.create(phone=PHONE)
    User.objects.create(
        phone="+84987654321", password=hashers.make_password(PASSWORD)
    )  # signed up, never verified
    UserFactory.create(phone="+84987654322", password=None)
    pages = {
        skeleton(Client().post(SIGN_IN, {"login": phone, "password": "not this one"}).content.decode())
        for phone in ("0912 345 678", "0987 654 321", "0987 654 322", "0987 654 323")
    }
    assert len(pages) == 1


def test_sign_in_takes_as_long_for_an_unknown_phone() -> None:
    UserFactory.create(phone=PHONE)
    UserFactory.create(phone="+84987654322", password=None)
    phones = ("0912 345 678", "0987 654 322", "0987 654 323")
    assert {hashes_of(lambda p=phone: sign_in(Client(), p, "not this one")) for phone in phones} == {1}


def test_code_request_answers_known_and_unknown_phone_alike() -> None:
    UserFactory.create(phone=PHONE)
    clients = [Client(), Client()]
    answers = [
        c.post(ASK_CODE, {"phone": p}) for c, p in zip(clients, ("0912 345 678", "0987 654 323"), strict=True)
    ]
    assert {(a.status_code, a.headers["Location"]) for a in answers} == {(302, TYPE_CODE)}
    assert len({skeleton(c.get(TYPE_CODE).content.decode()) for c in clients}) == 1
    for wrong in ("111111", "222222", "333333"):
        answers = [c.post(TYPE_CODE, {"code": wrong}) for c in clients]
        assert len({(a.status_code, a.headers.get("Location")) for a in answers}) == 1


def test_code_request_counts_the_same_for_known_and_unknown_phone() -> None:
    UserFactory.create(phone=PHONE)
    seen = {
        phone: [Client().post(ASK_CODE, {"phone": phone}).status_code for _ in range(5)]
        for phone in ("0912 345 678", "0987 654 323")
    }
    assert list(seen.values()) == [[302, 302, 302, 200, 200]] * 2


def test_code_signs_in_once(client: Client) -> None:
    UserFactory.create(phone=PHONE)
    client.post(ASK_CODE, {"phone": "0912 345 678"})
    code = code_to(PHONE)
    answer = client.post(TYPE_CODE, {"code": f" {code[:3]} {code[3:]} "})
    assert answer.headers["Location"] == "/tai-khoan/"
    assert is_signed_in(client)
    other = Client()
    other.post(TYPE_CODE, {"code": code})
    assert not is_signed_in(other)


def test_code_is_void_after_three_wrong_tries(client: Client) -> None:
    UserFactory.create(phone=PHONE)
    client.post(ASK_CODE, {"phone": "0912 345 678"})
    code = code_to(PHONE)
    wrong = "111111" if code != "111111" else "222222"
    for _ in range(3):
        client.post(TYPE_CODE, {"code": wrong})
    client.post(TYPE_CODE, {"code": code})
    assert not is_signed_in(client)


def test_another_code_can_be_asked_for_twice(client: Client) -> None:
    UserFactory.create(phone=PHONE)
    client.post(ASK_CODE, {"phone": "0912 345 678"})
    client.post(TYPE_CODE, {"action": "resend"})
    second = code_to(PHONE)
    client.post(TYPE_CODE, {"code": second})
    assert is_signed_in(client)
    assert kinds_to(PHONE) == ["code", "code"]


def test_right_password_is_refused_after_five_wrong_ones_but_the_code_works(client: Client) -> None:
    UserFactory.create(phone=PHONE)
    for _ in range(5):
        assert not sign_in(Client(), password="not this one")
    answer = client.post(SIGN_IN, {"login": PHONE, "password": PASSWORD})
    assert answer.status_code == 200
    assert not is_signed_in(client)
    client.post(ASK_CODE, {"phone": "0912 345 678"})
    client.post(TYPE_CODE, {"code": code_to(PHONE)})
    assert is_signed_in(client)


def test_lost_password_is_replaced_after_a_code(client: Client) -> None:
    UserFactory.create(phone=PHONE)
    client.post(ASK_CODE, {"phone": "0912 345 678"})
    client.post(TYPE_CODE, {"code": code_to(PHONE)})
    answer = client.post("/tai-khoan/mat-khau/", {"new_password": "mua-he-tren-ban"})
    assert answer.headers["Location"] == "/tai-khoan/"
    assert is_signed_in(client)
    assert sign_in(Client(), password="mua-he-tren-ban")


def test_new_password_asks_for_the_old_one_after_signing_in_by_it(client: Client) -> None:
    UserFactory.create(phone=PHONE)
    sign_in(client)
    answer = client.post("/tai-khoan/mat-khau/", {"new_password": "mua-he-tren-ban"})
    assert answer.context["form"].errors.keys() == {"old_password"}
    answer = client.post(
        "/tai-khoan/mat-khau/", {"old_password": "not this one", "new_password": "mua-he-tren-ban"}
    )
    assert answer.context["form"].errors.keys() == {"old_password"}
    answer = client.post(
        "/tai-khoan/mat-khau/", {"old_password": PASSWORD, "new_password": "mua-he-tren-ban"}
    )
    assert answer.headers["Location"] == "/tai-khoan/"


def test_new_password_guessing_ends(client: Client) -> None:
    user = UserFactory.create(phone=PHONE)
    client.force_login(user)
    codes = [
        client.post("/tai-khoan/mat-khau/", {"old_password": "x", "new_password": "y"}).status_code
        for _ in range(12)
    ]
    assert codes == [200] * 10 + [429] * 2


def test_closed_account_does_not_open(client: Client) -> None:
    user = UserFactory.create(phone=PHONE)
    user.is_active = False
    user.save()
    assert not sign_in(client)
    client.post(ASK_CODE, {"phone": "0912 345 678"})
    answer = client.post(TYPE_CODE, {"code": code_to(PHONE)}, follow=True)
    assert (
        "Chỉ nhân viên hệ thống mở lại được." in answer.content.decode()
    )  # no manager finds a closed account
    assert not is_signed_in(client)


DOORS = ["/quan-tri/login/", "/quan-tri/he-thong/login/", "/quan-tri/cho/login/", "/quan-tri/password_reset/"]


@pytest.mark.parametrize("door", DOORS)
def test_every_other_door_leads_to_ours(client: Client, door: str) -> None:
    UserFactory.create(phone=PHONE, is_staff=True, is_superuser=True)
    for answer in (
        client.get(door),
        client.post(door, {"username": PHONE, "password": PASSWORD, "email": PHONE,
                           "login-username": PHONE, "login-password": PASSWORD, "login_submit": "1"}),
    ):  # fmt: skip
        assert answer.status_code == 302
        assert answer.headers["Location"].startswith("/dang-nhap/?next=")
    assert not is_signed_in(client)


@pytest.mark.parametrize("door", DOORS)
def test_no_door_sends_a_signed_in_person_round_and_round(client: Client, door: str) -> None:
    client.force_login(UserFactory.create())
    assert client.get(door).status_code == 403


def test_backend_knows_no_user_name(client: Client) -> None:
    """What the login forms of Wagtail, Django's admin and Oscar pass."""
    UserFactory.create(phone=PHONE)
    assert authenticate(None, username=PHONE, password=PASSWORD) is None
    assert authenticate(None, phone=PHONE, password=PASSWORD) is not None


def test_phone_is_changed_after_password_and_code(client: Client) -> None:
    user = UserFactory.create(phone=PHONE)
    sign_in(client)
    answer = client.post("/tai-khoan/doi-so/", {"phone": "0987 654 321"})
    assert answer.headers["Location"].startswith("/tai-khoan/xac-nhan/")
    answer = client.post(
        "/tai-khoan/xac-nhan/?next=/tai-khoan/doi-so/", {"password": PASSWORD, "next": "/tai-khoan/doi-so/"}
    )
    client.post("/tai-khoan/doi-so/", {"phone": "0987 654 321"})
    answer = client.post("/tai-khoan/xac-nhan-so/", {"code": code_to("+84987654321")})
    assert answer.status_code == 302
    user.refresh_from_db()
    assert (user.phone, user.is_phone_verified) == ("+84987654321", True)


def test_phone_is_changed_to_one_that_a_stranger_signed_up_with(client: Client) -> None:
    user = UserFactory.create(phone=PHONE)
    Client().post("/dang-ky/", {"phone": "0987 654 321", "password1": PASSWORD})
    cache.clear()
    change_phone(client, "0987 654 321")
    user.refresh_from_db()
    assert user.phone == "+84987654321"
    assert User.objects.count() == 1


def test_phone_of_another_is_not_taken(client: Client) -> None:
    user, other = UserFactory.create(phone=PHONE), UserFactory(phone="+84987654321")
    change_phone(client, "0987 654 321")
    user.refresh_from_db()
    other.refresh_from_db()
    assert (user.phone, other.phone) == (PHONE, "+84987654321")


def change_phone(client: Client, typed: str) -> None:
    sign_in(client)
    client.post("/tai-khoan/xac-nhan/", {"password": PASSWORD})
    client.post("/tai-khoan/doi-so/", {"phone": typed})
    client.post("/tai-khoan/xac-nhan-so/", {"code": code_to("+84987654321")})


def test_my_page_shows_my_doors_only(client: Client) -> None:
    client.force_login(UserFactory.create())
    page = client.get("/tai-khoan/").content.decode()
    assert "Lò Thị Mai" in page
    doors = re.findall(r'class="tile" href="([^"]+)"', page)
    assert doors == ["/hoc/cua-toi/", "/don/"]


def test_my_name_is_stored_in_one_spelling(client: Client) -> None:
    import unicodedata

    user = UserFactory.create()
    client.force_login(user)
    client.post("/tai-khoan/ten/", {"full_name": unicodedata.normalize("NFD", "Đinh  Thị Mỹ Lệ")})
    user.refresh_from_db()
    assert (user.last_name, user.first_name) == ("Đinh Thị Mỹ", "Lệ")


def test_signing_out_needs_a_post(client: Client) -> None:
    client.force_login(UserFactory.create())
    assert client.get("/dang-xuat/").status_code == 200
    assert is_signed_in(client)
    client.post("/dang-xuat/")
    assert not is_signed_in(client)
