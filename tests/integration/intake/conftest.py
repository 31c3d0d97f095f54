"""A kind of entries that writes something and can be told to fail, beside those of the site."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.contrib.sites.models import Site
from django.utils.translation import gettext_lazy as _

from base.accounts.models import User
from base.intake import kinds
from base.intake.kinds import Incoming, NotYet, Outcome, Refused
from base.intake.models import Upload
from base.intake.schema import Flag, Id, OneOf, Text, Whole
from tests.factories.accounts import UserFactory
from tests.integration.intake.phone import Phone


@dataclass
class Notes:
    """What the kind "note" has taken, in order."""

    taken: list[tuple[str, dt.datetime]] = field(default_factory=list)
    files: list[bytes] = field(default_factory=list)
    receipts: list[str | None] = field(default_factory=list)


@pytest.fixture
def notes() -> Iterator[Notes]:
    """The kinds "note" (needs an account, may have a photo) and "public-note" (does not)."""
    found = Notes()

    def take(entry: Incoming) -> Outcome:
        text = entry.body["text"]
        Site.objects.create(domain=uuid.uuid4().hex, name=text[:50])
        if entry.body["then"] == "refuse":
            raise Refused(_("That was too many tries"), 403)
        if entry.body["then"] == "wait":
            raise NotYet("Chờ đã.")
        if entry.body["then"] == "dangle":  # found at the commit
            Upload.objects.create(user_id=987_654_321, sha256="0" * 64, total=1)
        if entry.body["then"] == "break":
            raise ZeroDivisionError
        if entry.body["of"]:
            found.receipts.append(entry.receipt("note", entry.body["of"]))
        found.taken.append((text, entry.made_at))
        found.files += [file.read() for file in entry.files.values()]
        return Outcome(
            f"kết quả của {text}"[:50],
            _("Your answers have arrived."),
            f"/note/{text}",
            {"text": [_("Photo")]},
        )

    schema: Any = {
        "text": Text(60_000),
        "number": Whole(optional=True),
        "then": OneOf(("refuse", "wait", "break", "dangle"), optional=True),
        "of": Id(optional=True),
        "flag": Flag(optional=True),
    }
    kinds.register("note", label="", rule="", schema=schema, files=["photo"])(take)
    kinds.register("public-note", label="", rule="", schema=schema, needs_account=False)(take)
    yield found
    for name in ("note", "public-note"):
        del kinds._kinds[name]


@pytest.fixture
def mai() -> User:
    return UserFactory.create(last_name="Lò Thị", first_name="Mai")


@pytest.fixture
def phone(mai: User) -> Phone:
    """Mai's phone, signed in."""
    return Phone(mai)
