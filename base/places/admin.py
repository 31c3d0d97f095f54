"""Places in Django's admin: to be looked up, not edited (they come from the statistics office's list)."""

from django.contrib import admin

from base.places.models import Commune


@admin.register(Commune)
class CommuneAdmin(admin.ModelAdmin):
    """Find a commune by its name or a name before the merger."""

    list_display = ("full_name", "province", "kind")
    list_select_related = ("province",)
    search_fields = ("name", "full_name", "former_names", "code")

    def has_view_permission(self, request: object, obj: object = None) -> bool:
        """Return True: whoever opens a household or a cooperative chooses its commune."""
        return True

    def has_add_permission(self, request: object) -> bool:
        """Return False."""
        return False

    def has_change_permission(self, request: object, obj: object = None) -> bool:
        """Return False."""
        return False

    def has_delete_permission(self, request: object, obj: object = None) -> bool:
        """Return False."""
        return False
