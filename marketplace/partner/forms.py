"""The form of a household's goods: everything may be missing in a draft, what is wrong is said beside its field."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from base.shell import formats
from base.shell.widgets import PictureRadio
from marketplace.catalogue.listing import Listing
from marketplace.catalogue.models import Category, ListingState, Product
from marketplace.partner.fields import CountField, DayField, PriceField, TextField, unit_in_price
from marketplace.partner.models import Partner, StockRecord
from marketplace.partner.units import Unit
from media.forms import PhotoField
from media.models import Photo

if TYPE_CHECKING:
    from base.accounts.models import User

SUBMIT: Final = "submit"
DRAFT: Final = "draft"
LIVE: Final = (ListingState.SUBMITTED, ListingState.APPROVED)  # may never lack anything: people see them
MISSING: Final = {
    "photo": _("Please add a photo."),
    "title": _("What is it? Write its name."),
    "category": _("Choose the kind of goods."),
    "price_vnd": _("Write the price."),
    "left": _("Write how much there is."),
}
NEEDED: Final = (*MISSING, "unit")


class Said(NamedTuple):
    """What a line said when it was shown, None when that is not known, and what it was changed to."""

    was: str | None
    now: str


class CategoryField(forms.ModelChoiceField):  # type: ignore[type-arg]  # cannot be subscripted when it runs
    """A kind of goods by its picture; nothing chosen is no choice of its own."""

    def __init__(self, **kwargs: Any) -> None:
        """Offer the kinds that the market shows."""
        kwargs.setdefault(
            "error_messages", {"invalid_choice": _("There is no such kind. Please choose one here.")}
        )
        super().__init__(
            Category.objects.none(), widget=PictureRadio, empty_label=None, blank=False, **kwargs
        )

    def label_from_instance(self, obj: Category) -> str:
        """Return the kind's name."""
        name: str = obj.name
        return name


