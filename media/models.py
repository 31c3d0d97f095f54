"""Photos and their renditions (Wagtail's image model of this site) and private files."""

from __future__ import annotations

import hashlib
import secrets
import uuid
from collections.abc import Sequence
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.db import models, transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail.images.models import (
    AbstractImage,
    AbstractRendition,
    Image,
    ImageQuerySet,
    get_rendition_upload_to,
    get_upload_to,
)

from base import outbox
from media.fields import CleanImageField
from media.storage import PRIVATE_FOLDER, PrivateStorage, RenditionStorage

if TYPE_CHECKING:
    from media.ingest import CleanPhoto

RENDER = "media.render"  # outbox topic


class PhotoQuerySet(ImageQuerySet):
    """Reads of photos."""

    def with_renditions(self, *sizes: str) -> PhotoQuerySet:
        """Fetch the agreed sizes (all, or those named) with the photos, so that ``{% photo %}`` makes no query."""
        from media.renditions import prefetch

        found: PhotoQuerySet = self.prefetch_related(prefetch("", *sizes))
        return found


class Photo(AbstractImage):
    """A picture that came in through ``media.ingest``: upright, without GPS, at most 1600 px.

    Wagtail's ``description`` is the alternative text. ``owner`` is the person whose thing it shows; None is the
    site itself (editors, demo). The file lies in the private storage; see ``media.storage``.
    """

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("owner"),
        null=True,
        blank=True,
        editable=False,
        on_delete=models.CASCADE,  # without an owner it would become the site's, for every editor to see
        related_name="photos",
    )
    is_public = models.BooleanField(_("everybody may see it"), default=False, editable=False)
    colour = models.CharField(max_length=7, default="#d9d3c7", editable=False)
    source = models.CharField(_("source"), max_length=255, blank=True)
    licence = models.CharField(_("licence"), max_length=100, blank=True)
    file = CleanImageField(
        verbose_name=_("file"),
        storage=PrivateStorage(),
        upload_to=get_upload_to,
        width_field="width",
        height_field="height",
    )

    admin_form_fields = (*Image.admin_form_fields, "source", "licence")

    objects = PhotoQuerySet.as_manager()

    agreed: Sequence[Rendition]  # set by with_renditions()

    class Meta(AbstractImage.Meta):
        verbose_name = _("photo")
        verbose_name_plural = _("photos")

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save; a new file brings its colour and hash, and the agreed sizes are asked for in the same transaction."""
        clean: CleanPhoto | None = self.file.clean if self.file else None  # type: ignore[attr-defined]  # our field
        if clean is not None:
            self._take_from(clean)
        with transaction.atomic():
            super().save(*args, **kwargs)
            if clean is not None:
                self.ask_for_renditions()

    def _take_from(self, clean: CleanPhoto) -> None:
        self.colour = clean.colour
        self.file_size = len(clean.data)
        self.file_hash = hashlib.sha1(clean.data, usedforsecurity=False).hexdigest()  # Wagtail's kind of hash

    def ask_for_renditions(self) -> None:
        """Write into the outbox that the agreed sizes are to be made; harmless when they are there."""
        outbox.enqueue(RENDER, f"photo:{self.pk}", {"photo": self.pk})

    def get_upload_to(self, filename: str) -> str:
        """Return an unguessable name that keeps nothing of the sender's."""
        return f"anh/{self.key.hex[:2]}/{self.key.hex}-{secrets.token_hex(4)}.jpg"

    @property
    def url(self) -> str:
        """The permission-checked address of the stored picture (Wagtail's edit screen links to it)."""
        return reverse("media:photo", args=(self.key,))

    @property
    def full_url(self) -> str:
        """As ``url``: a private picture has no address for the world."""
        return self.url


class Rendition(AbstractRendition):
    """One size of a photo.

    Ours have a filter_spec like "card-webp" and keep in ``focal_point_key`` what they were made from
    (``media.renditions.fingerprint``), so that a stale one is known without opening it. Wagtail's own
    (thumbnails of its admin) stay as Wagtail makes them.
    """

    image = models.ForeignKey(Photo, on_delete=models.CASCADE, related_name="renditions")
    file = models.ImageField(
        upload_to=get_rendition_upload_to,
        storage=RenditionStorage(),
        width_field="width",
        height_field="height",
    )

    class Meta:
        unique_together = (("image", "filter_spec", "focal_point_key"),)

    def get_upload_to(self, filename: str) -> str:
        """Return an unguessable name, in the private folder unless everybody may see the photo."""
        token = secrets.token_hex(12) + PurePosixPath(filename).suffix.lower()
        if self.image.is_public:
            return f"anh/{token[:2]}/{token}"
        return f"{PRIVATE_FOLDER}/{self.image.key}/{token}"


def attachment_path(attachment: Attachment, filename: str) -> str:
    """Return an unguessable name in the private storage."""
    return f"tep/{attachment.key.hex[:2]}/{attachment.key.hex}-{secrets.token_hex(4)}"


class Attachment(models.Model):
    """A private file: a scan of a certificate, a consent sheet. Given out only by ``/tep/<key>/`` to who may see it."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("owner"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="attachments",
    )
    kind = models.SlugField(_("kind"), max_length=40)  # what it is for: "certificate", "consent" ...
    title = models.CharField(_("title"), max_length=255)
    file = models.FileField(_("file"), upload_to=attachment_path, storage=PrivateStorage())
    content_type = models.CharField(max_length=40, editable=False)
    size = models.PositiveIntegerField(editable=False)  # bytes
    sha256 = models.CharField(max_length=64, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering: ClassVar = ["-pk"]
        verbose_name = _("attachment")
        verbose_name_plural = _("attachments")

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Return the permission-checked address."""
        return reverse("media:attachment", args=(self.key,))
