"""Forms of the cooperative's desk: return goods with a reason, cancel an order with a reason."""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from marketplace.partner.fields import clean_text

OTHER: Final = "other"
LONGEST: Final = 300  # the columns hold as much


class ReasonForm(forms.Form):
    """A ready-made reason, or one's own words, or both."""

    READY: tuple[tuple[str, Any], ...] = ()

    reason = forms.ChoiceField(
        label=_("Why?"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose a reason."), "invalid_choice": _("Choose a reason.")},
    )
    words = forms.CharField(
        label=_("In your own words"), max_length=180, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )

    use_required_attribute = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer the ready-made reasons and "something else"."""
        super().__init__(*args, **kwargs)
        self.fields["reason"].choices = [*self.READY, (OTHER, _("Something else"))]  # type: ignore[attr-defined]

    def clean_words(self) -> str:
        """Return the words without invisible signs."""
        return clean_text(self.cleaned_data["words"])

    def clean(self) -> dict[str, Any]:
        """Ask for words where the ready-made reasons do not fit."""
        data = super().clean() or self.cleaned_data
        if data.get("reason") == OTHER and "words" not in self.errors and not data.get("words"):
            self.add_error(
                "words",
                ValidationError(_("Write the reason, so that they know what to do."), code="required"),
            )
        return data

    def text(self) -> str:
        """Return the reason as the other side reads it: in Vietnamese, whatever language the manager's desk speaks."""
        chosen, words = self.cleaned_data["reason"], self.cleaned_data["words"]
        with translation.override(settings.LANGUAGE_CODE):
            ready = "" if chosen == OTHER else str(dict(self.READY)[chosen])
        return " ".join(part for part in (ready, words) if part)[:LONGEST]


class ReturnForm(ReasonForm):
    """Why goods go back to the household."""

    READY = (
        ("photo", _("The photo is not clear. Please take it again in a bright place.")),
        ("price", _("Please look at the price again.")),
        ("words", _("The name does not fit what is on the photo.")),
        ("amount", _("The amount or the unit cannot be right.")),
        ("not_ours", _("The cooperative does not sell such goods.")),
    )


class CancelForm(ReasonForm):
    """Why an order is cancelled; the buyer reads it."""

    READY = (
        ("buyer", _("The buyer asked for it.")),
        ("goods", _("The goods could not be had.")),
        ("not_collected", _("Nobody came to collect it.")),
        ("no_contact", _("We could not reach the buyer.")),
    )
