"""Files that come in pieces: each piece with its digest, in order, and whole only when the whole has its digest."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.db.models import QuerySet, Sum
from django.utils import timezone

from base.intake.models import Chunk, Upload
from base.intake.verbs import Owner

LARGEST_CHUNK: Final = 256 * 1024
LARGEST_FILE: Final = 15 * 1024 * 1024  # as large as a photo may be
MOST_WAITING: Final = 120 * 1024 * 1024  # bytes of one owner; they are forgotten after days


@dataclass(frozen=True, slots=True)
class Piece:
    """Some bytes of a file, its place in it, and how long the whole is."""

    begins_at: int
    total: int
    data: bytes


class WrongPlace(Exception):
    """The piece does not begin where the last one ended; ``offset`` says where that is."""

    def __init__(self, offset: int, total: int) -> None:
        """Remember where to go on."""
        super().__init__(offset)
        self.offset, self.total = offset, total


class WrongTotal(Exception):
    """The file with this digest is of another length."""


class WrongContent(Exception):
    """All is here, and it is not the file it was said to be; it is thrown away."""


class TooMuch(Exception):
    """The owner has too much waiting here already."""


def uploads_of(owner: Owner) -> QuerySet[Upload]:
    """Return what this owner has sent of files; nobody sees another's, even with the same content."""
    return Upload.objects.filter(**owner.as_fields())


def put(owner: Owner, sha256: str, piece: Piece) -> Upload:
    """Add a piece and return the upload. Raises WrongPlace, WrongTotal, WrongContent or TooMuch.

    Of two requests at the same time with the same piece, one adds it and the other is told how far it is now.
    """
    with transaction.atomic():
        upload = _locked(owner, sha256, piece.total)
        if piece.begins_at != upload.received:
            raise WrongPlace(upload.received, upload.total)
        Chunk.objects.create(upload=upload, begins_at=piece.begins_at, data=piece.data)
        upload.received += len(piece.data)
        upload.touched_at = timezone.now()
        is_as_said = not upload.is_whole or hmac.compare_digest(_digest(upload), sha256)
        if is_as_said:
            upload.save(update_fields=["received", "touched_at"])
        else:
            upload.delete()
    if not is_as_said:
        raise WrongContent
    return upload


def missing(owner: Owner, wanted: dict[str, int]) -> list[str]:
    """Return those of the ``wanted`` files (digest to bytes) that are not here whole. Raises WrongTotal."""
    if not wanted:
        return []
    here = {upload.sha256: upload for upload in uploads_of(owner).filter(sha256__in=wanted)}
    if any(upload.total != wanted[sha256] for sha256, upload in here.items()):
        raise WrongTotal
    return [sha256 for sha256 in wanted if sha256 not in here or not here[sha256].is_whole]


def open_file(owner: Owner, sha256: str) -> SimpleUploadedFile:
    """Return a whole file as if it came with a form. Raises Upload.DoesNotExist."""
    upload = uploads_of(owner).get(sha256=sha256)
    pieces = upload.chunks.order_by("begins_at").values_list("data", flat=True)
    return SimpleUploadedFile(sha256[:12], b"".join(bytes(piece) for piece in pieces))


def forget(owner: Owner, wanted: Iterable[str]) -> None:
    """Delete these files (digests), whose entry was taken. An entry with the same photo asks for it once more."""
    digests = list(wanted)
    if digests:
        uploads_of(owner).filter(sha256__in=digests).delete()


def _locked(owner: Owner, sha256: str, total: int) -> Upload:
    upload = uploads_of(owner).select_for_update().filter(sha256=sha256).first()
    if upload is None:
        waiting = uploads_of(owner).aggregate(bytes=Sum("total"))["bytes"] or 0
        if waiting + total > MOST_WAITING:
            raise TooMuch
        try:
            with transaction.atomic():
                upload = Upload.objects.create(sha256=sha256, total=total, **owner.as_fields())
        except IntegrityError:  # another request was first, and by now it has committed
            upload = uploads_of(owner).select_for_update().get(sha256=sha256)
    if upload.total != total:
        raise WrongTotal
    return upload


def _digest(upload: Upload) -> str:
    whole = hashlib.sha256()
    for data in upload.chunks.order_by("begins_at").values_list("data", flat=True).iterator(chunk_size=16):
        whole.update(data)
    return whole.hexdigest()
