"""The password form of a page that an editor has closed with a password."""

from django.http import HttpRequest, HttpResponseBase
from django.views.decorators.cache import never_cache
from wagtail.views import authenticate_with_password

from base.access import rates
from base.access.client import client_ip
from base.shell.errors import too_many

TRIES = 10
PER_S = 600


@never_cache
def open_with_password(
    request: HttpRequest, page_view_restriction_id: int, page_id: int
) -> HttpResponseBase:
    """Let somebody in who knows the password; a limited number of tries."""
    response: HttpResponseBase = authenticate_with_password(request, page_view_restriction_id, page_id)
    return response
