"""Where Wagtail leaves no other way: its screens delete photos one by one, by ticks and with a collection."""

from __future__ import annotations

from typing import Any

from django.db.models.signals import pre_delete

from base.pagecache.generations import EVERY_PAGE, bump
from media.models import Photo


def connect() -> None:
    """Connect the receiver; called once, by ``ready()``."""
    pre_delete.connect(_deleted, sender=Photo, dispatch_uid="media.photo_deleted")


def _deleted(sender: Any, instance: Photo, **kwargs: Any) -> None:
    """Kept pages name its files; before, so that the pages are old by the time Wagtail removes the files."""
    if instance.is_public:
        bump(EVERY_PAGE)
