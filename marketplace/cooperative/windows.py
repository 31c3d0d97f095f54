"""When a cooperative takes orders: open now and until when, or closed and from when again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils import timezone

from marketplace.cooperative.models import Cooperative, OrderWindow


@dataclass(frozen=True, slots=True)
class OpenState:
    """Whether orders are taken; ``changes_at`` is when that ends (open) or begins again (closed), None if unknown."""

    is_open: bool
    changes_at: dt.datetime | None = None
    collection_on: dt.date | None = None


def open_states(cooperatives: Iterable[Cooperative], at: dt.datetime | None = None) -> dict[int, OpenState]:
    """Return the state of each cooperative by id, at ``at`` or now; one query at most."""
    now = at or timezone.now()
    wanted = {cooperative.pk: cooperative for cooperative in cooperatives}
    states = {pk: OpenState(is_open=cooperative.is_always_open) for pk, cooperative in wanted.items()}
    by_window = [pk for pk, cooperative in wanted.items() if not cooperative.is_always_open]
    if not by_window:
        return states
    coming = OrderWindow.objects.filter(cooperative__in=by_window, closes_at__gt=now).order_by("-opens_at")
    for window in coming:  # latest first: the nearest window is written last and stays
        is_open = window.is_open(now)
        states[window.cooperative_id] = OpenState(
            is_open=is_open,
            changes_at=window.closes_at if is_open else window.opens_at,
            collection_on=window.collection_on,
        )
    return states


def open_state(cooperative: Cooperative, at: dt.datetime | None = None) -> OpenState:
    """Return the state of one cooperative, at ``at`` or now."""
    return open_states([cooperative], at)[cooperative.pk]
