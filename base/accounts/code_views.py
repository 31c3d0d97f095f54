"""Where a code sent to a phone is asked for and typed in: allauth's views, with true words for what was sent, what was
refused and for how long, and which code no longer counts."""

from __future__ import annotations

import time
from http import HTTPStatus
from typing import Any, Final

from allauth.account import views as allauth_views
from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.code_verification import AbstractCodeVerificationProcess
from allauth.core.exceptions import RateLimited
from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.generic import FormView

RESENDS: Final = 2  # on one page for a code; a phone gets ten messages a day (sms.py)
RETRY_AFTER_S: Final = 60


class _CodePage:
    """A page for a code, with the button "send another"."""

    request: HttpRequest

    @property
    def _sent(self) -> AbstractCodeVerificationProcess:
        raise NotImplementedError

    @cached_property
    def _action(self) -> str:
        """Asking for another code is never a try: allauth takes it for an empty code once no more are sent."""
        return "resend" if self.request.POST.get("action") == "resend" else "verify"

    @property
    def _has_resends(self) -> bool:
        return not self._sent.is_resend_quota_reached(RESENDS)

    def _resend_form_valid(self, form: forms.Form) -> HttpResponse:
        """Send another code unless enough were sent, when the page itself says how long to wait; show the page again.

        Not by allauth's ``resend``, which for signing in fails on a phone without account (an assertion), and does not
        exist for a changed phone.
        """
        if self._has_resends:
            self._resend()
        again: str = self.passthrough_next_url(self.request.path)  # type: ignore[attr-defined]  # the other base's
        return redirect(again)

    def _resend(self) -> None:
        try:
            self._sent.send(True)  # no message to a phone that has no account
        except RateLimited:
            messages.error(self.request, get_adapter().error_messages["rate_limited"])
            return
        self._sent.record_resend()
        self._sent.persist()
        messages.success(
            self.request, _("If everything is right, another code is on its way. Only the newest one counts.")
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add whether another code may be asked for here, else after how many minutes."""
        left_s = self._sent.state["at"] + self._sent.timeout - time.time()
        context: dict[str, Any] = super().get_context_data(**kwargs)  # type: ignore[misc]  # the other base has it
        return context | {"can_resend": self._has_resends, "wait_minutes": max(1, -int(-left_s // 60))}


class ConfirmLoginCode(_CodePage, allauth_views.ConfirmLoginCodeView):
    """The code that signs in."""

    @property
    def _sent(self) -> AbstractCodeVerificationProcess:
        return self._process

    def form_invalid(self, form: forms.Form) -> HttpResponse:
        """Show the page again; after the last try lead to where a new code is asked for."""
        if self._sent.record_invalid_attempt():
            return FormView.form_invalid(self, form)
        messages.error(
            self.request,
            _("That code was wrong too often and no longer counts. Ask for a new one here."),
        )
        return redirect(self.passthrough_next_url(reverse("account_request_login_code")))


class VerifySignUp(_CodePage, allauth_views._VerifyPhoneSignupView):
    """The code that opens a new account."""

    @property
    def _sent(self) -> AbstractCodeVerificationProcess:
        return self.process

    def respond_process_failed(self, form: forms.Form) -> HttpResponse:
        """Lead back to signing up, in the same words whether or not the phone had an account before."""
        text = _(
            "The code was wrong too often and no longer counts. Please fill this in once more, and we send a new one. "
            "If you have an account already, sign in."
        )
        messages.error(self.request, text)
        return redirect("account_signup")


class VerifyChangedPhone(_CodePage, allauth_views._VerifyPhoneChangeView):
    """The code that shows that a new number is one's own."""

    @property
    def _sent(self) -> AbstractCodeVerificationProcess:
        return self.process

    def respond_process_failed(self, form: forms.Form) -> HttpResponse:
        """Lead back to where the number is typed; the old one stays until then."""
        text = _(
            "That code was wrong too often and no longer counts. Your number is as before; ask for a new code here."
        )
        messages.error(self.request, text)
        return redirect("account_change_phone")


def verify_phone(request: HttpRequest) -> HttpResponseBase:
    """Take the code for a new account, or from somebody signed in the one for a new number."""
    view = VerifyChangedPhone if request.user.is_authenticated else VerifySignUp
    return view.as_view()(request)


class _AsksForCode:
    """A form whose phone gets a code; one that got one a moment ago is an error beside it, not a bare page."""

    def form_valid(self, form: forms.Form) -> HttpResponse:
        """Send the code and go on; or show the form again (429), with nothing stored: an earlier sign-up keeps its
        account, and the code on its way counts."""
        try:
            with transaction.atomic():
                answer: HttpResponse = super().form_valid(form)  # type: ignore[misc]  # the other base has it
                return answer
        except RateLimited:
            form.add_error("phone", get_adapter().error_messages["no_code_now"])
        again: HttpResponse = super().form_invalid(form)  # type: ignore[misc]  # as above
        again.status_code = HTTPStatus.TOO_MANY_REQUESTS
        again.headers["Retry-After"] = str(RETRY_AFTER_S)
        return again


class SignUp(_AsksForCode, allauth_views.SignupView):
    """A new account."""


class ChangePhone(_AsksForCode, allauth_views.ChangePhoneView):
    """A new number for an account."""
