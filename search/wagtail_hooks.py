"""Puts the screens of staff into Wagtail's admin."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.snippets.models import register_snippet

from search import staff

register_snippet(staff.SynonymViewSet)


@hooks.register("register_admin_urls")  # type: ignore[untyped-decorator]  # Wagtail has no types
def addresses() -> list[URLPattern]:
    """Return the addresses beside those of the snippet."""
    return [
        path("tim-kiem/thu/", staff.preview, name="search_try_synonym"),
        path("tim-kiem/khong-thay/", staff.missed_searches, name="search_missed"),
    ]


class MissedSearchesItem(MenuItem):
    """Shown to those who may open it."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Return whether she may see what was not found."""
        return request.user.has_perm("site_search.view_missedsearch")


@hooks.register("register_admin_menu_item")  # type: ignore[untyped-decorator]  # Wagtail has no types
def missed_item() -> MenuItem:
    """Return the entry of the menu."""
    return MissedSearchesItem(_("Not found"), reverse("search_missed"), icon_name="help", order=451)
