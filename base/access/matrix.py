"""The permission matrix as data: which role may do what to which thing, and under which address.

Our own addresses are named one by one; a third party's admin by the prefix under which it is mounted, since its
673 patterns are not ours to list. What is in no row is refused (middleware.py) and fails ``manage.py check``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from django.core.exceptions import ImproperlyConfigured
from django.urls import ResolverMatch

from base.access.roles import Role

__all__ = ["Role", "Row", "Scope", "named", "prefixed", "register", "row_for", "rows"]


class Scope(StrEnum):
    """Which of the things of a kind; the view's queryset holds it (a stranger gets 404), the walk tries it."""

    ALL = "all that is public"
    OWN = "one's own"
    OWN_HOUSEHOLD = "of one's own household"
    OWN_COOPERATIVE = "of one's own cooperative"
    BY_CODE = "with its code"
    EVERY = "every one"  # for staff


@dataclass(frozen=True, slots=True)
class Row:
    """``who`` may do ``action`` to ``thing``, within ``scope``. ``urls`` are URL names ("selling:edit"); ``prefix`` is
    a path without the first slash ("quan-tri/cho/") for third parties. A guest is sent to sign in, others get 403."""

    thing: str
    action: str
    who: frozenset[Role]
    scope: Scope
    urls: tuple[str, ...] = ()
    prefix: str = ""


_by_name: dict[str, Row] = {}
_by_prefix: dict[str, Row] = {}


def named(thing: str, action: str, who: Iterable[Role], scope: Scope, *urls: str) -> Row:
    """Return a row for URL names of ours."""
    return Row(thing, action, frozenset(who), scope, urls)


def prefixed(thing: str, who: Iterable[Role], prefix: str, scope: Scope = Scope.EVERY) -> Row:
    """Return a row for everything mounted below a path."""
    return Row(thing, "use", frozenset(who), scope, prefix=prefix)


def register(new_rows: Iterable[Row]) -> None:
    """Add rows; an app's ``access.py`` calls it. Raises ImproperlyConfigured for a name that has another row."""
    for row in new_rows:
        for table, keys in ((_by_name, row.urls), (_by_prefix, (row.prefix,) if row.prefix else ())):
            for key in keys:
                if table.setdefault(key, row) != row:
                    raise ImproperlyConfigured(f"{key!r} is in the permission matrix twice")


def rows() -> Iterator[Row]:
    """Yield every row once."""
    yield from dict.fromkeys([*_by_prefix.values(), *_by_name.values()])


def row_for(match: ResolverMatch) -> Row | None:
    """Return the row for a resolved address, or None when the matrix does not know it."""
    return find(match.route or "", match.view_name)


def find(route: str, view_name: str | None) -> Row | None:
    """Return the row for a URL pattern: by name, else by the longest prefix under which it is mounted."""
    row = _by_name.get(view_name or "")
    if row is not None:
        return row
    plain = route.removeprefix("^")
    found = [prefix for prefix in _by_prefix if plain.startswith(prefix)]
    return _by_prefix[max(found, key=len)] if found else None
