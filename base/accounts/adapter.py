"""How allauth reads and writes the phone of our users, and what it says to them."""

from __future__ import annotations

from typing import Any, ClassVar

from allauth.account.adapter import DefaultAccountAdapter
from django import forms
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from base.access.client import client_ip
from base.accounts import doors, names, phones, registration, sms
from base.accounts.fields import PhoneField
from base.accounts.models import User

WRONG = gettext_lazy("The phone number or the password is not right. Try again, or sign in with a code.")


class AccountAdapter(DefaultAccountAdapter):
    """Phone first. allauth asks that all of its phone methods exist (account/adapter.py:1041)."""

    error_messages: ClassVar[dict[str, Any]] = {
        **DefaultAccountAdapter.error_messages,
        "account_inactive": gettext_lazy("This account is closed."),
        "phone_password_mismatch": WRONG,
        "phone_taken": gettext_lazy("This phone number has an account already. Sign in with it."),
        "unknown_phone": WRONG,
        "too_many_login_attempts": gettext_lazy("Too many tries. Wait five minutes, or sign in with a code."),
        "too_many_codes": gettext_lazy(
            "Codes were asked for too often. Wait ten minutes, then ask again, or sign in with the password."
        ),
        "too_many_passwords": gettext_lazy(
            "Too many tries. Wait five minutes, then type your password once more."
        ),
        "too_many_app_codes": gettext_lazy(
            "Too many tries. Wait five minutes, then type the six digits that the app shows then."
        ),
        "rate_limited": gettext_lazy("A code was sent a moment ago. Wait half a minute, then ask again."),
        "no_code_now": gettext_lazy("No code can be sent to this number now. Wait a minute, then try again."),
        "incorrect_code": gettext_lazy(
            "This code is not right. Look at the newest message and type its six digits."
        ),
        "incorrect_password": gettext_lazy("This is not your password."),
        "same_as_current": gettext_lazy("This is the number you have now."),
    }

    def phone_form_field(self, **kwargs: Any) -> forms.Field:
        """Return our field: allauth's own refuses 0912…"""
        kwargs["label"] = gettext_lazy("Phone number")  # allauth's "Phone" has no Vietnamese
        return PhoneField(**kwargs)

    def clean_phone(self, phone: str) -> str:
        """Return E.164; PhoneField has done it, except where allauth passes what it read elsewhere."""
        return phones.normalise(phone)

    def get_user_by_phone(self, phone: str) -> User | None:
        """Return who may sign in with a phone in any spelling (registration.py says who may not)."""
        try:
            return registration.who_can_sign_in(phones.normalise(phone))
        except phones.InvalidPhone:
            return None

    def get_phone(self, user: User) -> tuple[str, bool] | None:
        """Return the stored phone and whether it was verified."""
        return (user.phone, user.is_phone_verified) if user.phone else None

    def set_phone(self, user: User, phone: str, verified: bool) -> None:
        """Store a phone; on an unsaved user (sign-up) only set it, ``save_user`` writes it."""
        user.phone = phone
        user.phone_verified_at = timezone.now() if verified else None
        if user.pk:
            user.save(update_fields=["phone", "phone_verified_at"])

    def set_phone_verified(self, user: User, phone: str) -> None:
        """Write phone and mark together: when a phone is changed the new one is not stored yet, and the user that
        allauth passes is a lazy object."""
        now = timezone.now()
        User.objects.filter(pk=user.pk).update(phone=phone, phone_verified_at=now)
        user.phone, user.phone_verified_at = phone, now

    def save_user(self, request: HttpRequest, user: User, form: forms.Form, commit: bool = True) -> User:
        """Save who signs up, with phone and name; unverified until the code comes back."""
        user.phone = form.cleaned_data["phone"]
        user.phone_verified_at = None
        user.last_name, user.first_name = names.split(form.cleaned_data.get("full_name", ""))
        user.set_password(form.cleaned_data["password1"])
        if commit:  # a transaction of its own, so that a phone taken meanwhile can be answered
            with transaction.atomic():
                user.save()
        return user

    def send_verification_code_sms(self, user: User, phone: str, code: str, **kwargs: Any) -> None:
        """Send a code, for sign-up, sign-in or a new phone."""
        sms.send(
            "code",
            phone,
            _("Your Làng Số code is %(code)s. Give it to nobody, not even to staff.") % {"code": code},
        )

    def send_unknown_account_sms(self, phone: str, **kwargs: Any) -> None:
        """Tell the owner of a phone without account that somebody asked for a sign-in code."""
        text = _(
            "Somebody asked for a Làng Số code with this number, but it has no account yet. "
            "You can make one on the site."
        )
        sms.send("unknown", phone, text)

    def send_account_already_exists_sms(self, phone: str) -> None:
        """Tell the owner of an account that somebody signed up with its phone; takes as long as a real sign-up."""
        make_password("as long as for a new account")
        sms.send(
            "known",
            phone,
            _("This number has a Làng Số account already. Sign in with it, or ask for a sign-in code."),
        )

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Return where to go when no page was asked for: one's desk, else my page."""
        return doors.desk_of(request) or super().get_login_redirect_url(request)

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """Return whose wrong passwords are counted together: one phone's. allauth knows e-mail and user name only, and
        would count those of all phones as one's (account/adapter.py, 65.21). Fields and rows hold phones as E.164."""
        return f"phone:{credentials['phone']}"

    def get_client_ip(self, request: HttpRequest) -> str:
        """Return the address that rate limits count."""
        return client_ip(request)
