"""Django's command, which asks for a phone: one that is none is refused at once, before the passwords are typed."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.management.commands import createsuperuser

from base.accounts import phones


class Command(createsuperuser.Command):
    """``manage.py createsuperuser [--phone 0912345678]``."""

    def _get_input_message(self, field: Any, default: Any = None) -> str:
        """Return the question without Django's proposal, the name of who is signed in on this machine."""
        message: str = super()._get_input_message(field)  # type: ignore[misc]  # not in the stubs
        return message

    def _validate_username(self, username: str, verbose_field_name: str, database: str) -> str | None:
        """Return what is wrong with the phone; Django looks only whether somebody has it."""
        try:
            phones.normalise(username or "")
        except phones.InvalidPhone:
            return str(phones.WRONG)
        wrong: str | None = super()._validate_username(username, verbose_field_name, database)  # type: ignore[misc]
        return wrong
