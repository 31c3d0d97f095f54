"""What waits and what is poison, for platform staff."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from base.outbox.models import Entry
from base.outbox.verbs import retry_parked


@admin.register(Entry)
class EntryAdmin(admin.ModelAdmin):
    """Read, and try parked ones again; entries are never written by hand."""

    list_display = ("pk", "topic", "key", "attempts", "due_at", "parked_at", "error")
    list_filter = ("topic", ("parked_at", admin.EmptyFieldListFilter))
    search_fields = ("key", "error")
    actions = ("try_again",)

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Return True: all platform staff are shown what is poison."""
        return True

    def has_view_permission(self, request: HttpRequest, obj: Entry | None = None) -> bool:
        """Return True, as above."""
        return True

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Return False: only code writes to the outbox."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Entry | None = None) -> bool:
        """Return False: read only."""
        return False

    @admin.action(description=_("Try again"))
    def try_again(self, request: HttpRequest, entries: QuerySet[Any]) -> None:
        """Give the chosen parked entries another round."""
        count = retry_parked(list(entries.values_list("pk", flat=True)))
        self.message_user(request, _("%d entries will be tried again.") % count)
