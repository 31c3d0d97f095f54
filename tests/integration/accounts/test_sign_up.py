"""Making an account: nobody takes another's phone, nobody learns who has one, crowds are answered."""

import re
from collections.abc import Callable
from unittest.mock import patch

import pytest
from django.contrib.auth import SESSION_KEY, hashers
from django.test import Client, override_settings
from django.urls import reverse

from base.accounts.models import SentMessage, User
from tests.factories.accounts import PASSWORD, UserFactory
from tests.integration.accounts.messages_sent import code_to, kinds_to

pytestmark = pytest.mark.django_db

TYPED = "0912 345 678"
PHONE = "+84912345678"
SIGN_UP, VERIFY = "/dang-ky/", "/tai-khoan/xac-nhan-so/"
SIGN_IN, ASK_CODE, TYPE_CODE = "/dang-nhap/", "/dang-nhap/ma/", "/dang-nhap/ma/nhap/"


def sign_up(client: Client, phone: str = TYPED, password: str = PASSWORD, name: str = "") -> str:
    """Send the form; return where it leads."""
    answer = client.post(SIGN_UP, {"phone": phone, "full_name": name, "password1": password})
    return answer.headers.get("Location", str(answer.status_code))


def is_signed_in(client: Client) -> bool:
    return SESSION_KEY in client.session


def sign_in(client: Client, phone: str = TYPED, password: str = PASSWORD) -> bool:
    client.post(SIGN_IN, {"login": phone, "password": password})
    return is_signed_in(client)


def skeleton(html: str) -> str:
    """The page without what differs between any two visits."""
    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", html)


def test_sign_up_signs_in_after_the_code(client: Client) -> None:
    assert sign_up(client, name="  Lò  Thị Mai ") == VERIFY
    assert not is_signed_in(client)
    user = User.objects.get()
    assert (user.phone, user.phone_verified_at, user.get_full_name()) == (PHONE, None, "Lò Thị Mai")
    answer = client.post(VERIFY, {"code": code_to(PHONE)})
    assert answer.headers["Location"] == "/tai-khoan/"
    assert is_signed_in(client)
    user.refresh_from_db()
    assert user.is_phone_verified


def test_sign_up_keeps_what_was_typed_beside_the_error(client: Client) -> None:
    answer = client.post(SIGN_UP, {"phone": "0912", "full_name": "Lò Thị Mai", "password1": PASSWORD})
    assert answer.status_code == 200
    page = answer.content.decode()
    assert 'value="0912"' in page
    assert 'value="Lò Thị Mai"' in page
    assert "id_phone_error" in page
    assert not User.objects.exists()


@pytest.mark.parametrize("password", ["ngan", "12345678", "password"])
def test_sign_up_refuses_a_bad_password(client: Client, password: str) -> None:
    answer = client.post(SIGN_UP, {"phone": TYPED, "password1": password})
    assert answer.status_code == 200
    assert answer.context["form"].errors.keys() == {"password1"}


@pytest.mark.parametrize(
    "password", ["0912345678", "+84 912 345 678", "0912.345.678", "84912345678", "912345678"]
)
def test_ones_phone_is_no_password(client: Client, password: str) -> None:
    refused = {"password1": ["Đây là số điện thoại của bạn, người khác cũng biết. Bạn chọn mật khẩu khác."]}
    answer = client.post(SIGN_UP, {"phone": TYPED, "password1": password})
    assert answer.context["form"].errors == refused
    client.force_login(UserFactory.create(phone=PHONE))
    answer = client.post("/tai-khoan/mat-khau/", {"old_password": PASSWORD, "new_password": password})
    assert answer.context["form"].errors == {"new_password": refused["password1"]}


