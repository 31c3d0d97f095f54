"""What stands in Oscar's dashboard where people would be added to a household."""

from __future__ import annotations

from django.contrib.auth.decorators import user_passes_test
from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext as _

from base.shell import errors


@user_passes_test(lambda user: user.is_staff)
def people_are_added_on_the_desk(request: HttpRequest, **kwargs: object) -> HttpResponseBase:
    """Say where people are added."""
    return errors.page(
        request,
        403,
        heading=_("People are not added here"),
        text=_("Who belongs to a household is written on the household's page in /quan-tri/he-thong/."),
    )