class ListingForm(forms.Form):
    """What a household says about its goods. ``for_approval`` tells whether everything must be there."""

    use_required_attribute = False  # a draft may lack anything

    entry_id = forms.UUIDField(widget=forms.HiddenInput, required=False)
    photo_key = forms.UUIDField(
        widget=forms.HiddenInput, required=False
    )  # sent before, with a form that had a mistake
    photo = PhotoField(label=_("Photo"))
    title = TextField(label=_("What is it?"), max_length=120)
    category = CategoryField(label=_("Kind"))
    price_vnd = PriceField(label=_("Price"))
    unit = forms.ChoiceField(label=_("For each"), choices=Unit.choices)
    left = CountField(label=_("How much is there?"))
    ready_from = DayField(label=_("Ready from"), required=False, help_text=_("Empty: it can be had now."))
    description = TextField(
        label=_("A few words about it"),
        keep_lines=True,
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(
        self,
        *args: Any,
        user: User,
        households: Sequence[Partner],
        product: Product | None = None,
        stock: StockRecord | None = None,
        then: str = DRAFT,
        **kwargs: Any,
    ) -> None:
        """Prepare the form for new goods of one of ``households``, or for ``product``."""
        super().__init__(*args, **kwargs)
        self.user, self.product, self.stock, self.then = user, product, stock, then
        self.sent_photo: Photo | None = None
        self.was: dict[str, str] = {}
        """What each line of the goods said when the page was made; the page sends it along."""
        self.households = {str(household.pk): household for household in households}
        shown = Q(depth=1, is_public=True)
        if (
            product is not None and product.category_id
        ):  # hidden since: only who changes it must choose another
            shown |= Q(pk=product.category_id)
        self.fields["category"].queryset = Category.objects.filter(shown)  # type: ignore[attr-defined]
        if product is None:
            # with it, browsers bring nothing again on "back"; beside goods that are sold, a number typed before an
            # order came must not come again
            del self.fields["left"].widget.attrs["autocomplete"]
            self.initial.setdefault("entry_id", uuid.uuid4())
            self._ask_household()

    def _ask_household(self) -> None:
        if len(self.households) > 1:
            self.fields["household"] = forms.ChoiceField(
                label=_("Whose goods?"),
                choices=[(key, household.name) for key, household in self.households.items()],
                widget=forms.RadioSelect,
                error_messages={
                    "required": _("Choose whose goods these are."),
                    "invalid_choice": _("Choose one of these."),
                },
            )
            self.initial.setdefault("household", next(iter(self.households)))

    @property
    def is_for_approval(self) -> bool:
        """Whether nothing may be missing: it is sent off, or people see it already."""
        return self.then == SUBMIT or (self.product is not None and self.product.listing_state in LIVE)

    def full_clean(self) -> None:
        """Judge each field by itself; ``clean`` decides what may be missing. Shown, those fields count as required."""
        for name in NEEDED:
            self.fields[name].required = False
        super().full_clean()
        for name in NEEDED:
            self.fields[name].required = True

    def clean_unit(self) -> Unit:
        """Return the unit, kg when none was sent. Another one would say something else of what is ordered already."""
        unit, stock = Unit(self.cleaned_data["unit"] or Unit.KG), self.stock
        if stock is not None and stock.num_allocated and unit != stock.unit:
            ordered = {"number": stock.num_allocated, "unit": Unit(stock.unit).label}
            words = _("%(number)s %(unit)s of it are ordered. Change the unit once they are handed over.")
            raise ValidationError(words, code="ordered", params=ordered)
        return unit

    def clean_photo_key(self) -> uuid.UUID | None:
        """Find the photo sent before; only the person who sent it may use it."""
        key: uuid.UUID | None = self.cleaned_data["photo_key"]
        if key is not None:
            self.sent_photo = Photo.objects.filter(key=key, owner=self.user).first()
            if self.sent_photo is None:
                raise ValidationError(
                    _("This photo is not there any more. Please take it again."), code="missing"
                )
        return key

    def clean(self) -> dict[str, Any]:
        """Say what is missing when nothing may be missing."""
        data = super().clean() or self.cleaned_data
        self._compare_units(data)
        lost = self.errors.pop("photo_key", None)
        if lost is not None and not data.get("photo"):  # hidden: say it where the photo is chosen
            self.add_error("photo", lost.as_data())
        if self.is_for_approval:
            there: Mapping[str, Any] = {**data, "photo": data.get("photo") or self.shown_photo}
            for name, words in MISSING.items():
                if name not in self.errors and there.get(name) in (None, ""):
                    self.add_error(name, ValidationError(words, code="required"))
            if self.then == SUBMIT and data.get("left") == 0 and not self._is_live:
                self.add_error(
                    "left", ValidationError(_("Write how much there is, at least 1."), code="none_left")
                )
        return data

    def _compare_units(self, data: Mapping[str, Any]) -> None:
        """Ask when the price is typed for another unit than the one chosen beside it."""
        said = unit_in_price(self.data.get("price_vnd", ""))
        if said and "price_vnd" in data and data.get("unit", said) != said:
            words = _("You wrote the price for each %(said)s, but chose %(chosen)s. Make both the same.")
            units = {"said": said.label, "chosen": data["unit"].label}
            self.add_error("price_vnd", ValidationError(words, code="other_unit", params=units))

    @property
    def _is_live(self) -> bool:
        return self.product is not None and self.product.listing_state in LIVE

    @property
    def shown_photo(self) -> Photo | None:
        """Return the photo that stays when no new one comes: the one sent before, else the product's."""
        return self.sent_photo or (self.product.cover if self.product else None)

    @property
    def whose(self) -> Partner | None:
        """Return whose goods these are, None when several could be meant and none was chosen."""
        if self.product is not None:
            return self.product.household
        if len(self.households) == 1:
            return next(iter(self.households.values()))
        return self.households.get(self.cleaned_data.get("household", ""))

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing that could be kept; a unit alone says nothing."""
        said = (self.cleaned_data.get(name) for name in KEPT if name != "unit")
        return not (any(said) or self.cleaned_data.get("photo") or self.shown_photo)

    def listing(self, cover: Photo | None) -> Listing:
        """Return what can be kept of what was typed: a field with a mistake keeps what the product had."""
        data = self.cleaned_data
        old = initial_of(self.product, self.stock)
        kept: dict[str, Any] = {name: data[name] if name in data else old.get(name) for name in KEPT}
        left: int | None = kept["left"] or 0
        if self.stock is not None and "left" not in data:
            left = None
        return Listing(
            title=kept["title"] or "",
            description=kept["description"] or "",
            category=kept["category"],
            price_vnd=kept["price_vnd"],
            unit=Unit(kept["unit"] or Unit.KG),
            left=left,
            ready_from=kept["ready_from"],
            cover=cover,
        )

    def shown(self) -> dict[str, Said]:
        """Return what each line said when the page was made, and what it says now; a line that did not come is none."""
        return {
            name: Said(self.data.get(f"was-{name}"), self.data[name]) for name in KEPT if name in self.data
        }

    def note_kept(self) -> None:
        """Measure the next change by what was just kept: a line with a mistake stands as it did before."""
        self.was = {
            name: self.was.get(name, "") if name in self.errors else self.data.get(name, "") for name in KEPT
        }


KEPT: Final = ("title", "description", "category", "price_vnd", "unit", "left", "ready_from")


def initial_of(product: Product | None, stock: StockRecord | None) -> dict[str, Any]:
    """Return the values of ``product`` by field, as ``ListingForm.listing`` keeps them."""
    if product is None:
        return {}
    return {
        "title": product.title,
        "description": product.description,
        "category": product.category,
        "price_vnd": int(stock.price) if stock is not None and stock.price is not None else None,
        "unit": stock.unit if stock is not None else Unit.KG,
        "left": stock.net_stock_level if stock is not None else None,
        "ready_from": product.ready_from,
    }


def written(product: Product, stock: StockRecord) -> dict[str, str]:
    """Return the values of ``product`` as a person types them: 25.000, and nothing for an amount never given."""
    values = initial_of(product, stock)
    if values["price_vnd"] is not None:
        values["price_vnd"] = formats.number(values["price_vnd"])
    if product.listing_state == ListingState.DRAFT and not values["left"]:
        values["left"] = None
    values["category"] = product.category_id
    return {name: "" if value is None else str(value) for name, value in values.items()}


class AmountForm(forms.Form):
    """How much is left of goods that are there already, and how much there was when the page was made."""

    left = CountField(label=_("How much is left?"), error_messages={"required": MISSING["left"]})
    left_was = forms.CharField(widget=forms.HiddenInput, required=False)
