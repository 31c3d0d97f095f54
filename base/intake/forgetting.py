"""What was taken in so long ago that no device sends it again: of that, sending twice need not be told apart."""

from __future__ import annotations

import datetime as dt

from django.db.models import QuerySet

from base.intake.models import Entry, Upload


def old_entries(before: dt.datetime) -> QuerySet[Entry]:
    """Return what was taken in before then."""
    return Entry.objects.filter(received_at__lt=before)


def old_uploads(before: dt.datetime) -> QuerySet[Upload]:
    """Return files, whole or not, to which nothing was added since then: the phone has them and sends them again."""
    return Upload.objects.filter(touched_at__lt=before)
