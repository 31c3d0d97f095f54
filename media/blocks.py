"""Blocks of a page body that courses and articles share: text, photo, steps, callout."""

from collections.abc import Iterable
from typing import Any

from django.utils.html import escape
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail import blocks
from wagtail.images.blocks import ImageChooserBlock

from media.models import Photo

TEXT_FEATURES = ["h2", "h3", "bold", "ol", "ul", "link"]
CALLOUTS = [("tip", _("Tip")), ("warning", _("Take care")), ("note", pgettext_lazy("kind of box", "Note"))]


class PhotoChooserBlock(ImageChooserBlock):
    """A photo; all photos of a body come with their renditions in two queries, not one for each photo."""

    def bulk_to_python(self, values: Iterable[int | None]) -> list[Any]:
        """Return the photos in the order of these keys; None where a key or its photo is missing."""
        wanted = [pk for pk in values if pk is not None]
        photos = Photo.objects.with_renditions("figure").in_bulk(wanted) if wanted else {}
        return [photos.get(pk) for pk in values]


class TextBlock(blocks.RichTextBlock):
    """Paragraphs, lists and headings; no pictures inside, they have their own block."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("features", TEXT_FEATURES)
        super().__init__(**kwargs)

    class Meta:
        icon = "pilcrow"
        label = _("Text")
        template = "media/blocks/text.html"


class PhotoBlock(blocks.StructBlock):
    """One photo with the words for people who do not see it."""

    photo = PhotoChooserBlock(label=_("Photo"))
    alt = blocks.CharBlock(
        label=_("What the photo shows"),
        max_length=200,
        help_text=_("Read aloud to people who cannot see the photo. One short sentence."),
    )
    caption = blocks.CharBlock(label=_("Words under the photo"), required=False, max_length=250)

    class Meta:
        icon = "image"
        label = _("Photo")
        template = "media/blocks/photo.html"


class StepsBlock(blocks.StructBlock):
    """Numbered steps, one thing to do in each."""

    steps = blocks.ListBlock(
        blocks.TextBlock(label=_("Step"), rows=2, max_length=500),
        label=_("Steps"),
        min_num=1,
        max_num=20,
        help_text=_("One thing to do in each. **Two stars** around words make them bold."),
    )

    class Meta:
        icon = "list-ol"
        label = _("Steps")
        template = "media/blocks/steps.html"


class CalloutBlock(blocks.StructBlock):
    """A box that stands out: a tip, a warning or a note."""

    kind = blocks.ChoiceBlock(label=_("Kind"), choices=CALLOUTS, default="tip")
    text = blocks.TextBlock(label=_("Text"), rows=3, max_length=600)

    class Meta:
        icon = "warning"
        label = _("Box that stands out")
        template = "media/blocks/callout.html"


def shared_blocks() -> list[tuple[str, blocks.Block]]:
    """Return the four shared blocks under the names that stored bodies use; a name is never changed or removed."""
    return [
        ("text", TextBlock()),
        ("photo", PhotoBlock()),
        ("steps", StepsBlock()),
        ("callout", CalloutBlock()),
    ]


def plain_words(body: Any) -> str:
    """Return the words of a body, for the search index. No query: of photos only their words are read."""
    parts: list[str] = []
    for index, raw in enumerate(body.raw_data):
        if raw["type"] == "photo":
            parts.extend(raw["value"].get(name) or "" for name in ("alt", "caption"))
        else:
            child = body[index]
            parts.extend(str(piece) for piece in child.block.get_searchable_content(child.value))
    return " ".join(part for part in parts if part).replace("**", "")


def as_html(plain: str) -> str:
    """Return rich text for plain text with paragraphs, ``- `` lists, ``1. `` lists, ``## `` headings, ``**bold**``."""
    return "".join(
        _paragraph(part.strip()) for part in plain.replace("\r\n", "\n").split("\n\n") if part.strip()
    )


def _paragraph(text: str) -> str:
    """One paragraph; lines that begin with a dash become a list, also right after a line of words."""
    html, words, items = [], [], []
    for line in text.split("\n"):
        if line.startswith("- "):
            items.append(line[2:])
        elif items and line.startswith("  "):
            items[-1] += " " + line.strip()
        else:
            if items:
                html.append(_list(items))
                items = []
            words.append(line)
            continue
        if words:
            html.append(_words(words))
            words = []
    if words:
        html.append(_words(words))
    if items:
        html.append(_list(items))
    return "".join(html)


def _words(lines: list[str]) -> str:
    text = " ".join(lines)
    if text.startswith("## "):
        return f"<h2>{inline_html(text[3:])}</h2>"
    return f"<p>{inline_html(text)}</p>"


def _list(items: list[str]) -> str:
    return "<ul>" + "".join(f"<li>{inline_html(item)}</li>" for item in items) + "</ul>"


def inline_html(text: str) -> str:
    """Escape, then turn ``**x**`` into bold; an odd ``**`` stays as typed."""
    pieces = escape(text.strip()).split("**")
    if len(pieces) % 2 == 0:
        return "**".join(pieces)
    return "".join(f"<b>{piece}</b>" if index % 2 else piece for index, piece in enumerate(pieces))
