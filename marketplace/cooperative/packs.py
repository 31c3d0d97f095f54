"""A pickup day of one point to carry without a network: the list with names, amounts and buttons, for its manager."""

from __future__ import annotations

import datetime as dt

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils import timezone

from base.offline.packs import Contents, PackSource, key_of
from base.shell.templatetags.shell import ngay
from marketplace.access import cooperatives_of
from marketplace.cooperative import handover
from marketplace.cooperative.models import PickupPoint

KEPT_DAYS = (
    3  # from the morning of the day: names and phone numbers of buyers do not stay on a phone for longer
)


def pack_id(point: PickupPoint, day: dt.date) -> str:
    """Return the pack's id: "3-2026-11-24"."""
    return f"{point.pk}-{day.isoformat()}"


def contents(request: HttpRequest, id: str) -> Contents:
    """Return every page of the day's list. Raises Http404, and PermissionDenied for a point of somebody else's."""
    pk, _dash, iso = id.partition("-")
    number = key_of(pk)
    try:
        day = dt.date.fromisoformat(iso)
        ends = timezone.make_aware(dt.datetime.combine(day + dt.timedelta(days=KEPT_DAYS), dt.time.min))
    except (ValueError, OverflowError) as wrong:
        raise Http404("no such day") from wrong
    if iso != day.isoformat():  # one day, one pack
        raise Http404("no such day")
    if not request.user.is_authenticated:
        raise PermissionDenied
    own = PickupPoint.objects.filter(cooperative__in=cooperatives_of(request.user))
    point: PickupPoint | None = own.filter(pk=number).first()
    if point is None:
        raise PermissionDenied
    page, pages = reverse("desk:pickup_day", args=[point.pk, day]), handover.pages_of(point, day)
    return Contents(
        title=f"{point.name}, {ngay(day)}",
        addresses=[page, *(f"{page}?trang={one}" for one in range(2, pages + 1))],
        expires=ends,
    )


SOURCE = PackSource(kind="giao", contents=contents, is_private=True)
