"""A code that a manager shows: whom it lets in, how often, for how long, and who can read about it afterwards."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.contrib.auth import SESSION_KEY, hashers
from django.core.cache import cache
from django.test import Client
from django.utils import timezone, translation
from pytest_django import DjangoAssertNumQueries

from base import outbox
from base.accounts import in_person, registration
from base.accounts.models import SentMessage, ShownCode, User
from tests.factories.accounts import PASSWORD, UserFactory
from tests.integration.accounts.messages_sent import code_to
from tests.integration.orders.concurrency import at_once

pytestmark = pytest.mark.django_db

PHONE, DOOR, NEW = "+84912345678", "/dang-nhap/ma-gap-mat/", "mua-he-tren-ban"


@pytest.fixture
def mai() -> User:
    return UserFactory.create(phone=PHONE)


@pytest.fixture
def manager() -> User:
    return UserFactory.create(last_name="Hoàng Thị", first_name="Thoan")


def type_in(client: Client, code: str, phone: str = "0912 345 678") -> bool:
    client.post(DOOR, {"phone": phone, "code": code})
    return SESSION_KEY in client.session


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 10**6:06}"


def skeleton(html: str) -> str:
    return re.sub(r'value="[^"]*"', "", html)


def test_code_lets_in_once_and_asks_for_a_new_password(client: Client, mai: User, manager: User) -> None:
    code = in_person.show_code(mai, by=manager)

    answer = client.post(DOOR, {"phone": "0912.345.678", "code": f" {code[:3]} {code[3:]}"})

    assert answer["Location"] == "/tai-khoan/mat-khau/"
    assert not client.get("/tai-khoan/mat-khau/").context["asks_old"]
    assert not type_in(Client(), code)


def test_the_person_is_told_in_vietnamese_whatever_language_the_manager_reads(
    mai: User, manager: User
) -> None:
    with translation.override("en"):
        in_person.show_code(mai, by=manager)
    outbox.drain()

    assert SentMessage.objects.get().body.startswith("Hoàng Thị Thoan vừa đưa mã")


def test_new_password_ends_every_other_session(client: Client, mai: User, manager: User) -> None:
    lost_phone = Client()
    lost_phone.post("/dang-nhap/", {"login": PHONE, "password": PASSWORD})
    assert lost_phone.get("/tai-khoan/").status_code == 200
    type_in(client, in_person.show_code(mai, by=manager))

    client.post("/tai-khoan/mat-khau/", {"new_password": NEW})

    assert client.get("/tai-khoan/").status_code == 200
    assert lost_phone.get("/tai-khoan/").status_code == 302
    assert Client().post("/dang-nhap/", {"login": PHONE, "password": NEW})["Location"]


def test_who_lost_the_sim_changes_the_number_after_the_code(client: Client, mai: User, manager: User) -> None:
    type_in(client, in_person.show_code(mai, by=manager))
    client.post("/tai-khoan/mat-khau/", {"new_password": NEW})

    client.post("/tai-khoan/xac-nhan/", {"password": NEW})
    client.post("/tai-khoan/doi-so/", {"phone": "0987 654 321"})
    client.post("/tai-khoan/xac-nhan-so/", {"code": code_to("+84987654321")})

    mai.refresh_from_db()
    assert (mai.phone, mai.is_phone_verified) == ("+84987654321", True)


def test_only_a_keyed_hash_is_kept_and_none_after_use(client: Client, mai: User, manager: User) -> None:
    code = in_person.show_code(mai, by=manager)
    row = ShownCode.objects.get()
    assert code not in str(vars(row))
    assert len(row.digest) == 64

    type_in(client, code)

    row.refresh_from_db()
    assert (row.digest, row.used_at is not None) == ("", True)


def test_code_is_void_after_ten_minutes(mai: User, manager: User) -> None:
    code = in_person.show_code(mai, by=manager)
    row = ShownCode.objects.get()
    assert row.expires_at - row.shown_at == dt.timedelta(minutes=10)
    ShownCode.objects.update(expires_at=timezone.now() - dt.timedelta(seconds=1))
    assert not type_in(Client(), code)


def test_code_is_void_after_five_wrong_tries(mai: User, manager: User) -> None:
    code = in_person.show_code(mai, by=manager)
    for _ in range(4):
        assert not type_in(Client(), wrong(code))
    second = in_person.show_code(mai, by=manager)
    for _ in range(5):
        assert not type_in(Client(), wrong(second))
    assert not type_in(Client(), second)
    assert ShownCode.objects.latest("pk").used_at is None


@pytest.mark.django_db(transaction=True)
def test_guesses_sent_at_once_are_no_more_than_five() -> None:
    code = in_person.show_code(UserFactory.create(phone=PHONE), by=UserFactory.create())
    assert set(at_once([lambda: in_person.use_code(PHONE, wrong(code))] * 16)) == {None}
    assert ShownCode.objects.get().tries == in_person.MOST_TRIES


@pytest.mark.django_db(transaction=True)
def test_right_code_sent_at_once_by_four_opens_once() -> None:
    code = in_person.show_code(UserFactory.create(phone=PHONE), by=UserFactory.create())
    let_in = at_once([lambda: in_person.use_code(PHONE, code)] * 4)
    assert [person.phone for person in let_in if person] == [PHONE]


def test_fifth_try_still_opens(mai: User, manager: User) -> None:
    code = in_person.show_code(mai, by=manager)
    for _ in range(4):
        type_in(Client(), wrong(code))
    assert type_in(Client(), code)


def test_only_the_newest_code_counts(mai: User, manager: User) -> None:
    first, second = (in_person.show_code(mai, by=manager) for _ in range(2))
    assert first == second or not type_in(Client(), first)
    assert type_in(Client(), second)


def test_code_of_one_person_opens_no_other_account(mai: User, manager: User) -> None:
    other = UserFactory.create(phone="+84987654321")
    code = in_person.show_code(mai, by=manager)
    other_code = in_person.show_code(other, by=manager)
    assert code == other_code or not type_in(Client(), code, phone="0987 654 321")


def test_every_refusal_reads_the_same(mai: User, manager: User) -> None:
    """A known phone with a live code, one with a used-up code, one without, a closed account, and an unknown phone."""
    code = in_person.show_code(mai, by=manager)
    used = UserFactory.create(phone="+84987654321")
    type_in(Client(), in_person.show_code(used, by=manager), phone=used.phone)
    closed = UserFactory.create(phone="+84987654322")
    closed_code = in_person.show_code(closed, by=manager)
    User.objects.filter(pk=closed.pk).update(is_active=False)
    UserFactory.create(phone="+84987654323")
    tries = {
        PHONE: wrong(code),
        used.phone: "123456",
        closed.phone: closed_code,
        "+84987654323": "123456",
        "+84987654324": "123456",
    }
    pages = {
        skeleton(Client().post(DOOR, {"phone": p, "code": c}).content.decode()) for p, c in tries.items()
    }
    assert len(pages) == 1


def test_refusals_cost_the_same_statements(
    mai: User, manager: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    code = in_person.show_code(mai, by=manager)
    for phone in (PHONE, "+84987654324"):
        with django_assert_num_queries(2):
            assert in_person.use_code(phone, wrong(code)) is None


def test_closed_account_gets_no_code_and_none_opens_it(mai: User, manager: User) -> None:
    code = in_person.show_code(mai, by=manager)
    mai.is_active = False
    mai.save()
    assert not type_in(Client(), code)
    with pytest.raises(in_person.CannotHelp):
        in_person.show_code(mai, by=manager)


@pytest.mark.parametrize("rights", [{"is_staff": True}, {"is_superuser": True}])
def test_nobody_of_the_office_is_let_in(mai: User, manager: User, rights: dict[str, bool]) -> None:
    code = in_person.show_code(mai, by=manager)
    User.objects.filter(pk=mai.pk).update(**rights)
    assert not type_in(Client(), code)
    with pytest.raises(in_person.CannotHelp):
        in_person.show_code(User.objects.get(pk=mai.pk), by=manager)


def test_nobody_shows_a_code_to_herself(manager: User) -> None:
    with pytest.raises(in_person.CannotHelp):
        in_person.show_code(manager, by=manager)


def test_code_takes_the_password_of_an_unverified_sign_up_away(manager: User) -> None:
    """A stranger signed up with her phone before; whoever is let in by the manager owns the account alone."""
    row = User.objects.create(phone=PHONE, password=hashers.make_password(PASSWORD))
    assert registration.who_can_sign_in(PHONE) is None

    client = Client()
    assert type_in(client, in_person.show_code(row, by=manager))

    assert not type_in_password(PASSWORD)
    client.post("/tai-khoan/mat-khau/", {"new_password": NEW})
    assert type_in_password(NEW)


def type_in_password(password: str) -> bool:
    client = Client()
    client.post("/dang-nhap/", {"login": PHONE, "password": password})
    return SESSION_KEY in client.session


def test_guessing_at_the_door_ends(mai: User) -> None:
    codes = [Client().post(DOOR, {"phone": PHONE, "code": "123456"}).status_code for _ in range(17)]
    assert codes == [200] * 15 + [429] * 2
    unknown = [Client().post(DOOR, {"phone": "0987 654 324", "code": "1"}).status_code for _ in range(17)]
    assert unknown == codes


def test_one_person_gets_six_codes_a_day(mai: User, manager: User) -> None:
    for _ in range(in_person.PER_PERSON):
        in_person.show_code(mai, by=manager)
    with pytest.raises(in_person.TooMany):
        in_person.show_code(mai, by=UserFactory.create())


def test_one_manager_shows_so_many_codes_a_day(manager: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(in_person, "PER_MANAGER", 2)
    for _ in range(2):
        in_person.show_code(UserFactory.create(), by=manager)
    with pytest.raises(in_person.TooMany):
        in_person.show_code(UserFactory.create(), by=manager)


def test_the_person_reads_who_showed_a_code(client: Client, mai: User, manager: User) -> None:
    in_person.show_code(mai, by=manager)
    code = in_person.show_code(mai, by=manager)
    type_in(client, code)

    page = client.get("/tai-khoan/").content.decode()

    assert page.count("Hoàng Thị Thoan") == 2
    assert ("đã dùng" in page, "chưa dùng" in page) == (True, True)


def test_the_persons_phone_is_told_without_the_code(mai: User, manager: User) -> None:
    code = in_person.show_code(mai, by=manager)
    outbox.drain()
    message = SentMessage.objects.get(to=PHONE)
    assert "Hoàng Thị Thoan" in message.body
    assert code not in message.body


def test_staff_read_the_log_and_cannot_write_it(mai: User, manager: User) -> None:
    in_person.show_code(mai, by=manager)
    row, office = ShownCode.objects.get(), Client()
    office.force_login(UserFactory.create(is_staff=True))
    page = office.get(f"/quan-tri/he-thong/accounts/showncode/{row.pk}/change/").content.decode()
    assert "Hoàng Thị Thoan" in office.get("/quan-tri/he-thong/accounts/showncode/").content.decode()
    assert row.digest not in page
    assert 'name="_save"' not in page
    assert office.post(f"/quan-tri/he-thong/accounts/showncode/{row.pk}/delete/").status_code == 403


def test_rows_are_kept_for_a_year(mai: User, manager: User) -> None:
    in_person.show_code(mai, by=manager)
    assert in_person.prune() == 0
    ShownCode.objects.update(shown_at=timezone.now() - dt.timedelta(days=366))
    assert in_person.prune() == 1


def test_what_the_session_did_before_goes_on(client: Client, mai: User, manager: User) -> None:
    session = client.session
    session["basket"] = "made-on-the-device"
    session.save()
    cache.clear()
    assert type_in(client, in_person.show_code(mai, by=manager))
    assert client.session["basket"] == "made-on-the-device"
