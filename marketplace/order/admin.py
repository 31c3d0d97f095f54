"""Orders in Django's admin: read only. Oscar's own admins write past stock and history."""

from django.contrib import admin
from oscar.apps.order.admin import *  # noqa: F403

from marketplace.order.models import Line, Order, Purchase
from marketplace.readonly import ReadOnly

admin.site.unregister([Order, Line])


@admin.register(Order)
class OrderAdmin(ReadOnly, admin.ModelAdmin):
    """Look at orders."""

    list_display = ("number", "cooperative", "status", "paid_at", "total_incl_tax", "date_placed")
    list_filter = ("status", "cooperative")
    list_select_related = ("cooperative",)
    search_fields = ("number", "purchase__code")


@admin.register(Line)
class LineAdmin(ReadOnly, admin.ModelAdmin):
    """Look at lines."""

    list_display = ("title", "order", "quantity", "unit", "partner_name", "status")
    list_select_related = ("order",)
    search_fields = ("title", "order__number")


@admin.register(Purchase)
class PurchaseAdmin(ReadOnly, admin.ModelAdmin):
    """Look at purchases."""

    list_display = ("code", "contact_name", "placed_at")
    search_fields = ("code", "contact_phone")
