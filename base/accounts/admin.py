"""People in Django's admin; the search fields are asked for by nine of Oscar's admins (admin.E039)."""

from django.contrib import admin

from base.accounts.models import User


@admin.register(User)
class UserAdmin(admin.ModelAdmin):
    """Find people by phone or name; passwords are set elsewhere."""

    list_display = ("phone", "last_name", "first_name", "is_staff", "is_active", "date_joined")
    search_fields = ("phone", "last_name", "first_name", "email")
    exclude = ("password",)
    readonly_fields = ("last_login", "phone_verified_at", "date_joined")
