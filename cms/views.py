"""The password form of a page that an editor has closed with a password."""

from django.http import HttpRequest, HttpResponseBase
from django.views.decorators.cache import never_cache
from wagtail.views import authenticate_with_password

from base.access import rates
from base.access.client import client_ip
from base.shell import errors

TRIES = 10
PER_S = 600


@never_cache
def open_with_password(request: HttpRequest, page_view_restriction_id: int, page_id: int) -> HttpResponseBase:
    """Let somebody in who knows the password; ten tries in ten minutes for each restriction and address."""
    key = f"{page_view_restriction_id} {client_ip(request)}"
    if request.method == "POST" and not rates.hit("cms.password", key, TRIES, PER_S):
        return errors.too_many(request, PER_S)
    response: HttpResponseBase = authenticate_with_password(request, page_view_restriction_id, page_id)
    return response
