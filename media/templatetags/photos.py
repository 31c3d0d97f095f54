"""``{% photo photo "card" alt="Rau cải" lazy=True %}``: one agreed size, without a query."""

from __future__ import annotations

from typing import Any

from django import template
from django.template.context import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString

from base import pagecache
from media.models import Photo
from media.renditions import ENCODINGS, SIZES, STAMP, Size, found

register = template.Library()


@register.simple_tag(takes_context=True)
def photo(
    context: Context,
    photo: Photo | None,
    size: str,
    *,
    alt: str | None = None,
    lazy: bool = False,
    css: str = "",
) -> SafeString | str:
    """The picture of ``photo`` at ``size``; "" without a photo. ``alt`` is by default the photo's own description.

    Not rendered yet: a public photo shows a field of its colour (and the page is renewed once the picture is there); a
    private one its stored picture, which only who may see it can load.
    """
    if photo is None:
        return ""
    wanted = SIZES[size]
    words = photo.description if alt is None else alt
    css = css or ("photo" if size == "cover" else "")
    rows = found(photo, wanted)
    if "jpeg" in rows:
        return _picture(rows, wanted, words, lazy, css)
    if not photo.is_public:
        width, height = _box(photo, wanted)
        return _image(photo.url, width, height, words, lazy, css)
    request: Any = context.get("request")
    if request is not None:
        pagecache.touches(request, STAMP)
    return _placeholder(photo, wanted, words, css)


def _picture(rows: dict[str, Any], size: Size, alt: str, lazy: bool, css: str) -> SafeString:
    jpeg = rows["jpeg"]
    is_tile = size.name in ("thumb", "card")  # fewer pixels may have been sent; the box stays
    width, height = (size.width, size.height) if is_tile else (jpeg.width, jpeg.height)
    image = _image(jpeg.file.url, width, height, alt, lazy, css)
    sources = SafeString("")
    for encoding in ENCODINGS:
        if encoding.name != "jpeg" and encoding.name in rows:
            address = rows[encoding.name].file.url
            sources += format_html('<source type="{}" srcset="{}">', encoding.mime, address)
    return format_html("<picture>{}{}</picture>", sources, image)


def _image(address: str, width: int, height: int, alt: str, lazy: bool, css: str) -> SafeString:
    later = SafeString(' loading="lazy"') if lazy else ""
    named = format_html(' class="{}"', css) if css else ""
    return format_html(
        '<img{} src="{}" width="{}" height="{}" alt="{}" decoding="async"{}>',
        named,
        address,
        width,
        height,
        alt,
        later,
    )


def _placeholder(photo: Photo, size: Size, alt: str, css: str) -> SafeString:
    width, height = _box(photo, size)
    named = format_html('role="img" aria-label="{}"', alt) if alt else SafeString('aria-hidden="true"')
    return format_html(
        '<svg class="{}" width="{}" height="{}" viewBox="0 0 {} {}" {}>'
        '<rect width="100%" height="100%" fill="{}"/></svg>',
        css or "nophoto",
        width,
        height,
        width,
        height,
        named,
        photo.colour,
    )


def _box(photo: Photo, size: Size) -> tuple[int, int]:
    """Return the box the picture will have: the size's own, or for an uncropped one the photo's shape within it."""
    if size.is_cropped:
        return size.width, size.height
    scale = min(1.0, size.width / photo.width, size.height / photo.height)
    return max(1, round(photo.width * scale)), max(1, round(photo.height * scale))
