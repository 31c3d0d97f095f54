"""Form fields for a phone number, a person's name and a code."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from base.accounts import names, phones


class PhoneField(forms.CharField):
    """A Vietnamese phone number in any spelling; cleans to E.164, shows again as "0912 345 678"."""

    widget = forms.TextInput(attrs={"type": "tel", "inputmode": "tel", "autocomplete": "tel"})
    default_error_messages = {"invalid": phones.WRONG}

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("Phone number"))
        kwargs.setdefault("max_length", phones.MAX_LENGTH)
        super().__init__(**kwargs)
        self.error_messages["max_length"] = self.error_messages["invalid"]

    def clean(self, value: Any) -> str:
        """Return E.164, or "" for an optional empty field."""
        text: str = super().clean(value)
        if not text:
            return ""
        try:
            return phones.normalise(text)
        except phones.InvalidPhone as error:
            raise ValidationError(self.error_messages["invalid"], code="invalid") from error

    def prepare_value(self, value: Any) -> Any:
        """Show a stored number as people read it; leave what was typed as it was typed."""
        return phones.display(value) if isinstance(value, str) and value.startswith("+84") else value


class NameField(forms.CharField):
    """A person's whole name in one field, in the order in which people say it here."""

    widget = forms.TextInput(attrs={"autocomplete": "name", "autocapitalize": "words"})

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("Full name"))
        kwargs.setdefault("max_length", 150)
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> str:
        """Return the name in one Unicode spelling, before its length is measured: composing can lengthen it."""
        return names.clean(super().to_python(value) or "")


class CodeField(forms.CharField):
    """Six digits from a text message; spaces and dots between them do not matter."""

    widget = forms.TextInput(
        attrs={"inputmode": "numeric", "autocomplete": "one-time-code", "autocapitalize": "characters"}
    )

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("Code"))
        kwargs.setdefault("max_length", 40)
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> str:
        """Return the code without what a phone's keyboard put between its digits."""
        return "".join(c for c in super().to_python(value) or "" if c not in " .-\u00a0")
