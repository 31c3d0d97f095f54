"""Goods in Django's admin: read only. Oscar's own admins write past approval, stock and ``media``."""

from django.contrib import admin
from oscar.apps.catalogue.admin import *  # noqa: F403

from marketplace.catalogue.models import (  # type: ignore[attr-defined]  # the last two come by Oscar's star
    Category,
    Product,
    ProductAttributeValue,
    ProductImage,
)
from marketplace.readonly import ReadOnly

admin.site.unregister([Category, Product, ProductAttributeValue, ProductImage])


@admin.register(Product)
class GoodsAdmin(ReadOnly, admin.ModelAdmin):
    """Look at goods in any state."""

    list_display = ("title", "household", "listing_state", "approved_at")
    list_filter = ("listing_state",)
    list_select_related = ("household",)
    search_fields = ("title", "household__name")


@admin.register(Category)
class ShelfAdmin(ReadOnly, admin.ModelAdmin):
    """Look at categories; they are changed in the dashboard."""

    list_display = ("name", "slug", "icon", "is_public")
    search_fields = ("name", "slug")
