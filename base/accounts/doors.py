"""Where each role can go from "my page"."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from base.access.roles import Role, roles_of


@dataclass(frozen=True, slots=True)
class Door:
    """One way in: for whom, what is behind it, its stable address."""

    role: Role
    label: str | Promise
    icon: str
    address: str


DOORS: Final = (
    Door(Role.HOUSEHOLD, _("My goods and orders"), "plus", "/ban/"),
    Door(Role.MANAGER, _("Cooperative desk"), "people", "/htx/"),
    Door(Role.LEARNER, _("My lessons"), "book", "/hoc/cua-toi/"),
    Door(Role.ANYONE, _("Follow an order"), "receipt", "/don/"),
    Door(Role.EDITOR, _("Write and publish"), "edit", "/quan-tri/"),
    Door(Role.PLATFORM_STAFF, _("Shop office"), "basket", "/quan-tri/cho/"),
    Door(Role.PLATFORM_STAFF, _("People and system"), "lock", "/quan-tri/he-thong/"),
)


DESKS: Final = (Role.MANAGER, Role.HOUSEHOLD)  # who works here goes to work; the first that fits


def desk_of(request: HttpRequest) -> str | None:
    """Return the address of the desk at which whoever sends the request works, None for everybody else."""
    roles = roles_of(request)
    return next((door.address for role in DESKS for door in DOORS if door.role == role in roles), None)


def doors_of(request: HttpRequest) -> list[Door]:
    """Return the doors open to whoever sends the request."""
    roles = roles_of(request)
    return [door for door in DOORS if door.role in roles]
