"""People in Wagtail's admin; replaces "wagtail.users" in INSTALLED_APPS by ``base.accounts.wagtail_users.UsersConfig``."""

from __future__ import annotations

from wagtail.users.apps import WagtailUsersAppConfig


class UsersConfig(WagtailUsersAppConfig):
    """Wagtail's own app with our forms."""

    user_viewset = "base.accounts.wagtail_viewset.UserViewSet"
