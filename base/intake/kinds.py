"""The kinds of entries that devices send: each app registers its own in its ``intake.py`` (docs/offline.md).

@register("handover", label=_("Handing over"), rule=_("The first counts."), schema={"order": Text(20)})
def hand_over(entry: Incoming) -> Outcome: ...
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ImproperlyConfigured
from django.core.files.base import File
from django.http import HttpRequest
from django.utils.functional import Promise

from base.intake.schema import Field, Fields
from base.intake.verbs import Owner, result_of

if TYPE_CHECKING:
    from base.accounts.models import User

Words = str | Promise


class Refused(Exception):
    """This entry will never be taken; ``words`` tell the person why, and the phone keeps it to show.

    ``status`` is 403 when she may not (or not any more), else 422.
    """

    def __init__(
        self, words: Words, status: int = 422, errors: Mapping[str, Sequence[Words]] | None = None
    ) -> None:
        """Remember what to say."""
        super().__init__(words)
        self.words, self.status, self.errors = words, status, errors or {}


class NotYet(Exception):
    """What this entry builds on is not here yet: the phone sends it again later. Its argument is words."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of an entry: ``result`` for the server (a key; at most 200 characters), the rest for the person.

    The answer is kept and given again when the same entry comes again. ``errors`` are words by field.
    """

    result: str = ""
    words: Words = ""
    url: str = ""
    errors: Mapping[str, Sequence[Words]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Incoming:
    """An entry whose sender, body and files have been checked. ``made_at`` is by the clock of this server."""

    request: HttpRequest
    owner: Owner
    id: uuid.UUID
    body: dict[str, Any]
    made_at: dt.datetime
    files: Mapping[str, File[bytes]]
    prepared: Any = None

    @property
    def user(self) -> User:
        """The signed-in sender, for kinds that need an account."""
        assert self.owner.user is not None
        return self.owner.user

    def receipt(self, kind: str, entry_id: uuid.UUID) -> str | None:
        """Return the result of an earlier entry of the same owner, None when it was not taken."""
        return result_of(kind, self.owner, entry_id)

    def with_prepared(self, prepared: Any) -> Incoming:
        """Return the entry with what its kind has prepared."""
        return replace(self, prepared=prepared)


Apply = Callable[[Incoming], Outcome]


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind: what it may hold, who may send it, what happens when two say different things."""

    name: str
    label: Words
    rule: Words
    schema: Fields
    apply: Apply
    needs_account: bool = True
    files: Sequence[str] = ()
    prepare: Callable[[Incoming], Any] | None = None


_kinds: dict[str, Kind] = {}


def register(
    name: str,
    *,
    label: Words,
    rule: Words,
    schema: Mapping[str, Field],
    needs_account: bool = True,
    files: Sequence[str] = (),
    prepare: Callable[[Incoming], Any] | None = None,
) -> Callable[[Apply], Apply]:
    """Register the decorated function as what takes entries of this kind in.

    What it writes counts once per entry, in a transaction with the entry's receipt that holds the sender's account
    (base.accounts.holding); it runs again after one that was undone, so it does nothing but write to the database. It
    may raise Refused or NotYet. ``prepare`` runs before (outside of it, if the entry has files): for what takes time
    and writes nothing (a photo), kept in ``entry.prepared``.
    """

    def decorated(apply: Apply) -> Apply:
        if name in _kinds:
            raise ImproperlyConfigured(f"two kinds of entries are called {name!r}")
        _kinds[name] = Kind(name, label, rule, Fields(schema), apply, needs_account, tuple(files), prepare)
        return apply

    return decorated


def find(name: str) -> Kind | None:
    """Return the kind of this name."""
    return _kinds.get(name)


def every() -> Iterator[Kind]:
    """Yield every kind, in the order of their names."""
    yield from (kind for _name, kind in sorted(_kinds.items()))


def strangers_send_files() -> bool:
    """Whether some kind takes files from people without an account; else nobody else may upload any."""
    return any(kind.files and not kind.needs_account for kind in _kinds.values())
