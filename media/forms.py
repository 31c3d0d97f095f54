"""The form field of every photo of ours, and the form behind every upload door of Wagtail's admin."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext_lazy as _
from wagtail.images.forms import BaseImageForm

from base.pagecache.generations import EVERY_PAGE, bump
from media.fields import CleanFile, clean_file
from media.ingest import HEIC_READER, MAX_BYTES, BadPhoto

ACCEPT = "image/*,.heic,.heif"


class PhotoInput(forms.FileInput):
    """File or camera, whichever the phone offers; the shell's script shrinks the picture before it is sent."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"accept": ACCEPT, "data-shrink": "", **(attrs or {})})


class PhotoField(forms.FileField):
    """A photo: cleaned_data holds a CleanFile, ready for ``media.photos.add_photo`` or a CleanImageField."""

    widget = PhotoInput
    default_error_messages = {
        "required": _("Please add a photo."),
        "invalid": _("This photo cannot be opened. Please take it again or choose another one."),
        "missing": _("Please add a photo."),
        "empty": _("This file is empty. Please choose the photo again."),
    }

    def __init__(self, **kwargs: Any) -> None:
        kwargs.pop("max_length", None)  # of the name, which we throw away
        super().__init__(**kwargs)

    def to_python(self, data: Any) -> CleanFile | None:
        """Return the clean file, None when nothing was sent. The message of BadPhoto becomes the field's error."""
        if data in self.empty_values:
            return None
        if not isinstance(data, File):
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        try:
            return clean_file(data)
        except BadPhoto as error:
            raise ValidationError(error.message, code=error.code) from error


class WagtailPhotoField(PhotoField):
    """What Wagtail's upload screens ask of a field besides: limits in words for their scripts."""

    default_error_messages = {
        "file_too_large_unknown_size": _(
            "This photo is too heavy (over 15 MB). Please choose a smaller one."
        ),
        "invalid_image_extension": _(
            "This file is not a photo. Please choose a photo (JPEG, PNG, WebP or HEIC)."
        ),
    }

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("Photo"))
        super().__init__(**kwargs)
        self.max_upload_size = MAX_BYTES
        formats = "JPEG, PNG, WebP, GIF, AVIF" + (", HEIC" if HEIC_READER else "")
        self.help_text = self.help_text or f"{formats}. ≤ {filesizeformat(MAX_BYTES)}."


class EditorPhotoForm(BaseImageForm):
    """WAGTAILIMAGES_IMAGE_FORM_BASE: chooser, uploader, multiple uploader and API all build their form on it.

    A picture that an editor puts up belongs to the site and is meant to be shown, so it is public from the start.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "file" in self.fields:  # not in the second step of the multiple uploader
            self.fields["file"] = WagtailPhotoField(widget=self.fields["file"].widget)

    def save(self, commit: bool = True) -> Any:
        """Save; with a new file the old renditions go, and the agreed sizes are asked for again."""
        is_new = self.instance._state.adding
        if is_new and self.instance.owner_id is None:
            self.instance.is_public = True
        photo = super().save(commit=commit)
        if commit:
            photo.ask_for_renditions()
            if not is_new and "file" in self.changed_data:
                bump(EVERY_PAGE)  # kept pages name files that are gone now
        return photo
