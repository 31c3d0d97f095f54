"""What a household writes on its phone without a network: new goods, and changes of goods that are there."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from base.intake.kinds import Incoming, NotYet, Outcome, Refused, register
from base.intake.schema import Each, Fields, Id, OneOf, Text
from marketplace.access import households_of
from marketplace.catalogue.models import ListingState, Product
from marketplace.partner import entry, merging
from marketplace.partner.forms import DRAFT, KEPT, SUBMIT, ListingForm, Said
from media.forms import PhotoField

if TYPE_CHECKING:
    from marketplace.partner.models import Partner, StockRecord
    from media.fields import CleanFile

TYPED: Final = Text(20_000, optional=True)  # the form says what is too long, and the rest is kept
THEN: Final = OneOf((SUBMIT, DRAFT, "save"), optional=True)
LISTING: Final = dict.fromkeys((*KEPT, "household", "photo_key"), TYPED) | {
    "left_was": TYPED  # phones send it with what they wrote before
}
CHANGE: Final = Fields({"was": TYPED, "now": TYPED})


def _new_goods(incoming: Incoming) -> tuple[ListingForm, Partner]:
    """Read the form, the photo included. Raises Refused when these goods cannot be the sender's."""
    households = _households(incoming)
    body = {name: value for name, value in incoming.body.items() if name != "then"}
    if body["household"] and body["household"] not in {str(one.pk) for one in households}:
        raise Refused(_("You do not belong to this household any more."), 403)
    form = ListingForm(
        body, dict(incoming.files), user=incoming.user, households=households, then=incoming.body["then"]
    )
    form.full_clean()
    if form.whose is None:
        raise Refused(_("Choose whose goods these are."), errors=_errors(form))
    return form, form.whose


@register(
    "listing",
    label=gettext_lazy("Goods for the market"),
    rule=gettext_lazy(
        "New goods are always kept. What is missing or wrong makes them a draft, and says what to do."
    ),
    schema={**LISTING, "then": THEN},
    files=["photo"],
    prepare=_new_goods,
)
def take_listing(incoming: Incoming) -> Outcome:
    """Save new goods as the form does online."""
    form, household = incoming.prepared
    return _outcome(incoming, form, entry.save_new(form, household), {})


def _photo(incoming: Incoming) -> CleanFile | ValidationError | None:
    """Look at the new photo, if there is one."""
    try:
        return PhotoField(required=False).to_python(incoming.files.get("photo"))
    except ValidationError as error:
        return error


@register(
    "listing-change",
    label=gettext_lazy("A change of goods"),
    rule=gettext_lazy(
        "Each line is changed unless somebody changed it meanwhile: then theirs stays and both are shown. "
        "A new photo always counts."
    ),
    schema={
        "of": Id(optional=True),
        "key": Id(optional=True),
        "fields": Each(OneOf(KEPT), CHANGE, len(KEPT)),
        "then": THEN,
    },
    files=["photo"],
    prepare=_photo,
)
def take_change(incoming: Incoming) -> Outcome:
    """Change goods field by field, what others changed meanwhile left alone."""
    households = _households(incoming)
    stock = _held(households, _key(incoming))
    product = stock.product
    reader = ListingForm(user=incoming.user, households=households, product=product, stock=stock)
    said = {name: Said(one["was"], one["now"]) for name, one in incoming.body["fields"].items()}
    changes, notes = merging.sort_out(reader, said)
    photo = incoming.prepared
    if isinstance(photo, ValidationError):
        notes["photo"], photo = photo.messages, None
    then = incoming.body["then"]
    # goods go to the cooperative as their household sees them: not while two people say different things, nor before
    # she has read why they came back
    if then == SUBMIT and (notes or product.listing_state == ListingState.RETURNED):
        then = DRAFT

    def filled(kept: Mapping[str, str]) -> ListingForm:
        return merging.filled(reader, kept, photo, then)

    form = filled(changes)
    if not entry.can_be_kept(form):  # people see these goods: what has a mistake stays as it is
        notes |= {name: words for name, words in _errors(form).items() if name in changes}
        form = filled({name: now for name, now in changes.items() if name not in notes})
    if not entry.can_be_kept(form):
        raise Refused(_("Not saved. Please look at the marked places."), errors=_errors(form) | notes)
    return _outcome(incoming, form, entry.save_change(form), notes)


def _errors(form: ListingForm) -> dict[str, Any]:
    return {name: list(words) for name, words in form.errors.items()}


def _outcome(incoming: Incoming, form: ListingForm, product: Product, notes: dict[str, Any]) -> Outcome:
    _level, words = entry.news(form, product)
    if notes and not form.errors:
        words = _("Kept, but not all of it. Please look at the marked places.")
    elif product.listing_state == ListingState.RETURNED:
        words = _(
            "Kept. The cooperative had sent these goods back: look at what it wrote, then send them again."
        )
    url = reverse("selling:edit", args=[product.key])
    errors = _errors(form) | notes
    if errors:  # the phone marks them there, from what it keeps of this entry (offline/mistakes.js)
        url += f"#{incoming.id}"
    return Outcome(str(product.key), words, url, errors)


def _households(incoming: Incoming) -> list[Partner]:
    households = households_of(incoming.user)
    if not households:
        raise Refused(_("You do not belong to a household any more. Ask your cooperative."), 403)
    return households


def _key(incoming: Incoming) -> uuid.UUID:
    """Return the key of the goods to change: as given, or what came of the entry that they were written with."""
    if incoming.body["key"] is not None:
        key: uuid.UUID = incoming.body["key"]
        return key
    if incoming.body["of"] is None:
        raise Refused(_("There are no such goods of yours any more."))
    made = incoming.receipt("listing", incoming.body["of"])
    if made is None:
        raise NotYet(_("It waits for what was written before it."))
    return uuid.UUID(made)


def _held(households: list[Partner], key: uuid.UUID) -> StockRecord:
    stock = merging.hold(households, key)
    if stock is None:
        raise Refused(_("There are no such goods of yours any more."), 403)
    if stock.product.listing_state == ListingState.ARCHIVED:
        raise Refused(_("These goods were put away meanwhile. Open them at “Sell” to sell them again."))
    return stock
