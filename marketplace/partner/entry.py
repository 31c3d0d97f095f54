"""From a household's form to the listing: save the draft first, then send it off if nothing is missing."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from base.intake.verbs import Answered
from marketplace.catalogue.listing import NotReady, save_listing, submit
from marketplace.catalogue.models import ListingState
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


def keep_photo_only(form: ListingForm) -> Photo | None:
    """Keep the photo of a form that is not saved, so that it need not be taken again."""
    if form.cleaned_data.get("photo"):
        form.sent_photo = _cover(form)
    return form.sent_photo


@transaction.atomic
def save_change(form: ListingForm) -> Product:
    """Save what can be kept of a change, and send it off if that was asked and nothing is missing."""
    assert form.product is not None
    assert form.product.household is not None
    product = save_listing(form.product.household, form.listing(_cover(form)), form.product)
    return send_off(form, product)


def news(form: ListingForm, product: Product) -> tuple[int, str]:
    """Return what to say after saving, with the level of the message."""
    if form.errors:
        return messages.WARNING, _("Kept as a draft, the photo too. Please look at the marked places.")
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
