"""Households in Django's admin: platform staff open one, say who its members are, and close it."""

from typing import Any

from django.contrib import admin
from oscar.apps.partner.admin import *  # noqa: F403

from marketplace.changes import household_changed
from marketplace.partner.models import Partner, StockRecord
from marketplace.readonly import Kept, ReadOnly

admin.site.unregister([Partner, StockRecord])


@admin.register(Partner)
class HouseholdAdmin(Kept, admin.ModelAdmin):
    """Open, change and close households; never delete one, since goods and orders point to it."""

    list_display = ("name", "cooperative", "commune", "is_active")
    list_filter = ("is_active", "cooperative")
    list_select_related = ("cooperative", "commune__province")
    search_fields = ("name", "slug", "village")
    autocomplete_fields = ("users", "commune", "cooperative")
    prepopulated_fields = {"slug": ("name",)}
    fields = ("name", "slug", "cooperative", "commune", "village", "about", "users", "is_active")

    def save_related(self, request: Any, form: Any, formsets: Any, change: bool) -> None:
        """Save, and have the household's goods indexed and drawn anew."""
        super().save_related(request, form, formsets, change)
        household_changed(form.instance)

    def has_delete_permission(self, request: object, obj: object = None) -> bool:
        """Return False: close it instead."""
        return False


@admin.register(StockRecord)
class StockAdmin(ReadOnly, admin.ModelAdmin):
    """Look at what is left."""

    list_display = ("product", "partner", "price", "unit", "num_in_stock", "num_allocated")
    list_select_related = ("product", "partner")
    search_fields = ("product__title", "partner__name")
