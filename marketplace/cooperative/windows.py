"""When a cooperative takes orders: open now and until when, or closed and from when again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db.models import BigIntegerField, DateTimeField, QuerySet
from django.utils import timezone

from base.prepared import Param, params, prepared, room
from marketplace.cooperative.models import Cooperative, OrderWindow


class Seller(NamedTuple):
    """What is needed of a cooperative to know whether it takes orders."""

    pk: int
    is_always_open: bool


@dataclass(frozen=True, slots=True)
class OpenState:
    """Whether orders are taken; ``changes_at`` is when that ends (open) or begins again (closed), None if unknown."""

    is_open: bool
    changes_at: dt.datetime | None = None
    collection_on: dt.date | None = None

    def misses(self, ready_from: dt.date | None) -> bool:
        """Return whether goods that are ready then are not there yet on the day of collection."""
        return bool(self.collection_on and ready_from and ready_from > self.collection_on)

    def collection_day(self, ready_from: Iterable[dt.date | None]) -> dt.date | None:
        """Return the day on which goods that are ready then are collected together; None: any day from now on."""
        coming = [day for day in ready_from if day and day > timezone.localdate()]
        return self.collection_on or max(coming, default=None)


def open_states(
    cooperatives: Iterable[Cooperative | Seller], at: dt.datetime | None = None
) -> dict[int, OpenState]:
    """Return the state of each cooperative by id, at ``at`` or now; one query at most."""
    now = at or timezone.now()
    wanted = {cooperative.pk: cooperative for cooperative in cooperatives}
    states = {pk: OpenState(is_open=cooperative.is_always_open) for pk, cooperative in wanted.items()}
    by_window = [pk for pk, cooperative in wanted.items() if not cooperative.is_always_open]
    if not by_window:
        return states
    for row in _coming(room(len(by_window))).rows(ids=by_window, now=now):
        seller, opens_at, closes_at, collection_on = (
            row  # latest first: the nearest is written last and stays
        )
        is_open = opens_at <= now  # the closing minute itself is closed: such windows are not read
        states[seller] = OpenState(is_open, closes_at if is_open else opens_at, collection_on)
    return states


@prepared
def _coming(count: int) -> QuerySet[OrderWindow, Any]:
    ids = params("ids", count, BigIntegerField())
    coming = OrderWindow.objects.filter(
        cooperative__pk__in=ids, closes_at__gt=Param("now", DateTimeField())
    ).order_by("-opens_at")
    return coming.values_list("cooperative_id", "opens_at", "closes_at", "collection_on")


def open_state(cooperative: Cooperative, at: dt.datetime | None = None) -> OpenState:
    """Return the state of one cooperative, at ``at`` or now."""
    return open_states([cooperative], at)[cooperative.pk]
