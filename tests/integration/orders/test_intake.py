"""Intake: a thing sent twice is taken in once, another body under the same id is a conflict."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable

import pytest
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends.db import SessionStore
from django.db import IntegrityError, transaction
from django.test import RequestFactory

from base.intake.models import Entry
from base.intake.verbs import SESSION_KEY, Conflict, Owner, Receipt, accept, receipt_of
from tests.factories.accounts import UserFactory
from tests.integration.orders.concurrency import at_once

ID = uuid.UUID("11111111-2222-4333-8444-555555555555")
MAI = Owner(session_owner="may-cua-mai")


def counting(calls: list[int], result: str = "first") -> Callable[[], str]:
    def apply() -> str:
        calls.append(1)
        return f"{result}-{len(calls)}"

    return apply


@pytest.mark.django_db
def test_the_same_again_changes_nothing_and_answers_the_same() -> None:
    calls: list[int] = []
    first = accept("answer", MAI, ID, {"a": "1", "b": "2"}, counting(calls))
    second = accept("answer", MAI, ID, {"b": "2", "a": "1"}, counting(calls))

    assert (first, second) == (Receipt("first-1", is_repeat=False), Receipt("first-1", is_repeat=True))
    assert (len(calls), Entry.objects.count()) == (1, 1)
    assert receipt_of("answer", MAI, ID, {"a": "1", "b": "2"}) == Receipt("first-1", is_repeat=True)


@pytest.mark.django_db
def test_another_body_with_the_same_id_is_a_conflict_that_tells_what_came_of_the_first() -> None:
    calls: list[int] = []
    accept("answer", MAI, ID, {"a": "1"}, counting(calls))
    for body in ({"a": "2"}, {}, {"a": "1", "b": ""}, {"a": "１"}):
        with pytest.raises(Conflict) as conflict:
            accept("answer", MAI, ID, body, counting(calls))
        assert str(conflict.value) == "first-1"
    assert len(calls) == 1


@pytest.mark.django_db
def test_the_same_id_of_another_owner_or_kind_is_another_thing() -> None:
    calls: list[int] = []
    people = [UserFactory.create(), UserFactory.create()]
    owners = [MAI, Owner(session_owner="may-khac"), *(Owner(user=person) for person in people)]
    for owner in owners:
        for kind in ("answer", "purchase"):
            assert not accept(kind, owner, ID, {"a": "1"}, counting(calls)).is_repeat
    assert len(calls) == len(owners) * 2
    assert all(receipt_of("answer", owner, ID, {"a": "1"}) for owner in owners)
    assert receipt_of("answer", Owner(session_owner="ai-do"), ID, {"a": "1"}) is None


@pytest.mark.django_db
def test_what_fails_is_not_remembered_and_may_be_sent_again() -> None:
    def fail() -> str:
        Entry.objects.create(kind="other", client_id=uuid.uuid4(), session_owner="x", body_sha256="")
        raise LookupError("sold out")

    with pytest.raises(LookupError):
        accept("purchase", MAI, ID, {"a": "1"}, fail)
    assert not Entry.objects.exists()  # what apply wrote is undone, too
    assert accept("purchase", MAI, ID, {"a": "2"}, lambda: "ok") == Receipt("ok", is_repeat=False)


@pytest.mark.django_db
def test_an_integrity_error_of_apply_itself_is_not_taken_for_a_repeat() -> None:
    def fail() -> str:
        with transaction.atomic():
            raise IntegrityError("something else")

    with pytest.raises(IntegrityError, match="something else"):
        accept("purchase", MAI, ID, {"a": "1"}, fail)
    assert not Entry.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_ten_at_once_are_taken_in_once_and_all_get_the_answer() -> None:
    calls: list[int] = []

    def slow() -> str:
        calls.append(1)
        time.sleep(0.2)
        return "done"

    outcomes = at_once([lambda: accept("purchase", MAI, ID, {"a": "1"}, slow)] * 10)

    assert sorted(outcome.is_repeat for outcome in outcomes) == [False] + [True] * 9
    assert {outcome.result for outcome in outcomes} == {"done"}
    assert (len(calls), Entry.objects.count()) == (1, 1)


@pytest.mark.django_db(transaction=True)
def test_two_different_bodies_at_once_give_one_result_and_one_conflict() -> None:
    def slow() -> str:
        time.sleep(0.1)
        return "done"

    def send(body: str) -> Callable[[], Receipt]:
        return lambda: accept("purchase", MAI, ID, {"a": body}, slow)

    outcomes = at_once([send("1"), send("2")])

    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["Conflict", "Receipt"]


@pytest.mark.django_db(transaction=True)
def test_when_the_first_of_two_fails_the_second_is_taken_in() -> None:
    calls: list[int] = []

    def fails_once() -> str:
        calls.append(1)
        time.sleep(0.1)
        if len(calls) == 1:
            raise LookupError("sold out")
        return "done"

    outcomes = at_once([lambda: accept("purchase", MAI, ID, {"a": "1"}, fails_once)] * 2)

    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["LookupError", "Receipt"]
    assert Entry.objects.get().result == "done"


@pytest.mark.django_db
def test_the_owner_is_the_user_or_else_a_key_that_the_session_keeps(rf: RequestFactory) -> None:
    request = rf.get("/")
    request.session, request.user = SessionStore(), AnonymousUser()
    owner = Owner.of(request)
    assert owner == Owner.of(request) == Owner(session_owner=request.session[SESSION_KEY])
    assert len(owner.session_owner) == 32

    mai = UserFactory.create()
    request.user = mai
    assert Owner.of(request) == Owner(user=mai)


@pytest.mark.django_db
def test_an_entry_without_owner_or_with_two_is_refused_by_the_database() -> None:
    for owner in ({}, {"user": UserFactory.create(), "session_owner": "x"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Entry.objects.create(kind="answer", client_id=ID, body_sha256="", **owner)
