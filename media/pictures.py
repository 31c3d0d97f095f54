"""How a photo looks in HTML: one agreed size, a field of its colour until that is rendered, or the private picture.

``pictures`` draws all photos of a list from one query; ``draw`` one photo that is at hand (``{% photo %}``).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from html import escape
from typing import Any, Final, NamedTuple
from uuid import UUID

from django.db.models import BigIntegerField, FilteredRelation, Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.safestring import SafeString

from base import pagecache
from base.prepared import params, prepared, room
from media.models import Photo, Rendition
from media.renditions import ENCODINGS, SIZES, STAMP, Size, fingerprint, found, spec

BEST: Final = next(encoding for encoding in ENCODINGS if encoding.name != "jpeg")


class Look(NamedTuple):
    """What is needed of a photo to show it, in the order of ``_rows``."""

    pk: int
    file_hash: str
    focal_point_x: int | None
    focal_point_y: int | None
    focal_point_width: int | None
    focal_point_height: int | None
    is_public: bool
    colour: str
    width: int
    height: int
    key: UUID


class Made(NamedTuple):
    """A rendered size: where it is, and its pixels."""

    file: str
    width: int
    height: int

    @property
    def url(self) -> str:
        """Its address."""
        return Rendition.file.field.storage.url(self.file)


def picture(request: HttpRequest, photo_id: int | None, size: str, alt: str) -> SafeString | str:
    """Return the picture of one photo of a public page, "" without one. One query."""
    return pictures(request, [photo_id], size, alt=alt, lazy=False).get(photo_id, "") if photo_id else ""


def pictures(
    request: HttpRequest, ids: Collection[int], size: str, *, alt: str = "", lazy: bool = True
) -> dict[int, SafeString]:
    """Return the picture of each of these photos by id, for a list that says in words what they show. One query.

    The page is renewed once the pictures that it has to leave out are rendered.
    """
    shown = _read(ids, size)
    if any(look.is_public and not made for look, made in shown.values()):
        pagecache.touches(request, STAMP)
    return {pk: _drawn(look, made, SIZES[size], alt, lazy) for pk, (look, made) in shown.items()}


def addresses(ids: Collection[int], size: str) -> dict[int, str]:
    """Return the address of the lightest file of each of these photos that is public and rendered. One query."""
    best = spec(SIZES[size], BEST)
    return {
        pk: (made.get(best) or next(iter(made.values()))).url
        for pk, (look, made) in _read(ids, size).items()
        if look.is_public and made
    }


def _read(ids: Collection[int], size: str) -> dict[int, tuple[Look, dict[str, Made]]]:
    """Return what is needed of each of these photos, and its current files of one size by filter_spec. One query."""
    shown: dict[int, tuple[Look, dict[str, Made]]] = {}
    marks: dict[int, str] = {}
    for row in _rows(size, room(len(ids))).rows(ids=tuple(ids)) if ids else ():
        pk, (filter_spec, mark, *file) = row[0], row[len(Look._fields) :]
        if pk not in shown:
            look = Look._make(row[: len(Look._fields)])
            shown[pk], marks[pk] = (look, {}), fingerprint(look)
        if filter_spec and mark == marks[pk]:
            shown[pk][1][filter_spec] = Made(*file)
    return shown


@prepared
def _rows(size: str, count: int) -> QuerySet[Photo, Any]:
    specs = [spec(SIZES[size], encoding) for encoding in ENCODINGS]
    return (
        Photo.objects.filter(pk__in=params("ids", count, BigIntegerField()))
        .annotate(made=FilteredRelation("renditions", condition=Q(renditions__filter_spec__in=specs)))
        .order_by()
        .values_list(
            *Look._fields,
            "made__filter_spec",
            "made__focal_point_key",
            *(f"made__{one}" for one in Made._fields),
        )
    )


def draw(request: Any, photo: Photo, size: Size, alt: str, *, lazy: bool, css: str) -> SafeString:
    """Return the picture of one photo; no query after ``with_renditions()``."""
    rows: Iterable[tuple[str, Rendition]] = found(photo, size).items()
    made = {spec_name: Made(row.file.name or "", row.width, row.height) for spec_name, row in rows}
    if photo.is_public and not made and request is not None:
        pagecache.touches(request, STAMP)
    return _drawn(photo, made, size, alt, lazy, css)


def _drawn(
    photo: Photo | Look, made: Mapping[str, Made], size: Size, alt: str, lazy: bool, css: str = ""
) -> SafeString:
    css = css or ("photo" if size.name == "cover" else "")
    jpeg = made.get(f"{size.name}-jpeg")
    if jpeg is None:
        if photo.is_public:
            return _placeholder(photo, size, alt, css)
        width, height = _box(photo, size)
        return _image(reverse("media:photo", args=(photo.key,)), width, height, alt, lazy, css)
    is_tile = size.name in ("thumb", "card")  # fewer pixels may have been sent; the box stays
    width, height = (size.width, size.height) if is_tile else (jpeg.width, jpeg.height)
    image = _image(jpeg.url, width, height, alt, lazy, css)
    better = made.get(f"{size.name}-{BEST.name}")
    source = f'<source type="{BEST.mime}" srcset="{escape(better.url)}">' if better else ""
    return SafeString(f"<picture>{source}{image}</picture>")


def _image(address: str, width: int, height: int, alt: str, lazy: bool, css: str) -> SafeString:
    named = f' class="{escape(css)}"' if css else ""
    later = ' loading="lazy"' if lazy else ""
    return SafeString(
        f'<img{named} src="{escape(address)}" width="{width}" height="{height}" alt="{escape(alt)}"'
        f' decoding="async"{later}>'
    )


def _placeholder(photo: Photo | Look, size: Size, alt: str, css: str) -> SafeString:
    width, height = _box(photo, size)
    named = f'role="img" aria-label="{escape(alt)}"' if alt else 'aria-hidden="true"'
    return SafeString(
        f'<svg class="{escape(css or "nophoto")}" width="{width}" height="{height}"'
        f' viewBox="0 0 {width} {height}" {named}>'
        f'<rect width="100%" height="100%" fill="{escape(photo.colour)}"/></svg>'
    )


def _box(photo: Photo | Look, size: Size) -> tuple[int, int]:
    """Return the box the picture will have: the size's own, or for an uncropped one the photo's shape within it."""
    if size.is_cropped:
        return size.width, size.height
    scale = min(1.0, size.width / photo.width, size.height / photo.height)
    return max(1, round(photo.width * scale)), max(1, round(photo.height * scale))
