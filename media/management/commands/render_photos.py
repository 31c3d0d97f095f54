"""Make the agreed sizes that are missing, at once: for the seed, and after RECIPE was raised."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from base import pagecache
from media.models import Photo
from media.renditions import STAMP, render


class Command(BaseCommand):
    """`manage.py render_photos`."""

    help = "Makes the photo sizes that are missing or stale."

    def handle(self, *args: Any, **options: Any) -> None:
        """Go through all photos; one that cannot be opened is named and does not stop the others."""
        made = bad = 0
        for photo in Photo.objects.order_by("pk").iterator(chunk_size=100):
            try:
                made += render(photo)
            except OSError as error:
                bad += 1
                self.stderr.write(f"photo {photo.pk} ({photo.file.name}): {error}")
        if made:
            pagecache.bump(STAMP)
        self.stdout.write(f"{made} files made, {bad} photos could not be opened")
