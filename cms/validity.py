"""Whether a document binds on a given day, by its dates."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.db.models import TextChoices
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class State(TextChoices):
    """How a document stands; worked out from its dates, never stored."""

    COMING = "coming", _("Not yet in force")
    IN_FORCE = "in_force", _("In force")
    ENDED = "ended", _("No longer in force")


def state_on(day: date, begins: date | None, ends: date | None) -> State | None:
    """Return the state on that day; `ends` is the last day in force. None without any date."""
    if begins is None and ends is None:
        return None
    if begins is not None and day < begins:
        return State.COMING
    if ends is not None and day > ends:
        return State.ENDED
    return State.IN_FORCE


def next_change(day: date, begins: date | None, ends: date | None) -> datetime | None:
    """Return the midnight in Vietnam at which the state reads differently next; None for never."""
    turns = [] if begins is None else [begins]
    if ends is not None and ends < date.max:
        turns.append(ends + timedelta(days=1))
    turn = min((turn for turn in turns if turn > day), default=None)
    return timezone.make_aware(datetime.combine(turn, time.min)) if turn else None
