"""Put a private file in: a scan or a sheet of paper, as a photo or a PDF. Decided by content, like photos."""

from __future__ import annotations

import hashlib
from typing import IO, TYPE_CHECKING, Final

from django.core.files.base import ContentFile
from django.utils.translation import gettext_lazy as _

from media.ingest import MAX_BYTES, BadPhoto, ingest
from media.models import Attachment

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    from base.accounts.models import User

MESSAGES: Final = {
    "too_big": _("This file is too heavy (over 15 MB). Please choose a smaller one."),
    "not_taken": _("This file cannot be opened. Please send a photo or a PDF."),
}


class BadAttachment(ValueError):
    """A file that is neither a photo nor a PDF. ``message`` is for the person."""

    def __init__(self, code: str, message: _StrPromise | None = None) -> None:
        self.code = code
        self.message = message or MESSAGES[code]
        super().__init__(code)


def add_attachment(*, upload: IO[bytes], owner: User | None, kind: str, title: str) -> Attachment:
    """Return the saved file in ``upload``. Raises BadAttachment. A photo is cleaned as every photo is."""
    data, content_type = _content(upload)
    attachment = Attachment(
        owner=owner,
        kind=kind,
        title=title[:255],
        content_type=content_type,
        size=len(data),
        sha256=hashlib.sha256(data).hexdigest(),
    )
    attachment.file.save("file", ContentFile(data), save=False)
    attachment.save()
    return attachment


def _content(upload: IO[bytes]) -> tuple[bytes, str]:
    upload.seek(0)
    data = upload.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise BadAttachment("too_big")
    if data.startswith(b"%PDF-") and b"%%EOF" in data[-2048:]:
        return data, "application/pdf"
    try:
        return ingest(data).data, "image/jpeg"
    except BadPhoto as error:
        if error.code == "not_a_photo":
            raise BadAttachment("not_taken") from error
        raise BadAttachment(error.code, error.message) from error
