"""What the outbox process forgets after a time: what goes, what stays, what lies on the border."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.db import connection, transaction

from base.access import rates
from base.access.models import Hits
from base.accounts.forgetting import forget_ended_sessions, old_messages
from base.accounts.models import SentMessage
from base.intake.forgetting import old_entries
from base.intake.models import Entry
from base.outbox import chores, forgetting
from base.outbox.forgetting import check_periods, forget, forget_old
from learning.forgetting import lost_devices
from learning.records import Answer, Attempt, Enrolment, LearnerDevice, LessonProgress
from marketplace.basket.forgetting import left_baskets
from marketplace.basket.lines import set_quantity
from marketplace.basket.models import Basket, Line
from tests.factories.accounts import UserFactory
from tests.factories.orders import make_basket, make_goods, make_purchase
from tests.factories.pages import course, lesson
from tests.integration.orders.concurrency import at_once

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 11, 22, 8, 0, tzinfo=dt.UTC)
SECOND = dt.timedelta(seconds=1)


def ago(days: int) -> dt.datetime:
    return NOW - dt.timedelta(days=days)


@pytest.fixture(autouse=True)
def _at_a_known_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)


# --- baskets ----------------------------------------------------------------------------------------------------------


def basket_of(made: dt.datetime, *touched: dt.datetime, **fields: Any) -> Basket:
    basket = make_basket({make_goods(): 1 for _ in touched})
    for line, moment in zip(basket.lines.all(), touched, strict=True):
        Line.objects.filter(pk=line.pk).update(date_updated=moment)
    Basket.objects.filter(pk=basket.pk).update(date_created=made, **fields)
    return basket


def test_a_basket_nobody_touched_for_sixty_days_goes_and_its_lines_with_it() -> None:
    left = basket_of(ago(61), ago(61))
    empty = basket_of(ago(60) - SECOND)
    on_the_border = basket_of(ago(60))
    touched = basket_of(ago(90), ago(90), ago(59))
    assert forget_old("BASKETS_KEPT_DAYS", left_baskets) == 2
    assert not Basket.objects.filter(pk__in=[left.pk, empty.pk]).exists()
    assert not Line.objects.filter(basket_id=left.pk).exists()
    assert Basket.objects.filter(pk__in=[on_the_border.pk, touched.pk]).count() == 2


def test_changing_how_many_counts_as_touching_the_basket() -> None:
    basket = basket_of(ago(61), ago(61))
    set_quantity(basket, basket.lines.get().pk, 2)
    assert forget_old("BASKETS_KEPT_DAYS", left_baskets) == 0


def test_a_basket_of_an_order_or_of_an_account_stays_however_old() -> None:
    make_purchase({make_goods(): 1})  # the basket, and one for its cooperative
    basket_of(ago(900), ago(900), owner=UserFactory())
    before = set(Basket.objects.values_list("pk", flat=True))
    Basket.objects.update(date_created=ago(900))
    Line.objects.update(date_updated=ago(900))
    assert forget_old("BASKETS_KEPT_DAYS", left_baskets) == 0
    Basket.objects.update(status=Basket.OPEN)  # even if something had opened them again
    assert forget_old("BASKETS_KEPT_DAYS", left_baskets) == 0
    assert set(Basket.objects.values_list("pk", flat=True)) == before


# --- intake, devices, sessions, messages, rate limits -----------------------------------------------------------------


def test_what_was_taken_in_half_a_year_ago_is_forgotten() -> None:
    for days, second in ((181, 0), (180, 1), (180, 0), (1, 0)):
        Entry.objects.create(
            kind="test",
            session_owner=f"{days} {second}",
            client_id=uuid.uuid4(),
            received_at=ago(days) - second * SECOND,
        )
    assert forget_old("INTAKE_KEPT_DAYS", old_entries) == 2
    assert sorted(Entry.objects.values_list("session_owner", flat=True)) == ["1 0", "180 0"]


def learner(made: dt.datetime, seen: dt.datetime | None = None, **fields: Any) -> LearnerDevice:
    device = LearnerDevice.objects.create(**fields)
    LearnerDevice.objects.filter(pk=device.pk).update(created_at=made)
    if seen:
        page = lesson(course(f"Khóa {device.pk}"))
        Enrolment.objects.create(device=device, course_id=page.get_parent().pk, begun_at=made, seen_at=seen)
        LessonProgress.objects.create(device=device, lesson=page, begun_at=made)
        attempt = Attempt.objects.create(device=device, lesson=page, number=1, begun_at=made)
        Answer.objects.create(
            attempt=attempt, question=uuid.uuid4(), choice=uuid.uuid4(), is_correct=True, answered_at=made
        )
    return device


def test_progress_of_a_device_lost_for_four_hundred_days_goes() -> None:
    lost, never_began = learner(ago(500), ago(401)), learner(ago(401))
    border, used = learner(ago(500), ago(400)), learner(ago(500), ago(1))
    claimed = learner(ago(900), claimed_by=UserFactory(), claimed_at=ago(899))
    assert forget_old("LEARNERS_KEPT_DAYS", lost_devices) == 2
    assert not LearnerDevice.objects.filter(pk__in=[lost.pk, never_began.pk]).exists()
    assert set(LearnerDevice.objects.all()) == {border, used, claimed}
    for rows in (Enrolment, LessonProgress, Attempt, Answer):
        assert rows.objects.count() == 2


def test_sessions_go_when_they_ended_and_messages_after_their_days() -> None:
    for name, end in (("ended", NOW - SECOND), ("border", NOW), ("lives", NOW + SECOND)):
        Session.objects.create(session_key=name, session_data="", expire_date=end)
    for days in (31, 30, 29):
        row = SentMessage.objects.create(message_id=uuid.uuid4(), topic="t", to=f"+8491{days}", body="")
        SentMessage.objects.filter(pk=row.pk).update(sent_at=ago(days))
    assert forget_ended_sessions() == 1
    assert sorted(Session.objects.values_list("session_key", flat=True)) == ["border", "lives"]
    assert forget_old("MESSAGES_KEPT_DAYS", old_messages) == 1
    assert sorted(SentMessage.objects.values_list("to", flat=True)) == ["+849129", "+849130"]


def test_rate_limits_go_when_their_window_is_over(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("base.access.rates.time.time", lambda: 1000.5)
    Hits.objects.bulk_create(Hits(digest=str(end), count=1, ends_at=end) for end in (999, 1000, 1001))
    assert rates.prune() == 2
    assert Hits.objects.get().ends_at == 1001


# --- how --------------------------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_rows_go_a_few_at_a_time_and_nothing_is_locked_between(monkeypatch: pytest.MonkeyPatch) -> None:
    pauses: list[tuple[bool, int]] = []
    monkeypatch.setattr(
        forgetting.time, "sleep", lambda _: pauses.append((connection.in_atomic_block, Hits.objects.count()))
    )
    Hits.objects.bulk_create(Hits(digest=str(n), count=1, ends_at=n) for n in range(7))
    assert forget(Hits.objects.filter(ends_at__lt=6), batch=2) == 6
    assert Hits.objects.get().ends_at == 6
    assert pauses == [(False, 5), (False, 3), (False, 1)]


def test_no_more_go_at_a_time_than_the_most() -> None:
    Hits.objects.bulk_create(Hits(digest=str(n), count=1, ends_at=n) for n in range(7))
    assert forget(Hits.objects.all(), batch=2, most=5) == 5
    assert sorted(Hits.objects.values_list("ends_at", flat=True)) == [5, 6]


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_a_basket_that_is_being_changed_is_left_for_the_next_time() -> None:
    held, free = basket_of(ago(61)), basket_of(ago(61))
    with transaction.atomic():
        Basket.objects.select_for_update().get(pk=held.pk)
        assert at_once([lambda: forget_old("BASKETS_KEPT_DAYS", left_baskets)]) == [1]
    assert list(Basket.objects.filter(pk__in=[held.pk, free.pk])) == [held]


def test_every_period_is_planned_as_a_chore() -> None:
    planned = {name for name in chores._planned if name.startswith("forget")}
    assert planned >= {
        "forget after BASKETS_KEPT_DAYS",
        "forget after INTAKE_KEPT_DAYS",
        "forget after LEARNERS_KEPT_DAYS",
        "forget after MESSAGES_KEPT_DAYS",
        "forget ended sessions",
        "forget old rate limits",
    }


@pytest.mark.parametrize("value", [59, 0, -1, None, "180", 180.5, True])
def test_a_period_that_is_too_short_or_no_number_fails_the_check(settings: Any, value: object) -> None:
    assert check_periods(None) == []
    settings.INTAKE_KEPT_DAYS = value
    (error,) = check_periods(None)
    assert error.id == "outbox.E001"
    assert error.msg == f"INTAKE_KEPT_DAYS must be a whole number of days, 60 or more; it is {value!r}."
    assert "INTAKE_KEPT_DAYS" in str(error.hint)


def test_the_least_that_the_check_lets_through_is_let_through(settings: Any) -> None:
    settings.INTAKE_KEPT_DAYS = 60
    assert check_periods(None) == []
