"""Cooperatives in Django's admin: platform staff open one, say who runs it, where and when it hands over."""

from typing import Any

from django.contrib import admin

from marketplace.changes import cooperative_changed
from marketplace.cooperative.models import Cooperative, CooperativeMembership, OrderWindow, PickupPoint
from marketplace.readonly import Kept


class MembershipInline(Kept, admin.TabularInline):
    """Who runs the cooperative."""

    model = CooperativeMembership
    extra = 0
    autocomplete_fields = ("user",)

    def has_delete_permission(self, request: object, obj: object = None) -> bool:
        """Return True: people leave."""
        return True


class PickupInline(Kept, admin.StackedInline):
    """Where its buyers collect."""

    model = PickupPoint
    extra = 0
    autocomplete_fields = ("commune",)


class WindowInline(Kept, admin.TabularInline):
    """When it takes orders."""

    model = OrderWindow
    extra = 0

    def has_delete_permission(self, request: object, obj: object = None) -> bool:
        """Return True: one may have been a mistake."""
        return True


@admin.register(Cooperative)
class CooperativeAdmin(Kept, admin.ModelAdmin):
    """Open, change and close cooperatives; never delete one, since orders point to it."""

    list_display = ("name", "commune", "is_always_open", "is_active")
    list_select_related = ("commune__province",)
    search_fields = ("name", "slug")
    autocomplete_fields = ("commune",)
    prepopulated_fields = {"slug": ("name",)}
    inlines = (MembershipInline, PickupInline, WindowInline)

    def save_related(self, request: Any, form: Any, formsets: Any, change: bool) -> None:
        """Save with windows and pickup points, and have the cooperative's goods drawn anew."""
        super().save_related(request, form, formsets, change)
        cooperative_changed(form.instance)

    def has_delete_permission(self, request: object, obj: object = None) -> bool:
        """Return False: close it instead."""
        return False
