"""The first account of a site: a phone that is none is refused with an example before a password is asked for."""

from __future__ import annotations

from io import StringIO
from typing import Any

import pytest
from django.contrib.auth.management.commands import createsuperuser
from django.core.management import CommandError, call_command

from base.accounts.models import User

pytestmark = pytest.mark.django_db

EXAMPLE = "0912 345 678"


class Terminal(StringIO):
    """Somebody sits there."""

    def isatty(self) -> bool:
        return True


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return what is asked, in order; phones are answered in turn, the password is always the same."""
    asked: list[str] = []
    phones = iter(["abc", "0912", "0912 345 678"])

    def phone(question: str) -> str:
        asked.append("phone")
        return next(phones)

    def password(question: str = "") -> str:
        asked.append("password")
        return "một hai ba bốn"

    monkeypatch.setattr("builtins.input", phone)
    monkeypatch.setattr(createsuperuser.getpass, "getpass", password)
    return asked


def test_phone_is_asked_for_again_until_it_is_one(typed: list[str]) -> None:
    said = StringIO()
    call_command("createsuperuser", stdin=Terminal(), stdout=StringIO(), stderr=said)
    assert typed == ["phone", "phone", "phone", "password", "password"]
    assert said.getvalue().count(EXAMPLE) == 2
    assert [user.phone for user in User.objects.filter(is_superuser=True)] == ["+84912345678"]


@pytest.mark.parametrize("options", [{"interactive": False}, {}])
def test_phone_of_the_command_line_is_looked_at_too(options: dict[str, Any], typed: list[str]) -> None:
    said = StringIO()
    try:
        call_command(
            "createsuperuser", phone="abc", stdin=Terminal(), stdout=StringIO(), stderr=said, **options
        )
    except CommandError as error:
        said.write(str(error))
    assert EXAMPLE in said.getvalue()
    assert typed[:1] == ([] if options else ["phone"])


def test_phone_that_somebody_has_is_refused_in_any_spelling(typed: list[str]) -> None:
    User.objects.create_user("0987654321")
    with pytest.raises(CommandError):
        call_command("createsuperuser", phone="+84 987 654 321", interactive=False)
