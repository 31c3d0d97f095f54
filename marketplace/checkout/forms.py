"""The checkout form: who buys and where each cooperative's goods are collected. Cash only so far."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from base.accounts.fields import PhoneField
from marketplace.cooperative.models import Cooperative, PickupPoint
from marketplace.order.placement import Contact
from marketplace.partner.fields import TextField


class CheckoutForm(forms.Form):
    """Name, phone, note, and one pickup choice per cooperative (``pickup-<cooperative id>``)."""

    entry_id = forms.UUIDField(widget=forms.HiddenInput)
    name = TextField(
        label=_("Your name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    phone = PhoneField(
        label=_("Phone number"), help_text=_("The cooperative calls this number if something changes.")
    )
    note = TextField(
        label=_("A word to the cooperative"),
        keep_lines=True,
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, cooperatives: Iterable[Cooperative], **kwargs: Any) -> None:
        """Add the pickup choice of each cooperative; the only one is chosen already."""
        super().__init__(*args, **kwargs)
        self.initial.setdefault("entry_id", uuid.uuid4())
        self.points: dict[int, dict[str, PickupPoint]] = {}
        wanted = list(cooperatives)
        active = (
            PickupPoint.objects.active().filter(cooperative__in=wanted).select_related("commune__province")
        )
        for cooperative in wanted:
            name = f"pickup-{cooperative.pk}"
            own = {str(point.pk): point for point in active if point.cooperative_id == cooperative.pk}
            self.points[cooperative.pk] = own
            if self.initial.get(name) not in own:
                self.initial.pop(name, None)  # chosen before, and closed since
            self.fields[name] = forms.ChoiceField(
                label=_("Where do you collect the goods of %(name)s?") % {"name": cooperative.name},
                choices=[
                    (pk, f"{point.name}. {point.address}, {point.commune}. {point.hours}")
                    for pk, point in own.items()
                ],
                widget=forms.RadioSelect,
                initial=next(iter(own)) if len(own) == 1 else None,
                error_messages={"required": _("Choose where you will collect.")},
            )

    @property
    def pickup_fields(self) -> list[forms.BoundField]:
        """Return the pickup choices, for the template."""
        return [self[f"pickup-{pk}"] for pk in self.points]

    def contact(self) -> Contact:
        """Return who buys."""
        data = self.cleaned_data
        return Contact(name=data["name"], phone=data["phone"], note=data["note"])

    def pickup_points(self) -> Mapping[int, PickupPoint]:
        """Return the chosen pickup point of each cooperative by its id."""
        return {pk: own[self.cleaned_data[f"pickup-{pk}"]] for pk, own in self.points.items()}