def test_sign_up_by_another_never_opens_the_account_later(client: Client) -> None:
    """Pre-hijack: a stranger signs up with the phone and never verifies; its owner comes by code."""
    stranger = Client()
    sign_up(stranger, password="password-of-the-stranger")
    client.post(ASK_CODE, {"phone": TYPED})  # the owner has no account yet, as far as anybody can tell
    assert kinds_to(PHONE) == ["code", "unknown"]
    assert not sign_in(Client(), password="password-of-the-stranger")


def test_owner_signs_up_over_the_row_of_a_stranger(client: Client) -> None:
    stranger = Client()
    assert sign_up(stranger, password="password-of-the-stranger") == VERIFY
    strangers_row = User.objects.get().pk
    time_passes()
    assert sign_up(client) == VERIFY
    assert User.objects.get().pk != strangers_row
    assert client.post(VERIFY, {"code": code_to(PHONE)}).headers["Location"] == "/tai-khoan/"
    assert not sign_in(Client(), password="password-of-the-stranger")
    assert sign_in(Client())
    answer = stranger.post(VERIFY, {"code": code_to(PHONE)})  # the stranger's own page is void
    assert answer.status_code in (200, 302)
    assert not is_signed_in(stranger)


def test_stranger_signing_up_over_the_owner_gains_nothing(client: Client) -> None:
    """The other order: the owner waits for the code while a stranger signs up again."""
    sign_up(client)
    first_code = code_to(PHONE)
    time_passes()
    stranger = Client()
    sign_up(stranger, password="password-of-the-stranger")
    client.post(VERIFY, {"code": first_code})
    assert not is_signed_in(client)
    assert not sign_in(Client(), password="password-of-the-stranger")


def test_unverified_row_is_invisible_to_every_door(client: Client) -> None:
    sign_up(Client(), password="password-of-the-stranger")
    assert not sign_in(client, password="password-of-the-stranger")
    client.post(ASK_CODE, {"phone": TYPED})
    assert kinds_to(PHONE) == ["code", "unknown"]


def test_row_with_things_attached_is_kept_and_loses_its_password(client: Client) -> None:
    from django.contrib.auth.models import Group

    row = User.objects.create(phone=PHONE)
    row.set_password("password-of-the-stranger")
    row.save()
    row.groups.add(Group.objects.create(name="ai đó"))
    assert sign_up(client) == VERIFY
    row.refresh_from_db()
    assert not row.has_usable_password()
    assert kinds_to(PHONE) == ["known"]


def test_helper_made_account_is_opened_by_code_only(client: Client) -> None:
    made = UserFactory.create(phone=PHONE, password=None)
    assert not made.is_phone_verified
    assert sign_up(Client(), password="password-of-the-stranger") == VERIFY
    assert kinds_to(PHONE) == ["known"]
    client.post(ASK_CODE, {"phone": TYPED})
    client.post(TYPE_CODE, {"code": code_to(PHONE)})
    assert client.session[SESSION_KEY] == str(made.pk)
    made.refresh_from_db()
    assert made.is_phone_verified


def test_sign_up_answers_a_known_phone_in_the_same_words(client: Client) -> None:
    UserFactory.create(phone=PHONE)
    other = Client()
    assert sign_up(client) == sign_up(other, phone="0987 654 321") == VERIFY
    known, new = (c.get(VERIFY).content.decode() for c in (client, other))
    assert skeleton(known).replace("0912\u00a0345\u00a0678", "#") == skeleton(new).replace(
        "0987\u00a0654\u00a0321", "#"
    )
    for wrong in ("111111", "", "abc", "000000"):
        answers = [c.post(VERIFY, {"code": wrong}) for c in (client, other)]
        assert len({(a.status_code, a.headers.get("Location")) for a in answers}) == 1
    assert kinds_to(PHONE) == ["known"]


