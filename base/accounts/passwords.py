"""What a password may not be; AUTH_PASSWORD_VALIDATORS names it beside Django's own."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from base.accounts import phones


class NotOnesPhoneValidator:
    """Refuses one's own phone number in any spelling: it is the other half of signing in, and many know it."""

    def validate(self, password: str, user: Any = None) -> None:
        """Raise ValidationError for the phone of ``user``."""
        number = _number(password)
        if number and number == _number(getattr(user, "phone", "")):
            raise ValidationError(
                _("This is your phone number, and others know it. Choose another password."),
                code="password_is_phone",
            )

    def get_help_text(self) -> str:
        """Return the rule in one sentence."""
        return _("Your password must not be your phone number.")


def _number(text: str) -> str:
    try:
        return phones.normalise(text)
    except phones.InvalidPhone:
        return ""
