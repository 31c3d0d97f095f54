"""What a phone can carry of the selling desk: the desk as it is now, and the form to put goods up."""

from __future__ import annotations

import datetime as dt
from typing import Final

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from base.offline.packs import Contents, PackSource
from marketplace.access import households_of

MINE: Final = "toi"  # the only one there is for a person: of all her households
SHOWN: Final = dt.timedelta(days=7)  # afterwards what is ordered has long been handed over


def contents(request: HttpRequest, id: str) -> Contents:
    """Return the desk and the form. Raises Http404, or PermissionDenied for whoever has no household."""
    if id != MINE:
        raise Http404("no such desk")
    if not request.user.is_authenticated or not households_of(request.user):
        raise PermissionDenied
    return Contents(
        title=_("My selling desk"),
        addresses=[reverse("selling:home"), reverse("selling:add"), reverse("selling:lines")],
        expires=timezone.now() + SHOWN,
    )


DESK = PackSource(kind="ban", contents=contents, is_private=True)
