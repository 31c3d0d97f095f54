"""Rate limits: exact under real concurrency, on both databases."""

import threading

import pytest
from django.db import connection

from base.access import rates
from base.access.models import Hits

pytestmark = pytest.mark.django_db


def test_hit_lets_through_exactly_the_limit() -> None:
    assert [rates.hit("sign-in", "a", 3, 60) for _ in range(5)] == [True, True, True, False, False]
    assert rates.hit("sign-in", "b", 3, 60)
    assert rates.hit("codes", "a", 3, 60)


def test_hit_begins_anew_when_the_window_is_over(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 1_800_000_000.0
    monkeypatch.setattr("base.access.rates.time.time", lambda: now)
    assert [rates.hit("x", "a", 1, 60) for _ in range(2)] == [True, False]
    now += 59
    assert not rates.hit("x", "a", 1, 60)
    now += 1
    assert [rates.hit("x", "a", 1, 60) for _ in range(2)] == [True, False]


def test_is_over_and_forget() -> None:
    assert not rates.is_over("x", "a", 1)
    rates.hit("x", "a", 1, 60)
    assert rates.is_over("x", "a", 1)
    rates.forget("x", "a")
    assert not rates.is_over("x", "a", 1)


def test_prune_deletes_only_what_is_over(monkeypatch: pytest.MonkeyPatch) -> None:
    rates.hit("x", "old", 1, -1)
    rates.hit("x", "new", 1, 60)
    assert rates.prune() == 1
    assert Hits.objects.count() == 1


def test_counter_does_not_hold_whose_it_is() -> None:
    rates.hit("sms.day", "+84912345678", 1, 60)
    assert "912345678" not in str(list(Hits.objects.values()))


@pytest.mark.django_db(transaction=True)
def test_hit_is_exact_when_twenty_come_at_once() -> None:
    """Real threads, real connections: a check before the count would let too many through."""
    answers: list[bool] = []
    start = threading.Barrier(20)

    def come() -> None:
        start.wait()
        try:
            answers.append(rates.hit("x", "all", 7, 60))
        finally:
            connection.close()

    crowd = [threading.Thread(target=come) for _ in range(20)]
    for one in crowd:
        one.start()
    for one in crowd:
        one.join()
    assert sorted(answers) == [False] * 13 + [True] * 7


def test_take_back_undoes_one_and_never_goes_below_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 1_800_000_000.0
    monkeypatch.setattr("base.access.rates.time.time", lambda: now)
    rates.take_back("x", "a")
    assert [rates.hit("x", "a", 2, 60) for _ in range(3)] == [True, True, False]
    for _ in range(2):
        rates.take_back("x", "a")
    assert [rates.hit("x", "a", 2, 60) for _ in range(2)] == [True, False]
    for _ in range(9):
        rates.take_back("x", "a")
    assert [rates.hit("x", "a", 2, 60) for _ in range(3)] == [True, True, False]


def test_seconds_left_of_the_running_window(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 1_800_000_000.0
    monkeypatch.setattr("base.access.rates.time.time", lambda: now)
    assert rates.seconds_left("x", "a") == 0
    rates.hit("x", "a", 1, 60)
    now += 20
    assert rates.seconds_left("x", "a") == 40
    now += 50
    assert rates.seconds_left("x", "a") == 0
