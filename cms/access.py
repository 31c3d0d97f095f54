"""Rows of the permission matrix: published pages are for everybody; Wagtail's view restrictions close some of them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from wagtail.models import GroupPagePermission

from base.access import roles
from base.access.matrix import Role, Scope, named, register

if TYPE_CHECKING:
    from base.accounts.models import User

register(
    [
        named("published page", "see", [Role.ANYONE], Scope.ALL, "wagtail_serve"),
        named("sign-in for a closed page", "see", [Role.ANYONE], Scope.ALL, "wagtailcore_login"),
        named(
            "page closed by password",
            "open",
            [Role.ANYONE],
            Scope.ALL,
            "wagtailcore_authenticate_with_password",
        ),
    ]
)


@roles.giving(Role.REVIEWER)
def roles_of_editor(user: User) -> Iterable[Role]:
    """A reviewer is an editor who may publish some page."""
    if not user.has_perm("wagtailadmin.access_admin"):
        return
    rights = GroupPagePermission.objects.filter(permission__codename="publish_page", group__user=user)
    if user.is_superuser or rights.exists():
        yield Role.REVIEWER
