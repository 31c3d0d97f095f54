"""``{% photo photo "card" alt="Rau cải" lazy=True %}``: one agreed size, without a query."""

from __future__ import annotations

from django import template
from django.template.context import Context
from django.utils.safestring import SafeString

from media import pictures
from media.models import Photo
from media.renditions import SIZES

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
    words = photo.description if alt is None else alt
    return pictures.draw(context.get("request"), photo, SIZES[size], words, lazy=lazy, css=css)