def test_sign_up_answers_resend_the_same(client: Client) -> None:
    UserFactory.create(phone=PHONE)
    other = Client()
    sign_up(client)
    sign_up(other, phone="0987 654 321")
    for _ in range(4):
        time_passes()
        answers = [c.post(VERIFY, {"action": "resend"}) for c in (client, other)]
        assert len({(a.status_code, a.headers.get("Location")) for a in answers}) == 1
        pages = [skeleton(c.get(VERIFY).content.decode()) for c in (client, other)]
        assert pages[0].replace("0912\u00a0345\u00a0678", "#") == pages[1].replace(
            "0987\u00a0654\u00a0321", "#"
        )


def test_sign_up_takes_as_long_for_a_known_phone(client: Client) -> None:
    """Time goes into password hashes: the same number of them for a known phone and a new one."""
    UserFactory.create(phone=PHONE)
    assert (
        hashes_of(lambda: sign_up(client)) == hashes_of(lambda: sign_up(Client(), phone="0987 654 321")) == 1
    )


def test_fourth_sign_up_a_minute_from_one_address_is_answered() -> None:
    assert [sign_up(Client(), phone=f"09123456{n:02}") for n in range(10)] == [VERIFY] * 10


@override_settings(ACCOUNT_RATE_LIMITS={"verify_phone": "3/m/ip"})
def test_sign_up_over_the_limit_is_429_not_500() -> None:
    """With allauth's own limit, which nobody there catches."""
    answers = [sign_up(Client(), phone=f"09123456{n:02}") for n in range(5)]
    assert answers == [VERIFY, VERIFY, VERIFY, "429", "429"]


def test_same_form_twice_at_once_is_answered(client: Client) -> None:
    assert sign_up(client) == VERIFY
    assert sign_up(client) == VERIFY
    assert kinds_to(PHONE) == ["code"]


def test_sign_up_loses_a_race_for_a_phone_in_silence(client: Client) -> None:
    from base.accounts import registration

    def too_late(phone: str) -> bool:
        UserFactory.create(phone=phone)
        return True

    with patch.object(registration, "make_room", too_late):  # the race cannot be had otherwise
        assert sign_up(client) == VERIFY
    assert kinds_to(PHONE) == ["known"]


def test_messages_to_one_phone_end_at_ten_a_day_and_the_page_does_not_tell(client: Client) -> None:
    UserFactory.create(phone=PHONE)
    for _ in range(12):
        time_passes()
        fresh = Client()
        assert fresh.post(ASK_CODE, {"phone": TYPED}).headers["Location"].startswith(TYPE_CODE)
    assert kinds_to(PHONE) == ["code"] * 10


def test_code_is_not_in_the_log(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    sign_up(client)
    code = code_to(PHONE)
    assert code not in caplog.text
    assert PHONE not in caplog.text


def test_message_is_kept_once_however_often_the_outbox_brings_it(client: Client) -> None:
    from base.accounts import sms
    from base.outbox.models import Entry

    sign_up(client)
    entries = list(Entry.objects.filter(topic=sms.TOPIC))
    sms.deliver(entries)  # and then the process is killed, before the entry is deleted
    sms.deliver(entries)
    assert SentMessage.objects.count() == 1


def test_two_people_without_e_mail() -> None:
    people = [UserFactory.create(email=""), UserFactory(email=""), UserFactory(email=None)]
    for user in people:
        user.full_clean()
        user.save()
    assert User.objects.filter(email__isnull=True).count() == 3


def test_account_pages_of_e_mail_do_not_exist(client: Client) -> None:
    assert client.get("/tai-khoan/email/").status_code in (404, 302)
    assert client.get(reverse("account_reset_password")).headers["Location"] == ASK_CODE


def hashes_of(act: Callable[[], object]) -> int:
    """Return how many password hashes an act computes."""
    hasher = type(hashers.get_hasher())
    with patch.object(hasher, "encode", autospec=True, side_effect=hasher.encode) as encode:
        act()
    return encode.call_count


def time_passes() -> None:
    """Half a minute, for the limits in the cache."""
    from django.core.cache import cache

    cache.clear()
