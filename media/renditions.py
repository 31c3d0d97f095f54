"""The only list of sizes, and how a photo becomes them: under a byte budget, in the outbox, never in a page request."""

from __future__ import annotations

import hashlib
import io
import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import Prefetch
from PIL import Image, ImageOps

from base import outbox, pagecache
from media.models import RENDER, Photo, Rendition
from media.storage import is_private

if TYPE_CHECKING:
    from base.outbox.models import Entry
    from media.pictures import Look

logger = logging.getLogger(__name__)

RECIPE: Final = "1"  # raise it when sizes or encoders change: everything counts as stale then
STAMP: Final = "photos"  # page-cache stamp of pages that showed a placeholder


@dataclass(frozen=True, slots=True)
class Size:
    """A size: the box in CSS pixels, whether it is filled by cropping, and what one file may weigh."""

    name: str
    width: int
    height: int
    max_bytes: int
    is_cropped: bool = True
    only_of_editors: bool = False


SIZES: Final = {
    size.name: size
    for size in (
        Size("thumb", 96, 96, max_bytes=2 * 1024),
        Size("card", 200, 200, max_bytes=4 * 1024),
        Size("cover", 720, 540, max_bytes=25 * 1024),  # budget of the first screen: 35 KiB
        Size("figure", 720, 960, max_bytes=35 * 1024, is_cropped=False, only_of_editors=True),
    )
}


@dataclass(frozen=True, slots=True)
class Encoding:
    """A file format of the sizes, with the range of qualities that is searched."""

    name: str
    pillow: str
    suffix: str
    mime: str
    best: int
    worst: int
    options: tuple[tuple[str, object], ...]


# First the one a browser should prefer. Measured against each other in docs/decisions/0006-photos.md.
ENCODINGS: Final = (
    Encoding("webp", "WEBP", ".webp", "image/webp", best=82, worst=20, options=(("method", 4),)),
    Encoding(
        "jpeg",
        "JPEG",
        ".jpg",
        "image/jpeg",
        best=82,
        worst=25,
        options=(("optimize", True), ("progressive", True)),
    ),
)


def sizes_of(photo: Photo) -> list[Size]:
    """Return the sizes that this photo gets."""
    return [size for size in SIZES.values() if photo.owner_id is None or not size.only_of_editors]


def spec(size: Size, encoding: Encoding) -> str:
    """Return the filter_spec of a rendition: "card-webp"."""
    return f"{size.name}-{encoding.name}"


def fingerprint(photo: Photo | Look) -> str:
    """Return 16 characters that change with the file, the focal point, who may see it and the recipe."""
    focus = (
        f"{photo.focal_point_x},{photo.focal_point_y},{photo.focal_point_width},{photo.focal_point_height}"
    )
    made_from = f"{RECIPE}|{photo.file_hash}|{focus}|{int(photo.is_public)}"
    return hashlib.sha1(made_from.encode(), usedforsecurity=False).hexdigest()[:16]


def prefetch(to_photo: str, *sizes: str) -> Prefetch[Any]:
    """Return the Prefetch of agreed renditions for the photo at ``to_photo`` ("cover"; "" for photos themselves)."""
    chosen = [SIZES[name] for name in sizes] or list(SIZES.values())
    specs = [spec(size, encoding) for size in chosen for encoding in ENCODINGS]
    lookup = f"{to_photo}__renditions" if to_photo else "renditions"
    return Prefetch(lookup, queryset=Rendition.objects.filter(filter_spec__in=specs), to_attr="agreed")


def found(photo: Photo, size: Size) -> dict[str, Rendition]:
    """Return the current renditions of one size by filter_spec. No query after ``with_renditions()``."""
    if not hasattr(photo, "agreed"):
        photo.agreed = list(photo.renditions.filter(filter_spec__in=_specs_of(photo)))
    mark = fingerprint(photo)
    by_spec = {row.filter_spec: row for row in photo.agreed if row.focal_point_key == mark}
    return {name: by_spec[name] for name in (spec(size, e) for e in ENCODINGS) if name in by_spec}


