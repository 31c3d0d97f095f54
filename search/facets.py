"""By what results can be narrowed. The names are the parameters of the address (?xa=…&gia=…), stable like it."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.core.exceptions import ImproperlyConfigured
from django.db.models import CharField, F, QuerySet, Value
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from base.prepared import params, prepared, room

Labels = Callable[[Collection[str]], Mapping[str, str]]
"""From values to what people call them, without a query; a value that is not there any more has no label."""
Rows = Callable[[Sequence[Any]], QuerySet[Any, Any]]
"""The same from the database: a `values_list` of value and name, filtered by `__in` on a column of its own."""


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
_rows: dict[str, Rows] = {}


def register_labels(name: str, labels: Labels) -> None:
    """Say how the values of a facet are called. Raises ImproperlyConfigured for an unknown facet, or twice."""
    _check(name)
    _labels[name] = labels


def register_rows(name: str, rows: Rows) -> None:
    """Say where the database keeps how the values of a facet are called. Raises like `register_labels`."""
    _check(name)
    _rows[name] = rows


def _check(name: str) -> None:
    if name not in FACETS:
        raise ImproperlyConfigured(f"search facet {name!r} is none of {', '.join(FACETS)}")
    if name in _labels or name in _rows:
        raise ImproperlyConfigured(f"search facet {name!r} has labels already")


def labels(wanted: Mapping[str, Collection[str]]) -> Mapping[str, Mapping[str, str]]:
    """Return what people call these values, by facet, in one query.

    The values of a facet that nobody names are not shown: in an address they could be anything.
    """
    found: dict[str, dict[str, str]] = {}
    asked: dict[str, list[str]] = {}
    for name, values in wanted.items():
        if name in _rows:
            found[name] = {}
            if values:
                asked[name] = list(values)
        else:
            known = _labels.get(name)
            found[name] = dict(known(values)) if known else {}
    if asked:
        read = _names(*((name, room(len(values))) for name, values in asked.items()))
        for name, value, label in read.rows(**asked):
            found[name][value] = label
    return found


@prepared
def _names(*shape: tuple[str, int]) -> QuerySet[Any, Any]:
    """Read the names of so many values of each of these facets."""
    first, *others = (_named(name, _rows[name](params(name, count, CharField()))) for name, count in shape)
    return first.union(*others, all=True) if others else first


def _named(name: str, rows: QuerySet[Any, Any]) -> QuerySet[Any, Any]:
    """Return the rows with the facet's name in front, in no order: databases refuse one inside a union.

    As expressions: a column that is value and name at once would be selected once only.
    """
    value, label = rows._fields  # type: ignore[attr-defined]  # the stubs do not know it
    return rows.order_by().values_list(Value(name, CharField()), F(value), F(label))
