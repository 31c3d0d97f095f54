"""People in Wagtail's admin: ``UsersConfig`` stands in INSTALLED_APPS instead of "wagtail.users"."""

from __future__ import annotations

from wagtail.users.apps import WagtailUsersAppConfig


class UsersConfig(WagtailUsersAppConfig):
    """Wagtail's own app with our forms."""

    user_viewset = "base.accounts.wagtail_viewset.UserViewSet"
