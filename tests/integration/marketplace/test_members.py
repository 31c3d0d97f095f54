"""The cooperative's desk lets members of its households in again by a code, and nobody else."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from base.accounts import in_person
from base.accounts.models import ShownCode, User
from marketplace.cooperative.models import Cooperative
from marketplace.partner.models import Partner
from tests.factories.accounts import UserFactory
from tests.factories.market import make_manager, make_member
from tests.factories.orders import make_cooperative, make_household

pytestmark = pytest.mark.django_db
LIST = "/htx/nguoi/"
BIG = re.compile(r'<p class="code">(\d{3}) (\d{3})</p>')


def url(person: User) -> str:
    return f"{LIST}{person.pk}/"


def names(page: Any) -> list[str]:
    return [person.get_full_name() for person in page.context["page"].items]


def test_code_is_shown_once_with_the_persons_name(thoan: Client, household: Partner) -> None:
    person = make_member(household, last_name="Giàng A", first_name="Sử")
    assert not BIG.search(thoan.get(url(person)).content.decode())

    page = thoan.post(url(person))

    found = BIG.search(page.content.decode())
    assert found
    assert "Mã cho Giàng A Sử" in page.content.decode()
    assert "no-store" in page["Cache-Control"]
    assert not BIG.search(thoan.get(url(person)).content.decode())
    assert in_person.use_code(person.phone, "".join(found.groups())) == person
    row = ShownCode.objects.get()
    assert (row.person, row.shown_by_name, row.used_at is not None) == (person, "Hoàng Thị Thoan", True)


def test_list_has_the_people_of_open_households_of_ones_own_cooperative(
    thoan: Client, may: Cooperative, household: Partner
) -> None:
    make_member(household, first_name="Sử")
    make_member(household, make_household(may, "Nhà Lò"), first_name="Ban")
    make_member(household, first_name="Cũ", is_active=False)
    closed = make_household(may, "Nhà đã nghỉ")
    make_member(closed, first_name="Nghỉ")
    Partner.objects.filter(pk=closed.pk).update(is_active=False)
    make_member(make_household(make_cooperative("Hợp tác xã khác")), first_name="Khác")
    UserFactory.create(first_name="Lạ")

    assert names(thoan.get(LIST)) == ["Lò Thị Ban", "Lò Thị Sử"]


@pytest.mark.parametrize("typed", ["sử", "su", "giàng a sử", "GIANG", "654 321", "0987 654 321", "4321"])
def test_person_is_found(thoan: Client, household: Partner, may: Cooperative, typed: str) -> None:
    make_member(household, last_name="Giàng A", first_name="Sử", phone="+84987654321")
    make_member(make_household(may, "Nhà Lò"), first_name="Ban", phone="+84912000111")
    assert names(thoan.get(LIST, {"q": typed})) == ["Giàng A Sử"]


@pytest.mark.parametrize("typed", ["%", "' OR 1=1 --", "9" * 400, "\u202e"])
def test_odd_search_finds_nobody(thoan: Client, household: Partner, typed: str) -> None:
    make_member(household)
    assert names(thoan.get(LIST, {"q": typed})) in ([], ["Lò Thị Mai"])


def test_no_code_for_a_stranger_a_closed_account_or_oneself(
    thoan: Client, may: Cooperative, household: Partner
) -> None:
    manager = may.managers.get()
    household.users.add(manager)
    theirs = make_member(make_household(make_cooperative("Hợp tác xã khác")))
    closed = make_member(household, is_active=False)
    for person in (manager, theirs, closed, UserFactory.create()):
        assert [thoan.get(url(person)).status_code, thoan.post(url(person)).status_code] == [404, 404]
    assert not ShownCode.objects.exists()


@pytest.mark.parametrize("more", ["staff", "superuser", "editor", "desk elsewhere", "household elsewhere"])
def test_no_code_for_an_account_that_opens_more(thoan: Client, household: Partner, more: str) -> None:
    person = make_member(household)
    elsewhere = make_cooperative("Hợp tác xã khác")
    if more == "editor":
        person.groups.set(Group.objects.filter(name="Biên tập viên"))
        assert person.groups.exists()
    elif more == "desk elsewhere":
        elsewhere.memberships.create(user=person)
    elif more == "household elsewhere":
        make_household(elsewhere).users.add(person)
    else:
        User.objects.filter(pk=person.pk).update(**{f"is_{more}": True})

    page = thoan.post(url(person), {"x": "1"})

    assert page.status_code == 403
    assert not BIG.search(page.content.decode())
    assert not ShownCode.objects.exists()


def test_two_managers_of_one_cooperative_help_each_other(
    thoan: Client, may: Cooperative, household: Partner
) -> None:
    colleague = make_manager(may)
    household.users.add(colleague)
    assert BIG.search(thoan.post(url(colleague)).content.decode())


def test_limit_is_told_in_words(thoan: Client, household: Partner, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(in_person, "PER_PERSON", 1)
    person = make_member(household)
    thoan.post(url(person))
    answer = thoan.post(url(person))
    assert answer.status_code == 429
    assert "Hôm nay hết lượt" in answer.content.decode()


@pytest.mark.parametrize("number", [1, 3])
def test_list_costs_the_same_whatever_its_length(
    thoan: Client, household: Partner, number: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(number):
        make_member(household)
    with django_assert_num_queries(5):
        assert len(names(thoan.get(LIST))) == number


def test_list_is_paginated(thoan: Client, household: Partner) -> None:
    for _ in range(21):
        make_member(household)
    assert [len(names(thoan.get(LIST, {"trang": page}))) for page in (1, 2)] == [20, 1]
