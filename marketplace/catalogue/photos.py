"""Photos of goods: public exactly while some product on the market shows them; the desks' people always see them."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Q
from django.http import HttpRequest

from base import outbox
from base.outbox.models import Entry
from marketplace.catalogue.models import Product
from media.models import Attachment, Photo
from media.photos import publish, withdraw
from media.private import register_access


def settle_photo(photo_id: int | None) -> None:
    """Publish the photo if goods on the market show it, else hide it; call it after a listing changed."""
    photo = Photo.objects.filter(pk=photo_id).first() if photo_id else None
    if photo is None:
        return
    is_shown = Product.objects.listed().filter(cover=photo).exists()
    if is_shown and not photo.is_public:
        publish(photo)
    elif (
        not is_shown and photo.is_public and photo.owner_id is not None
    ):  # a picture of the site may serve an article too
        withdraw(photo)


@outbox.handler("market.photos")
def settle_photos_of_households(entries: Sequence[Entry]) -> None:
    """Hide the photos of a household that was closed, or whose cooperative was; show them when it is open again."""
    for entry in entries:
        approved = Product.objects.filter(household=entry.payload["household"], is_public=True)
        for photo_id in approved.exclude(cover=None).values_list("cover", flat=True):
            settle_photo(photo_id)


@register_access
def is_of_their_goods(request: HttpRequest, thing: Photo | Attachment) -> bool:
    """Members of the household and managers of its cooperative see the photos of its goods in any state."""
    if not isinstance(thing, Photo) or not request.user.is_authenticated:
        return False
    theirs = Q(household__users=request.user, household__is_active=True) | Q(
        household__cooperative__memberships__user=request.user, household__cooperative__is_active=True
    )
    return Product.objects.filter(theirs, cover=thing).exists()
