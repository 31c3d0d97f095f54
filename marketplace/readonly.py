"""Django's admin of the market: what only our verbs may write is looked at, households and cooperatives are kept.

Platform staff are let in at the door (AccessMiddleware, ``is_staff``); no further right is asked of them here.
"""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest


class Shown:
    """Mixin for a ModelAdmin or an inline: platform staff may look."""

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Return True."""
        return True

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Return True."""
        return True


class Kept(Shown):
    """Mixin for a ModelAdmin or an inline: platform staff may look, add and change."""

    def has_add_permission(self, request: HttpRequest, *args: Any) -> bool:
        """Return True."""
        return True

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Return True."""
        return True


class ReadOnly(Shown):
    """Mixin for a ModelAdmin: no adding, changing or deleting."""

    def has_add_permission(self, request: HttpRequest, *args: Any) -> bool:
        """Return False."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Return False."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Return False."""
        return False
