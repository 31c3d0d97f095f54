"""By what results can be narrowed. The names are the parameters of the address (?xa=…&gia=…), stable like it."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Final

from django.core.exceptions import ImproperlyConfigured
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Labels = Callable[[Collection[str]], Mapping[str, str]]
"""From values to what people call them, in one query; a value that is not there any more has no label."""


@dataclass(frozen=True, slots=True)
class Facet:
    """One thing by which results can be narrowed. A document has one value of it, some, or none."""

    name: str
    label: Promise
    most: int = 12
    """How many values are counted and offered, the most frequent first."""


KIND: Final = "loai"
LANGUAGE: Final = "tieng"
FACETS: Final = {
    facet.name: facet
    for facet in (
        Facet(KIND, _("Kind"), most=40),
        Facet("nhom", _("Category"), most=40),
        Facet("tinh", _("Province"), most=34),
        Facet("xa", _("Commune"), most=24),
        Facet("htx", _("Cooperative"), most=24),
        Facet("chung-nhan", _("Certificate")),
        Facet("cap", _("Level")),
        Facet("dai", _("Duration")),
        Facet("chu-de", _("Topic")),
        Facet("hieu-luc", _("State of the law")),
        Facet(LANGUAGE, _("Language"), most=24),
    )
}

_labels: dict[str, Labels] = {}


def register_labels(name: str, labels: Labels) -> None:
    """Say how the values of a facet are called. Raises ImproperlyConfigured for an unknown facet, or twice."""
    if name not in FACETS:
        raise ImproperlyConfigured(f"search facet {name!r} is none of {', '.join(FACETS)}")
    if name in _labels:
        raise ImproperlyConfigured(f"search facet {name!r} has labels already")
    _labels[name] = labels


def labels(name: str, values: Collection[str]) -> Mapping[str, str]:
    """Return what people call these values; without registered labels they are called by themselves."""
    if not values:
        return {}
    return _labels[name](values) if name in _labels else {value: value for value in values}
