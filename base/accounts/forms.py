"""Forms of the account pages; allauth finds those named in ACCOUNT_FORMS and MFA_FORMS."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from allauth.account import forms as allauth_forms
from allauth.account.adapter import get_adapter
from allauth.mfa.base import forms as mfa_forms
from allauth.mfa.totp import forms as totp_forms
from django import forms
from django.contrib.auth import password_validation
from django.contrib.auth.models import AbstractBaseUser
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from base.accounts import names, registration
from base.accounts.fields import CodeField, NameField, PhoneField
from base.accounts.models import User


def _password_field(*, is_new: bool, **kwargs: Any) -> forms.CharField:
    """Return a password field; a new one is checked by ``clean``, not here, since that needs the person."""
    autocomplete = "new-password" if is_new else "current-password"
    widget = forms.PasswordInput(attrs={"autocomplete": autocomplete})
    kwargs.setdefault("label", _("Password"))
    return forms.CharField(strip=False, max_length=128, widget=widget, **kwargs)


@contextmanager
def _too_many_is(code: str) -> Iterator[None]:
    """Say this of the adapter's messages after too many tries: allauth has one text for passwords, codes and the second
    factor, and while that is set up the one for a code sent a moment ago."""
    try:
        yield
    except forms.ValidationError as error:
        if error.code not in ("too_many_login_attempts", "rate_limited"):
            raise
        raise get_adapter().validation_error(code) from error


class LoginForm(allauth_forms.LoginForm):
    """Phone and password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"] = _password_field(is_new=False)


class SignupForm(allauth_forms.SignupForm):
    """Phone, name and password; answers a known phone in the same words and the same time as a new one."""

    full_name = NameField(required=False, help_text=_("So that the cooperative knows who you are."))
    field_order = ("phone", "full_name", "password1")
    account_already_exists: bool

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["phone"].help_text = _("We send a code to this number.")
        self.fields["password1"] = _password_field(
            is_new=True, label=_("Choose a password"), help_text=_("At least 8 characters.")
        )
        self.order_fields(list(self.field_order))

    def clean(self) -> dict[str, Any]:
        """Check the password once more with the phone: the person that allauth makes up for this has none."""
        cleaned: dict[str, Any] = super().clean()
        phone, password = cleaned.get("phone"), cleaned.get("password1")
        if phone and password:
            try:
                password_validation.validate_password(password, User(phone=phone))
            except forms.ValidationError as error:
                self.add_error("password1", error)
        return cleaned

    def try_save(self, request: HttpRequest) -> tuple[AbstractBaseUser | None, HttpResponse | None]:
        """Save a new account, or for a known phone pretend to; the page after it is the same."""
        if not self.account_already_exists:
            self.account_already_exists = not registration.make_room(self.cleaned_data["phone"])
        try:
            return super().try_save(request)
        except IntegrityError:  # the same phone signed up between the check and here
            self.account_already_exists = True
            return super().try_save(request)


class RequestLoginCodeForm(allauth_forms.RequestLoginCodeForm):
    """Phone only."""

    def clean_phone(self) -> str:
        """Return the phone, unless it had its codes for now."""
        with _too_many_is("too_many_codes"):
            phone: str = super().clean_phone()
            return phone


class ConfirmLoginCodeForm(allauth_forms.ConfirmLoginCodeForm):
    """The code that signs in."""

    code = CodeField()


class ShownCodeForm(forms.Form):
    """Phone, and the code that a manager showed."""

    phone = PhoneField()
    code = CodeField(label=_("The six digits you were shown"))


class VerifyPhoneForm(allauth_forms.VerifyPhoneForm):
    """The code that shows that a phone is one's own."""

    code = CodeField()

    def clean_code(self) -> str:
        """Check the code; for a changed phone also clear an unverified sign-up that holds the new number."""
        code: str = super().clean_code()
        if (
            self.user is None
        ):  # allauth would fail on it: the row was replaced by another sign-up (registration.py)
            raise forms.ValidationError(
                _("Somebody signed up with this number again. Please start once more.")
            )
        if self.user.phone != self.phone and not registration.make_room(self.phone):
            raise get_adapter().validation_error("phone_taken")
        return code


class ReauthenticateForm(allauth_forms.ReauthenticateForm):
    """The password once more."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"] = _password_field(is_new=False)

    def clean_password(self) -> str:
        """Refuse a wrong one, and any after too many."""
        with _too_many_is("too_many_passwords"):
            password: str = super().clean_password()
            return password


class _AppCode:
    """A form with a code that an authenticator app shows."""

    def clean_code(self) -> str:
        """Refuse a wrong one, and any after too many."""
        with _too_many_is("too_many_app_codes"):
            code: str = super().clean_code()  # type: ignore[misc]  # the other base has it
            return code


class AuthenticateForm(_AppCode, mfa_forms.AuthenticateForm):
    """The second factor."""

    code = CodeField(label=_("Code from the app, or a spare code"))


class ReauthenticateByCodeForm(_AppCode, mfa_forms.ReauthenticateForm):
    """The second factor once more."""

    code = CodeField(label=_("Code from the app, or a spare code"))


class ActivateTOTPForm(_AppCode, totp_forms.ActivateTOTPForm):
    """The first code of a new authenticator app."""

    code = CodeField(label=_("Code from the app"))


class NameForm(forms.ModelForm[User]):
    """One's own name."""

    full_name = NameField()

    class Meta:
        model = User
        fields = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["full_name"] = f"{self.instance.last_name} {self.instance.first_name}".strip()

    def save(self, commit: bool = True) -> User:
        """Store the name in its two parts."""
        self.instance.last_name, self.instance.first_name = names.split(self.cleaned_data["full_name"])
        self.instance.save(update_fields=["last_name", "first_name"])
        return self.instance


class PasswordForm(forms.Form):
    """A new password; asks for the old one unless the person has just shown the phone by a code."""

    old_password = _password_field(is_new=False, label=_("Password now"))
    new_password = _password_field(
        is_new=True, label=_("New password"), help_text=_("At least 8 characters.")
    )

    def __init__(self, *args: Any, user: User, asks_old: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        if not asks_old:
            del self.fields["old_password"]

    def clean_old_password(self) -> str:
        """Refuse a wrong one."""
        password: str = self.cleaned_data["old_password"]
        if not self.user.check_password(password):
            raise forms.ValidationError(_("This is not your password."))
        return password

    def clean_new_password(self) -> str:
        """Refuse one that is too short, too common or one's phone."""
        password: str = self.cleaned_data["new_password"]
        password_validation.validate_password(password, self.user)
        return password

    def save(self) -> None:
        """Store the new password."""
        self.user.set_password(self.cleaned_data["new_password"])
        self.user.save(update_fields=["password"])
