"""What Wagtail's screens may list: pictures of the site, never a household's or a learner's; no documents."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import QuerySet
from wagtail.permission_policies import BasePermissionPolicy
from wagtail.permission_policies.collections import CollectionOwnershipPermissionPolicy


class EditorPhotoPolicy(CollectionOwnershipPermissionPolicy):
    """Wagtail's own rule by collection and uploader, for photos that have no owner; superusers are no exception."""

    def instances_user_has_any_permission_for(self, user: Any, actions: Collection[str]) -> QuerySet[Any]:
        """Return the site's pictures that Wagtail's rule allows."""
        allowed: QuerySet[Any] = super().instances_user_has_any_permission_for(user, actions)
        return allowed.filter(owner__isnull=True)

    def user_has_any_permission_for_instance(
        self, user: Any, actions: Collection[str], instance: Any
    ) -> bool:
        """Return False for a person's photo; else as Wagtail says."""
        return instance.owner_id is None and super().user_has_any_permission_for_instance(
            user, actions, instance
        )


class NobodysPolicy(BasePermissionPolicy):
    """For Wagtail's documents: no menu, no search, no count on the admin's front page, also for superusers.

    Rich text of ours offers no links to documents and no page type holds one; base/access/rows.py closes the screens.
    """

    def user_has_permission(self, user: Any, action: str) -> bool:
        """Return False without a query."""
        return False

    def users_with_any_permission(self, actions: Collection[str]) -> QuerySet[Any]:
        """Return nobody."""
        return get_user_model()._default_manager.none()
