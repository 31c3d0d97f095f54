"""The second factor that /quan-tri/ asks for in production."""

import re
from urllib.parse import unquote

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.contrib.auth import SESSION_KEY
from django.core.cache import cache
from django.test import Client
from pytest_django import Settings

from base.accounts.models import User
from tests.factories.accounts import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db

ADMIN = "/quan-tri/he-thong/"
SET_UP = "/tai-khoan/hai-lop/bat/"


@pytest.fixture(autouse=True)
def _as_in_production(settings: Settings) -> None:
    settings.STAFF_SECOND_FACTOR = True


@pytest.fixture
def staff() -> User:
    return UserFactory.create(is_staff=True, is_superuser=True)


def code_of(secret: str) -> str:
    """What the app on the phone would show."""
    return format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))


def sign_in(client: Client, user: User) -> str:
    answer = client.post("/dang-nhap/", {"login": user.phone, "password": PASSWORD, "next": ADMIN})
    return answer.headers["Location"]


def set_up(client: Client) -> str:
    """Set up the app; return its secret."""
    client.post("/tai-khoan/xac-nhan/", {"password": PASSWORD})
    page = client.get(SET_UP).content.decode()
    found = re.search(r'class="code">([A-Z2-7]+)<', page)
    assert found
    answer = client.post(SET_UP, {"code": code_of(found.group(1))})
    assert answer.headers["Location"] == "/tai-khoan/hai-lop/ma-du-phong/"
    return found.group(1)


def test_guest_is_sent_to_sign_in(client: Client) -> None:
    assert client.get(ADMIN).headers["Location"] == f"/dang-nhap/?next={ADMIN}"


@pytest.mark.parametrize(
    ("door", "behind"), [("", "/quan-tri/"), ("cho/", "/quan-tri/cho/"), ("he-thong/", "/quan-tri/he-thong/")]
)
def test_another_door_leads_to_what_is_behind_it_and_not_back_to_itself(
    client: Client, door: str, behind: str
) -> None:
    answer = client.get(f"/quan-tri/{door}login/")
    assert unquote(answer.headers["Location"]) == f"/dang-nhap/?next={behind}"


@pytest.mark.django_db(transaction=True)  # allauth tells of the new app after a real commit
def test_staff_without_second_factor_sets_one_up_and_is_in(client: Client, staff: User) -> None:
    assert sign_in(client, staff) == ADMIN
    assert client.get(ADMIN).headers["Location"] == SET_UP
    set_up(client)
    assert client.get(ADMIN).status_code == 200


def test_staff_signs_in_with_both(client: Client, staff: User) -> None:
    sign_in(client, staff)
    secret = set_up(client)
    other = Client()
    assert sign_in(other, staff) == "/dang-nhap/hai-lop/"
    assert SESSION_KEY not in other.session
    assert other.get(ADMIN).headers["Location"] == f"/dang-nhap/?next={ADMIN}"
    assert other.post("/dang-nhap/hai-lop/", {"code": "000000"}).status_code == 200
    cache.clear()  # the app's code was used a moment ago; allauth remembers that there
    answer = other.post("/dang-nhap/hai-lop/", {"code": code_of(secret)})
    assert answer.headers["Location"] == ADMIN
    assert other.get(ADMIN).status_code == 200


def test_session_without_second_factor_is_ended(client: Client, staff: User) -> None:
    """A session from before the second factor was set up elsewhere."""
    sign_in(client, staff)
    other = Client()
    sign_in(other, staff)
    set_up(other)
    assert client.get(ADMIN).headers["Location"] == f"/dang-nhap/?next={ADMIN}"
    assert SESSION_KEY not in client.session


@pytest.mark.parametrize(
    "path", ["/quan-tri/", "/quan-tri/pages/", "/QUAN-TRI/he-thong/", "/quan-tri/he-thong/accounts/user/"]
)
def test_whole_admin_is_behind_it(client: Client, staff: User, path: str) -> None:
    client.force_login(staff)
    answer = client.get(path)
    assert (answer.status_code, answer.headers.get("Location")) in {(302, SET_UP), (404, None)}


def test_who_has_no_business_there_is_refused_before(client: Client) -> None:
    client.force_login(UserFactory.create())
    assert client.get("/quan-tri/").status_code == 403


def test_demo_asks_for_none(client: Client, staff: User, settings: Settings) -> None:
    settings.STAFF_SECOND_FACTOR = False
    client.force_login(staff)
    assert client.get(ADMIN).status_code == 200


@pytest.mark.django_db(transaction=True)
def test_too_many_wrong_app_codes_say_what_is_true_of_them(client: Client, staff: User) -> None:
    wait = "Bạn đã thử nhiều lần. Đợi năm phút rồi gõ sáu số mà ứng dụng hiện lúc đó."
    sign_in(client, staff)
    client.post("/tai-khoan/xac-nhan/", {"password": PASSWORD})
    tries = [client.post(SET_UP, {"code": "no code"}) for _ in range(6)]
    assert tries[-1].context["form"].errors == {"code": [wait]}
    cache.clear()
    set_up(client)
    client.post("/dang-xuat/")
    sign_in(client, staff)
    tries = [client.post("/dang-nhap/hai-lop/", {"code": "no code"}) for _ in range(6)]
    assert tries[-1].context["form"].errors == {"code": [wait]}