def encode(picture: Image.Image, size: Size, encoding: Encoding) -> tuple[bytes, int, int]:
    """Return bytes, width and height of ``picture`` at the best quality that fits the size's budget.

    When even the worst quality is too heavy (noise, foliage), fewer pixels are sent; the page still shows them in the
    same box.
    """
    while True:
        data = _best_quality(picture, size.max_bytes, encoding)
        if data is not None:
            return data, picture.width, picture.height
        picture = picture.resize((max(1, picture.width * 4 // 5), max(1, picture.height * 4 // 5)))


def _best_quality(picture: Image.Image, max_bytes: int, encoding: Encoding) -> bytes | None:
    low, high = encoding.worst, encoding.best
    data = _encoded(picture, high, encoding)
    if len(data) <= max_bytes:
        return data
    best = None
    while low <= high:
        middle = (low + high) // 2
        data = _encoded(picture, middle, encoding)
        if len(data) <= max_bytes:
            best, low = data, middle + 1
        else:
            high = middle - 1
    return best


def _encoded(picture: Image.Image, quality: int, encoding: Encoding) -> bytes:
    out = io.BytesIO()
    picture.save(out, encoding.pillow, quality=quality, **dict(encoding.options))
    return out.getvalue()


def cut(picture: Image.Image, size: Size, centre: tuple[float, float] = (0.5, 0.5)) -> Image.Image:
    """Return ``picture`` cropped or fitted to ``size``; never enlarged, and the shape kept when it is too small."""
    picture = picture.copy()
    picture.info = {}  # Pillow would write a comment back
    if not size.is_cropped:
        picture.thumbnail((size.width, size.height), Image.Resampling.LANCZOS)
        return picture
    scale = min(1.0, picture.width / size.width, picture.height / size.height)
    box = (max(1, round(size.width * scale)), max(1, round(size.height * scale)))
    return ImageOps.fit(picture, box, Image.Resampling.LANCZOS, centering=centre)


def render(photo: Photo) -> int:
    """Make what is missing of the agreed sizes and remove what is stale; returns how many files were made.

    Safe to repeat and to run twice at once. Raises FileNotFoundError when the stored picture is gone.
    """
    mark = fingerprint(photo)
    there = set(photo.renditions.filter(focal_point_key=mark).values_list("filter_spec", flat=True))
    wanted = [(s, e) for s in sizes_of(photo) for e in ENCODINGS if spec(s, e) not in there]
    made = list(_made(photo, wanted)) if wanted else []
    with transaction.atomic():  # short: all the work on pixels is done
        now = Photo.objects.select_for_update().filter(pk=photo.pk).first()
        if now is None or fingerprint(now) != mark:
            return 0  # changed meanwhile; that change has asked again
        for filter_spec, file in made:
            Rendition.objects.get_or_create(
                image=now, filter_spec=filter_spec, focal_point_key=mark, defaults={"file": file}
            )
        _remove_stale(now, mark)
    return len(made)


def _made(photo: Photo, wanted: Sequence[tuple[Size, Encoding]]) -> Iterable[tuple[str, ContentFile[bytes]]]:
    with photo.open_file() as file, Image.open(file, formats=["JPEG"]) as picture:
        picture.load()
        cuts: dict[str, Image.Image] = {}
        for size, encoding in wanted:
            small = cuts.setdefault(size.name, cut(picture, size, _centre(photo)))
            data, _width, _height = encode(small, size, encoding)
            yield spec(size, encoding), ContentFile(data, name=size.name + encoding.suffix)


def _centre(photo: Photo) -> tuple[float, float]:
    if photo.focal_point_x is None or photo.focal_point_y is None:
        return 0.5, 0.5
    return photo.focal_point_x / photo.width, photo.focal_point_y / photo.height


def _specs_of(photo: Photo) -> list[str]:
    return [spec(size, encoding) for size in SIZES.values() for encoding in ENCODINGS]


def _remove_stale(photo: Photo, mark: str) -> None:
    """Delete our sizes of another fingerprint, and every rendition (also Wagtail's) on the wrong side of the door."""
    ours = set(_specs_of(photo))
    for row in photo.renditions.all():
        is_old = row.filter_spec in ours and row.focal_point_key != mark
        if is_old or is_private(row.file.name) == photo.is_public:
            row.delete()  # its file goes after the commit (Wagtail's signal)


@outbox.handler(RENDER, batch=10)
def handle(entries: Sequence[Entry]) -> None:
    """Render the photos named by the entries; pages that showed a placeholder are made anew."""
    numbers = {entry.payload["photo"] for entry in entries}
    made = 0
    try:
        for photo in Photo.objects.filter(pk__in=numbers):
            made += _render_or_give_up(photo)
    finally:
        if made:
            pagecache.bump(STAMP)


def _render_or_give_up(photo: Photo) -> int:
    try:
        return render(photo)
    except OSError as error:  # also Wagtail's SourceImageIOError
        raise outbox.Permanent(f"photo {photo.pk}: {error}") from error
