"""From a household's form to the listing: save the draft first, then send it off if nothing is missing."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _

from base.intake.verbs import Answered
from marketplace.catalogue.listing import NotReady, save_listing, set_amount_left, submit
from marketplace.catalogue.models import ListingState
from marketplace.partner import merging
from marketplace.partner.forms import LIVE, MISSING, SUBMIT, AmountForm, ListingForm, Said, written
from media.photos import add_photo

if TYPE_CHECKING:
    from base.accounts.models import User
    from marketplace.catalogue.models import Product
    from marketplace.partner.models import Partner
    from media.models import Photo


def body_of(form: ListingForm) -> dict[str, str]:
    """Return what was sent but for the button, the photo by its digest: the same form sent again gives the same."""
    body = {name: value for name, value in form.data.items() if name not in ("csrfmiddlewaretoken", "then")}
    upload = form.files.get("photo")
    if upload is not None:  # cleaned in place when it is a photo, so this is the digest of what is kept
        upload.seek(0)
        body["photo"] = hashlib.sha256(upload.read()).hexdigest()
    return body


def save_new(form: ListingForm, household: Partner) -> Product:
    """Save what can be kept as new goods of ``household``."""
    product = save_listing(household, form.listing(_cover(form)))
    return send_off(form, product)


def take_new(form: ListingForm, household: Partner) -> Answered:
    """Save new goods within ``intake.accept``: their key, and what a phone is told that sends the same form again."""
    product = save_new(form, household)
    return Answered(str(product.key), {"url": reverse("selling:edit", args=[product.key])})


def can_be_kept(form: ListingForm) -> bool:
    """Return whether a change may be saved: a draft always, what people see only without a mistake."""
    return not form.errors or form.product is None or form.product.listing_state not in LIVE


def keep_photo_only(form: ListingForm) -> None:
    """Keep the photo of a form that is not saved, so that it need not be taken again."""
    if form.cleaned_data.get("photo"):
        form.sent_photo = _cover(form)


@transaction.atomic
def change(sent: ListingForm, key: uuid.UUID) -> tuple[ListingForm, bool]:
    """Keep what a person changed on the page of her goods. Return the form as it stands beside what others changed
    meanwhile, and whether it was saved. Raises Http404 when the goods are not hers any more."""
    reader = _reader(sent.user, list(sent.households.values()), key)
    assert reader.product is not None
    assert reader.stock is not None
    said = merging.touched(reader, sent.shown())
    changes, notes = merging.sort_out(reader, said)
    changes["photo_key"] = sent.data.get("photo_key", "")
    form = merging.filled(reader, changes, sent.cleaned_data.get("photo"), sent.then)
    form.was = written(reader.product, reader.stock)
    form.data = {**form.data, **{name: said[name].now for name in notes}}
    broken = {"photo": sent.errors["photo"].as_data()} if sent.files and "photo" in sent.errors else {}
    for name, error in (notes | broken).items():
        form.errors.pop(name, None)
        form.add_error(name, error)
    if can_be_kept(form):
        save_change(form)
        return form, True
    keep_photo_only(form)
    return form, False


@transaction.atomic
def change_left(sent: AmountForm, user: User, households: Sequence[Partner], key: uuid.UUID) -> int:
    """Return how much is left, set to what a person typed. Left alone it stays as it is; typed beside a number that is
    not true any more it becomes an error, and nothing changes. Raises Http404 when the goods are not hers."""
    reader = _reader(user, households, key)
    assert reader.stock is not None
    said = merging.touched(reader, {"left": Said(sent.data.get("left_was"), sent.data["left"])})
    changes, notes = merging.sort_out(reader, said)
    if changes:
        set_amount_left(reader.stock.product, sent.cleaned_data["left"])
        left: int = sent.cleaned_data["left"]
        return left
    for words in notes.values():
        sent.add_error("left", words)
    return reader.stock.net_stock_level


def _reader(user: User, households: Sequence[Partner], key: uuid.UUID) -> ListingForm:
    """Return an empty form of the goods, which are held until the end."""
    stock = merging.hold(households, key)
    if stock is None:
        raise Http404("no such goods")
    return ListingForm(user=user, households=households, product=stock.product, stock=stock)


@transaction.atomic
def save_change(form: ListingForm) -> Product:
    """Save what can be kept of a change, and send it off if that was asked and nothing is missing."""
    assert form.product is not None
    assert form.product.household is not None
    product = save_listing(form.product.household, form.listing(_cover(form)), form.product)
    return send_off(form, product)


def news(form: ListingForm, product: Product) -> tuple[int, str]:
    """Return what to say after saving, with the level of the message."""
    if form.errors and product.cover_id and "photo" not in form.errors:
        return messages.WARNING, _("Kept as a draft, the photo too. Please look at the marked places.")
    if form.errors:
        return messages.WARNING, _("Kept as a draft. Please look at the marked places.")
    if product.listing_state == ListingState.APPROVED:
        return messages.SUCCESS, _("Saved. People on the market see it now.")
    if product.listing_state == ListingState.SUBMITTED:
        return messages.SUCCESS, _("Sent to the cooperative. It looks at it, then it goes on the market.")
    if form.then == SUBMIT:  # sent twice, and put away or returned in between
        return messages.INFO, _("This was sent before.")
    return messages.SUCCESS, _("Kept. Send it to the cooperative when it is ready.")


def _cover(form: ListingForm) -> Photo | None:
    upload = form.cleaned_data.get("photo")
    if not upload:
        return form.shown_photo
    return add_photo(upload=upload, owner=form.user, title=form.cleaned_data.get("title") or "")


def send_off(form: ListingForm, product: Product) -> Product:
    """Send goods to the cooperative if that was asked and the form is whole; what is missing becomes its errors."""
    if form.then != SUBMIT or form.errors:
        return product
    try:
        return submit(product)
    except NotReady as lacking:  # somebody else of the household changed it meanwhile
        for name in lacking.missing:
            field = {"cover": "photo"}.get(name, name)
            form.add_error(field, ValidationError(MISSING[field], code="required"))
    return product
