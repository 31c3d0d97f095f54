"""What the body of an entry may hold, declared per kind and checked before anybody looks at it.

Unknown fields are refused, and so is text that a database cannot hold. Words in ``Wrong`` are for whoever writes the
script: a body of ours never fails here.
"""

from __future__ import annotations

import unicodedata
import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Final, Protocol

LARGEST_WHOLE: Final = 2**53 - 1  # what a script can count to


class Wrong(Exception):
    """The body is not as declared; the argument says where and what."""


class Field(Protocol):
    """One declared value."""

    @property
    def optional(self) -> bool:
        """Whether it may be left out or null; it is None then (text: "")."""

    def clean(self, value: object, where: str) -> Any:
        """Return the value as the kind gets it. Raises Wrong."""


@dataclass(frozen=True, slots=True)
class Text:
    """A text of at most ``most`` characters; without NUL, halves of characters, or signs of no meaning."""

    most: int
    optional: bool = False

    def clean(self, value: object, where: str) -> str:
        """Return the text as it came."""
        if not isinstance(value, str):
            raise Wrong(f"{where}: a text is wanted")
        if len(value) > self.most:
            raise Wrong(f"{where}: longer than {self.most} characters")
        if not is_storable(value):
            raise Wrong(f"{where}: this text cannot be stored")
        return value


@dataclass(frozen=True, slots=True)
class Whole:
    """A whole number from ``least`` to ``most``."""

    least: int = 0
    most: int = LARGEST_WHOLE
    optional: bool = False

    def clean(self, value: object, where: str) -> int:
        """Return the number."""
        if not isinstance(value, int) or isinstance(value, bool) or not self.least <= value <= self.most:
            raise Wrong(f"{where}: a whole number from {self.least} to {self.most} is wanted")
        return value


@dataclass(frozen=True, slots=True)
class Flag:
    """True or false."""

    optional: bool = False

    def clean(self, value: object, where: str) -> bool:
        """Return it."""
        if not isinstance(value, bool):
            raise Wrong(f"{where}: true or false is wanted")
        return value


@dataclass(frozen=True, slots=True)
class Id:
    """An id made on a device, or that of a thing."""

    optional: bool = False

    def clean(self, value: object, where: str) -> uuid.UUID:
        """Return it as a UUID."""
        if isinstance(value, str) and len(value) == 36:
            try:
                return uuid.UUID(value)
            except ValueError:
                pass
        raise Wrong(f"{where}: an id (UUID) is wanted")


@dataclass(frozen=True, slots=True)
class OneOf:
    """One of a few texts."""

    texts: Collection[str]
    optional: bool = False

    def clean(self, value: object, where: str) -> str:
        """Return it."""
        if not isinstance(value, str) or value not in self.texts:
            raise Wrong(f"{where}: one of {', '.join(self.texts)} is wanted")
        return value


@dataclass(frozen=True, slots=True)
class Fields:
    """An object with these fields and no others."""

    fields: Mapping[str, Field]
    optional: bool = False

    def clean(self, value: object, where: str) -> dict[str, Any]:
        """Return every declared field."""
        if not isinstance(value, dict):
            raise Wrong(f"{where}: an object is wanted")
        if len(value) > len(self.fields) or not value.keys() <= self.fields.keys():
            raise Wrong(f"{where}: has a field that is not known")
        cleaned = {}
        for name, field in self.fields.items():
            if value.get(name) is not None:
                cleaned[name] = field.clean(value[name], f"{where}.{name}")
            elif field.optional:
                cleaned[name] = "" if isinstance(field, Text | OneOf) else None
            else:
                raise Wrong(f"{where}.{name}: is missing")
        return cleaned


@dataclass(frozen=True, slots=True)
class Each:
    """An object of at most ``most`` pairs, all keys and all values alike."""

    key: Field
    value: Field
    most: int
    optional: bool = False

    def clean(self, value: object, where: str) -> dict[Any, Any]:
        """Return the pairs; two ways to write one key are refused."""
        if not isinstance(value, dict) or len(value) > self.most:
            raise Wrong(f"{where}: an object of at most {self.most} pairs is wanted")
        cleaned = {
            self.key.clean(key, f"{where}: a key"): self.value.clean(one, f"{where}: a value")
            for key, one in value.items()
        }
        if len(cleaned) != len(value):
            raise Wrong(f"{where}: a key comes twice")
        return cleaned


def is_storable(text: str) -> bool:
    """Whether every database takes the text: PostgreSQL has no NUL, and half a surrogate pair is no character."""
    return "\x00" not in text and (
        text.isascii() or not any(unicodedata.category(one) == "Cs" for one in text)
    )
