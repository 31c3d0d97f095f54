"""What stands in Oscar's dashboard where goods would be written."""

from __future__ import annotations

from django.contrib.auth.decorators import user_passes_test
from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext as _

from base.shell import errors


@user_passes_test(lambda user: user.is_staff)
def goods_are_changed_on_the_desks(request: HttpRequest, **kwargs: object) -> HttpResponseBase:
    """Say where goods are changed."""
    return errors.page(
        request,
        403,
        heading=_("Goods are not changed here"),
        text=_(
            "The household changes its goods on its own desk, and the cooperative approves them on its desk."
        ),
    )
