"""Verbs for photos: put in, show to everybody, hide again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction

from media.fields import clean_file
from media.models import Photo
from media.storage import is_private

if TYPE_CHECKING:
    from base.accounts.models import User


def add_photo(
    *,
    upload: Any,
    owner: User | None,
    title: str = "",
    alt: str = "",
    is_public: bool = False,
    source: str = "",
    licence: str = "",
) -> Photo:
    """Return the saved photo in ``upload`` (an upload, an open file, a cleaned form value). Raises BadPhoto.

    Nobody but its owner sees it until ``publish``. The agreed sizes follow by the outbox.
    """
    photo = Photo(
        title=title[:255] or "ảnh",
        description=alt[:255],
        owner=owner,
        uploaded_by_user=owner,
        is_public=is_public,
        source=source,
        licence=licence,
        file=clean_file(upload),
    )
    photo.save()
    return photo


def publish(photo: Photo) -> None:
    """Let everybody see the photo; its public sizes are made by the outbox. Again is harmless."""
    if photo.is_public:
        return
    with transaction.atomic():
        photo.is_public = True
        photo.save(update_fields=["is_public"])
        photo.ask_for_renditions()


def withdraw(photo: Photo) -> None:
    """Hide the photo: its public files are gone with the commit. Pages that show it are the caller's to renew."""
    with transaction.atomic():
        photo.is_public = False
        photo.save(update_fields=["is_public"])
        for row in photo.renditions.all():
            if not is_private(row.file.name):
                row.delete()
        photo.ask_for_renditions()
