"""The second factor that staff must show under /quan-tri/ (allauth has no setting for it)."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, ClassVar, Final

from allauth.account.authentication import get_authentication_records
from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

ADMIN: Final = re.compile(r"/([a-z]{2,3}(-[a-z]{2,4})?/)?quan-tri(/|$)", re.IGNORECASE)
DOOR: Final = "door_of_"  # names in door_urls.py


class SecondFactorMiddleware:
    """Opens /quan-tri/ only to a session in which the second factor was shown, where STAFF_SECOND_FACTOR says so.

    Stands after AccessMiddleware, so that who has no business there is refused before being asked to set one up.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Pass the request on; the work is in process_view."""
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *view: Any) -> HttpResponseBase | None:
        """Let the view run (None), or send to sign in, or to set up a second factor."""
        if not settings.STAFF_SECOND_FACTOR or not ADMIN.match(request.path_info):
            return None
        if request.resolver_match is not None and (request.resolver_match.url_name or "").startswith(DOOR):
            return None  # it leads to signing in, and then to what is behind it instead of back to itself
        user = request.user
        if not user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        if not is_mfa_enabled(user, [Authenticator.Type.TOTP]):
            return redirect("mfa_activate_totp")
        if any(record["method"] == "mfa" for record in get_authentication_records(request, user)):
            return None
        logout(request)
        return redirect_to_login(request.get_full_path())


@receiver(authenticator_added)
def count_setting_up_as_showing(
    request: HttpRequest, user: Any, authenticator: Authenticator, **kwargs: Any
) -> None:
    """Count the first code of a new app as shown, or whoever set it up would be signed out at once."""
    if authenticator.type == Authenticator.Type.TOTP:
        record_authentication(request, user, "mfa", id=authenticator.pk, type=authenticator.type)


class MFAAdapter(DefaultMFAAdapter):
    """Vietnamese messages, and a QR code that stands in the page itself (a data: image would break the CSP)."""

    error_messages: ClassVar[dict[str, Any]] = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": _("This code is not right. Type the six digits that the app shows now."),
        "cannot_delete_authenticator": _("The second lock cannot be taken off."),
        "cannot_generate_recovery_codes": _("Set up the app first, then make spare codes."),
    }

    def build_totp_svg(self, url: str) -> str:
        """Return an <svg> element without its XML declaration."""
        svg: str = super().build_totp_svg(url)
        return svg[svg.index("<svg") :]
