"""Devices without an account that were lost, or whose session ended: nobody can get at their progress any more."""

from __future__ import annotations

import datetime as dt

from django.db.models import Exists, OuterRef, QuerySet

from learning.records import Enrolment, LearnerDevice


def lost_devices(before: dt.datetime) -> QuerySet[LearnerDevice]:
    """Return devices that no account took over and that did nothing since ``before``; their rows go with them."""
    seen = Enrolment.objects.filter(device=OuterRef("pk"), seen_at__gte=before)
    return LearnerDevice.objects.filter(claimed_by=None, created_at__lt=before).exclude(Exists(seen))
