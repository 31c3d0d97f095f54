"""From a household's form to the listing: save the draft first, then send it off if nothing is missing."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import transaction

from marketplace.catalogue.listing import NotReady, save_listing, submit
from marketplace.partner.forms import LIVE, MISSING, SUBMIT, ListingForm
from media.photos import add_photo

if TYPE_CHECKING:
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


def save_new(form: ListingForm, household: Partner) -> str:
    """Save what can be kept as new goods of ``household``; returns their key. Run it within ``intake.accept``."""
    product = save_listing(household, form.listing(_cover(form)))
    send_off(form, product)
    return str(product.key)


def can_be_kept(form: ListingForm) -> bool:
    """Return whether a change may be saved: a draft always, what people see only without a mistake."""
    return not form.errors or form.product is None or form.product.listing_state not in LIVE


def keep_photo_only(form: ListingForm) -> Photo | None:
    """Keep the photo of a form that is not saved, so that it need not be taken again."""
    if form.cleaned_data.get("photo"):
        form.sent_photo = _cover(form)
    return form.sent_photo


@transaction.atomic
def save_change(form: ListingForm) -> None:
    """Save what can be kept of a change, and send it off if that was asked and nothing is missing."""
    assert form.product is not None
    assert form.product.household is not None
    product = save_listing(form.product.household, form.listing(_cover(form)), form.product)
    send_off(form, product)


def _cover(form: ListingForm) -> Photo | None:
    upload = form.cleaned_data.get("photo")
    if not upload:
        return form.shown_photo
    return add_photo(upload=upload, owner=form.user, title=form.cleaned_data.get("title") or "")


def send_off(form: ListingForm, product: Product) -> None:
    """Send goods to the cooperative if that was asked and the form is whole; what is missing becomes its errors."""
    if form.then != SUBMIT or form.errors:
        return
    try:
        submit(product)
    except NotReady as lacking:  # somebody else of the household changed it meanwhile
        for name in lacking.missing:
            field = {"cover": "photo"}.get(name, name)
            form.add_error(field, ValidationError(MISSING[field], code="required"))
