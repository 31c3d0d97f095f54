"""People of the market and what they put up: a household's member, a manager, a photo, goods in any state."""

from __future__ import annotations

import io
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from base.accounts.models import User
from marketplace.catalogue.models import ListingState, Product
from marketplace.cooperative.models import Cooperative, CooperativeMembership
from marketplace.partner.models import Partner
from media.models import Photo
from media.photos import add_photo
from tests.factories.accounts import UserFactory
from tests.factories.orders import make_product


def make_member(*households: Partner, **name: Any) -> User:
    """Return somebody who belongs to these households."""
    member = UserFactory.create(**name)
    for household in households:
        household.users.add(member)
    return member


def make_manager(*cooperatives: Cooperative, **name: Any) -> User:
    """Return somebody who runs the desks of these cooperatives."""
    manager = UserFactory.create(**{"last_name": "Hoàng Thị", "first_name": "Thoan", **name})
    for cooperative in cooperatives:
        CooperativeMembership.objects.create(cooperative=cooperative, user=manager)
    return manager


def jpeg_upload(colour: str = "green", name: str = "anh.jpg") -> SimpleUploadedFile:
    """Return a photo as a phone sends it."""
    out = io.BytesIO()
    Image.new("RGB", (320, 240), colour).save(out, "JPEG")
    return SimpleUploadedFile(name, out.getvalue(), "image/jpeg")


def make_photo(owner: User | None = None, colour: str = "green") -> Photo:
    """Return a photo that nobody but its owner may see yet."""
    return add_photo(upload=jpeg_upload(colour), owner=owner, title="Gừng trâu")


def make_good_in(state: ListingState, household: Partner, title: str = "Gừng trâu", **extra: Any) -> Product:
    """Return a product in ``state``, complete but for what ``extra`` takes away."""
    if state == ListingState.APPROVED:
        return make_product(household, title, **extra)
    return make_product(
        household, title, **{"listing_state": state, "is_public": False, "approved_at": None, **extra}
    )
