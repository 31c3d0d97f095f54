"""How staff make and change accounts: phone in any spelling, e-mail optional, a password only when they give one."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from base.accounts.fields import PhoneField
from base.accounts.models import User


def vouch(user: User, password: str) -> None:
    """Store what staff decided: a given password also vouches for the phone; without one the phone's owner gets in by
    a code. (An empty string would count as a usable password that nobody can type.)"""
    if password:
        user.set_password(password)
        user.phone_verified_at = user.phone_verified_at or timezone.now()
    elif not user.password:
        user.set_unusable_password()


class StaffUserForm(forms.ModelForm[User]):
    """Django admin's form of a person."""

    phone = PhoneField()

    class Meta:
        model = User
        fields = (
            "phone",
            "last_name",
            "first_name",
            "email",
            "is_active",
            "is_staff",
            "is_superuser",
            "groups",
            "user_permissions",
        )

    def clean_email(self) -> str | None:
        """Return NULL for none."""
        return self.cleaned_data["email"] or None

    def save(self, commit: bool = True) -> Any:
        """Save; a new person without password gets in by code."""
        vouch(self.instance, "")
        return super().save(commit)


class WagtailFields(forms.Form):
    """What Wagtail's two user forms do otherwise: it demands an e-mail, both names and +84…"""

    phone = PhoneField(help_text=_("The person can sign in with a code to this number."))
    email = forms.EmailField(label=_("E-mail"), required=False)
    first_name = forms.CharField(label=_("Given name"), max_length=150)
    last_name = forms.CharField(label=_("Family name"), max_length=150, required=False)
    password_required = False
    instance: User

    def clean_email(self) -> str | None:
        """Return NULL for none."""
        return self.cleaned_data["email"] or None

    def save(self, commit: bool = True) -> Any:
        """Save; see ``vouch``."""
        vouch(self.instance, self.cleaned_data.get("password1", ""))
        return super().save(commit)  # type: ignore[misc]  # the other base has it
