"""Whether a document binds, by its dates."""

import datetime as dt

import pytest
from django.utils import timezone

from cms.validity import State, next_change, state_on

FIRST, LAST = dt.date(2026, 1, 1), dt.date(2026, 12, 31)


@pytest.mark.parametrize(
    ("begins", "ends", "day", "state"),
    [
        (None, None, dt.date(2026, 6, 1), None),
        (FIRST, None, dt.date(2025, 12, 31), State.COMING),
        (FIRST, None, FIRST, State.IN_FORCE),
        (FIRST, LAST, LAST, State.IN_FORCE),
        (FIRST, LAST, dt.date(2027, 1, 1), State.ENDED),
        (None, LAST, dt.date(2000, 1, 1), State.IN_FORCE),
        (None, LAST, dt.date(2027, 1, 1), State.ENDED),
    ],
)
def test_state_follows_the_first_and_the_last_day(
    begins: dt.date | None, ends: dt.date | None, day: dt.date, state: State | None
) -> None:
    assert state_on(day, begins, ends) == state


@pytest.mark.parametrize(
    ("day", "turns_on"),
    [
        (dt.date(2025, 12, 31), FIRST),
        (FIRST, dt.date(2027, 1, 1)),
        (LAST, dt.date(2027, 1, 1)),
        (dt.date(2027, 1, 1), None),
    ],
)
def test_next_change_is_the_midnight_in_vietnam_at_which_the_state_turns(
    day: dt.date, turns_on: dt.date | None
) -> None:
    expected = timezone.make_aware(dt.datetime.combine(turns_on, dt.time.min)) if turns_on else None
    assert next_change(day, FIRST, LAST) == expected


def test_next_change_bears_the_last_day_of_the_calendar() -> None:
    assert next_change(dt.date(2026, 1, 1), None, dt.date.max) is None
