"""Which roles somebody has at this moment; each app tells of the ones it knows."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest

if TYPE_CHECKING:
    from base.accounts.models import User


class Role(StrEnum):
    """Who somebody is to the site; one person may be several."""

    ANYONE = "anyone"  # signed in or not
    CODE_HOLDER = (
        "code holder"  # a buyer: knows a purchase's code and the phone's last digits; the view checks them
    )
    LEARNER = "learner"  # signed in
    HOUSEHOLD = "household member"
    MANAGER = "manager"  # of a cooperative
    EDITOR = "editor"  # may enter Wagtail's admin
    REVIEWER = "reviewer"  # an editor who may also publish
    PLATFORM_STAFF = "platform staff"
    SUPERUSER = "superuser"


Provider = Callable[["User"], Iterable[Role]]

EVERYBODY: Final = frozenset({Role.ANYONE, Role.CODE_HOLDER})
_providers: dict[Provider, frozenset[Role]] = {}


def register(provider: Provider, gives: Iterable[Role] = tuple(Role)) -> Provider:
    """Add a function that names the roles of a signed-in user; call it in an app's ``access.py``.

    Who says which roles it ``gives`` is not asked about others: each question may cost a query.
    """
    _providers.setdefault(provider, frozenset(gives))
    return provider


def giving(*roles: Role) -> Callable[[Provider], Provider]:
    """``register`` as a decorator that names the roles: ``@roles.giving(Role.MANAGER)``."""
    return lambda provider: register(provider, roles)


def roles_of(request: HttpRequest) -> frozenset[Role]:
    """Return all roles of whoever sends the request; asked once per request, and only when a page needs it."""
    user = request.user
    if isinstance(user, AnonymousUser) or not user.is_active:
        return EVERYBODY
    cached: frozenset[Role] | None = getattr(request, "_roles", None)
    if cached is None:
        cached = roles_of_user(user)
        request._roles = cached  # type: ignore[attr-defined]  # lives as long as the request
    return cached


def has_any(request: HttpRequest, wanted: frozenset[Role]) -> bool:
    """Whether whoever sends the request has one of these roles; asks no more than it must."""
    user = request.user
    if wanted & EVERYBODY:
        return True
    if isinstance(user, AnonymousUser) or not user.is_active:
        return False
    askable = [provider for provider, gives in _providers.items() if gives & wanted]
    return any(role in wanted for provider in askable for role in provider(user))


def roles_of_user(user: User) -> frozenset[Role]:
    """Return all roles of a signed-in person."""
    return EVERYBODY | {role for provider in _providers for role in provider(user)}


@giving(Role.LEARNER, Role.SUPERUSER, Role.PLATFORM_STAFF, Role.EDITOR)
def _roles_of_account(user: User) -> Iterable[Role]:
    yield Role.LEARNER
    if user.is_superuser:
        yield Role.SUPERUSER
    if user.is_staff:
        yield Role.PLATFORM_STAFF
    if user.has_perm("wagtailadmin.access_admin"):
        yield Role.EDITOR
