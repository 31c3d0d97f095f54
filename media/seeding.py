"""Turns sample blocks (plain records of config.seed) into the data of a page body. Articles and courses share it.

Blocks are told apart by what they have, so that nothing here imports the records.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from typing import Any

from media.blocks import as_html
from media.models import Photo

SPACE = uuid.UUID("8f1d6c1e-52a5-4c7f-9f0b-7c2f0a6d5e11")


def body_data(blocks: Iterable[Any], photos: Mapping[str, Photo], name: str) -> list[dict[str, Any]]:
    """Return StreamField data. `photos` is by picture key; a photo that is missing there is left out.

    Ids follow from `name` (the page's address) and the place in it, so that the same seed gives the same page.
    """
    data = []
    for index, block in enumerate(blocks):
        made = _block(block, photos, f"{name}#{index}")
        if made is not None:
            data.append({"type": made[0], "value": made[1], "id": block_id(f"{name}#{index}")})
    return data


def block_id(name: str) -> str:
    """Return the id that a seeded block of this name has."""
    return str(uuid.uuid5(SPACE, name))


def _block(block: Any, photos: Mapping[str, Photo], name: str) -> tuple[str, Any] | None:
    """The type and value of one block; None for a photo that we do not have."""
    if hasattr(block, "choices"):
        return "question", _question(block, name)
    if hasattr(block, "items"):
        return "steps", {"steps": _list(block.items, name)}
    if hasattr(block, "picture"):
        photo = photos.get(block.picture.key)
        words = {"alt": block.alt or block.picture.alt, "caption": block.caption or ""}
        return ("photo", {"photo": photo.pk, **words}) if photo else None
    if hasattr(block, "kind"):
        return "callout", {"kind": block.kind, "text": block.value}
    return "text", as_html(block.value)


def _question(block: Any, name: str) -> dict[str, Any]:
    choices = [
        {"text": choice.text, "is_correct": choice.correct, "feedback": choice.feedback}
        for choice in block.choices
    ]
    return {"text": block.text, "explanation": block.explanation, "choices": _list(choices, name)}


def _list(items: Iterable[Any], name: str) -> list[dict[str, Any]]:
    return [
        {"type": "item", "value": item, "id": block_id(f"{name}.{index}")} for index, item in enumerate(items)
    ]
