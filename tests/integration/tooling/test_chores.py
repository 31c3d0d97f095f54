"""What the outbox process does besides: every chore that an app has registered works."""

import pytest

from base.outbox import chores


@pytest.mark.django_db
def test_every_registered_chore_works() -> None:
    assert {"publish what is due", "forget ended sessions", "forget after MESSAGES_KEPT_DAYS"} <= set(
        chores._planned
    )
    for planned in chores._planned.values():
        planned.do()
        planned.do()  # safe to repeat
