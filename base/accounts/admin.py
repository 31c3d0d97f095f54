"""People, codes shown to them and kept messages in Django's admin (nine of Oscar's ask for search_fields: E039)."""

from __future__ import annotations

import contextlib
from typing import Any, ClassVar

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from base.accounts import phones
from base.accounts.models import SentMessage, ShownCode, User
from base.accounts.staff_forms import StaffUserForm


def _is_superuser(request: HttpRequest) -> bool:
    return bool(request.user.is_superuser)


@admin.register(User)
class UserAdmin(admin.ModelAdmin):
    """Find people by phone or name, make accounts that a code opens. Passwords are the person's own affair."""

    form = StaffUserForm
    list_display = ("shown_phone", "last_name", "first_name", "is_staff", "is_active", "date_joined")
    list_filter = ("is_staff", "is_active", "groups")
    search_fields = ("phone", "last_name", "first_name", "email")
    readonly_fields = ("last_login", "phone_verified_at", "date_joined")
    filter_horizontal = ("groups", "user_permissions")
    ordering: ClassVar = ("-date_joined",)

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> Any:
        """Return what only a superuser changes, too: others who may change people could make themselves one."""
        own = super().get_readonly_fields(request, obj)
        return own if _is_superuser(request) else (*own, "is_superuser", "user_permissions")

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Return False for a superuser's account to all others: a new phone would open it by code."""
        may = super().has_change_permission(request, obj)
        return may and (obj is None or not obj.is_superuser or _is_superuser(request))

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Return False for a superuser's account to all others."""
        may = super().has_delete_permission(request, obj)
        return may and (obj is None or not obj.is_superuser or _is_superuser(request))

    @admin.display(description=_("phone number"), ordering="phone")
    def shown_phone(self, user: User) -> str:
        """Return the phone as people read it."""
        return phones.display(user.phone)

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> tuple[Any, bool]:
        """Find a phone in any spelling."""
        with contextlib.suppress(phones.InvalidPhone):
            search_term = phones.normalise(search_term)
        return super().get_search_results(request, queryset, search_term)


@admin.register(SentMessage)
class SentMessageAdmin(admin.ModelAdmin):
    """Codes and other texts that the test double kept; read only."""

    list_display = ("sent_at", "to", "topic", "body")
    search_fields = ("to",)
    date_hierarchy = "sent_at"

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Return False: only the outbox writes here."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: SentMessage | None = None) -> bool:
        """Return False: read only."""
        return False


@admin.register(ShownCode)
class ShownCodeAdmin(admin.ModelAdmin):
    """Who let whom in with a code, when, and whether it was used; read only, for all platform staff."""

    list_display = ("shown_at", "person", "shown_by_name", "used_at", "tries")
    list_select_related = ("person",)
    search_fields = ("person__phone", "shown_by__phone", "shown_by_name")
    date_hierarchy = "shown_at"
    exclude = ("digest",)

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Return True: all platform staff watch over this."""
        return True

    def has_view_permission(self, request: HttpRequest, obj: ShownCode | None = None) -> bool:
        """Return True, as above."""
        return True

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Return False: a manager's desk writes here."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: ShownCode | None = None) -> bool:
        """Return False: read only."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: ShownCode | None = None) -> bool:
        """Return True to superusers, who delete a person on request, and the person's rows with them."""
        return _is_superuser(request)
