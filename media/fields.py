"""A model field into which no picture gets but through ``media.ingest``, whoever assigns or saves it.

For ``Photo.file`` and for Oscar's own image columns. Three guards, since Django has three doors: the form field
(clear message beside the field), assignment to the attribute, and ``FieldFile.save`` (used by Wagtail's uploader).
"""

from __future__ import annotations

from typing import Any

from django.core.files.base import ContentFile, File
from django.core.files.uploadedfile import UploadedFile
from django.db import models
from django.db.models.fields.files import FieldFile, ImageFieldFile, ImageFileDescriptor

from media.ingest import CleanPhoto, ingest


class CleanFile(ContentFile):  # type: ignore[type-arg]  # Django's class takes none when it runs
    """A file whose content is a CleanPhoto; its name says nothing about the phone or the person."""

    def __init__(self, clean: CleanPhoto) -> None:
        super().__init__(clean.data, name="photo.jpg")
        self.clean = clean


def clean_file(file: Any) -> CleanFile:
    """Return the clean twin of ``file`` (an upload, an open file, any Django File). Raises BadPhoto.

    An upload is also rewritten in place: Wagtail's multiple uploader keeps ``request.FILES`` as it came when another
    field of its form is wrong, and would put the raw file, position and all, into the public storage.
    """
    if isinstance(file, CleanFile):
        return file
    inner = getattr(file, "file", None)
    if isinstance(inner, CleanFile):
        return inner
    clean = ingest(file)
    if isinstance(file, UploadedFile):
        _rewrite(file, clean)
    return CleanFile(clean)


def _rewrite(upload: UploadedFile[Any], clean: CleanPhoto) -> None:
    if upload.file is not None:
        upload.file.seek(0)
        upload.file.truncate()
        upload.file.write(clean.data)
        upload.file.seek(0)
    upload.name = "photo.jpg"
    upload.size = len(clean.data)
    upload.content_type = "image/jpeg"


class CleanImageFieldFile(ImageFieldFile):
    """The value of a CleanImageField."""

    _committed: bool  # Django's: whether it lies in the storage

    def save(self, name: str, content: File[Any], save: bool = True) -> None:
        """Store ``content``, cleaned, under a name of ours. Raises BadPhoto."""
        clean = clean_file(content)
        super().save(str(clean.name), clean, save)

    @property
    def clean(self) -> CleanPhoto | None:
        """The clean photo while it is not stored yet, else None."""
        held = None if self._committed else self.file
        return held.clean if isinstance(held, CleanFile) else None

    def _get_image_dimensions(self) -> tuple[int, int]:
        """Return width and height; without opening anything while the clean photo is at hand."""
        held = getattr(self, "_file", None)
        if isinstance(held, CleanFile):
            return held.clean.width, held.clean.height
        stored: tuple[int, int] = super()._get_image_dimensions()  # type: ignore[misc]  # not in the stubs
        return stored


class CleanImageDescriptor(ImageFileDescriptor):
    """Cleans at the moment of assignment, so that nothing raw is ever measured, shown or stored."""

    def __set__(self, instance: models.Model, value: Any) -> None:
        """Assign ``value``, cleaned when it is a file. Raises BadPhoto."""
        is_ours = isinstance(value, CleanImageFieldFile)
        if isinstance(value, File) and not is_ours and (value or not isinstance(value, FieldFile)):
            value = clean_file(value)
        super().__set__(instance, value)


class CleanImageField(models.ImageField):
    """An ImageField that holds nothing but what ``ingest`` made."""

    attr_class = CleanImageFieldFile
    descriptor_class = CleanImageDescriptor

    def formfield(self, **kwargs: Any) -> Any:
        """Return the form field with our messages and checks."""
        from media.forms import PhotoField

        return super(models.FileField, self).formfield(**{"form_class": PhotoField, **kwargs})
