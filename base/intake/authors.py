"""Whose an entry is, as a phone may know it: a keyed hash of the account that says nothing to anybody else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.conf import settings
from django.utils.crypto import salted_hmac

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from base.accounts.models import User

LENGTH: Final = 16  # hex digits


def author_key(user: User | AnonymousUser) -> str:
    """Return the key of this account, "" for nobody. Always the same while SECRET_KEY is."""
    return _key(user, None) if user.is_authenticated else ""


def former_keys(user: User | AnonymousUser) -> list[str]:
    """Return the keys of this account under SECRET_KEY_FALLBACKS: phones still hold entries with them."""
    return [_key(user, secret) for secret in settings.SECRET_KEY_FALLBACKS] if user.is_authenticated else []


def is_author(user: User | AnonymousUser, key: str) -> bool:
    """Whether entries with this key are this person's (or nobody's, while nobody is signed in)."""
    return key == author_key(user) or key in former_keys(user)


def _key(user: User | AnonymousUser, secret: str | bytes | None) -> str:
    return salted_hmac("base.intake.authors", str(user.pk), secret, algorithm="sha256").hexdigest()[:LENGTH]
