"""What editors meet in Wagtail's admin: where to begin, in Vietnamese; links between pages that follow the language."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.html import escape
from django.utils.translation import gettext as _
from wagtail import hooks
from wagtail.admin.ui.components import Component
from wagtail.models import Page
from wagtail.rich_text import LinkHandler
from wagtail.rich_text.feature_registry import FeatureRegistry

from base.shell.pages import ShownPageQuerySet, page_path


class WhereToBegin(Component):
    """The first panel of the admin's front page."""

    name = "where_to_begin"
    template_name = "cms/admin/where_to_begin.html"
    order = 10

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        """Give the addresses of the shelves that editors write for; one that is gone is left out."""
        shelves = ShownPageQuerySet(Page).filter(depth=3, slug__in=["chinh-sach", "hoc"]).order_by("slug")
        words = {"chinh-sach": _("Write an article"), "hoc": _("Write a course or a lesson")}
        links = [(reverse("wagtailadmin_explore", args=[page.pk]), words[page.slug]) for page in shelves]
        return {"links": links, "waiting": reverse("wagtailadmin_reports:workflow")}


@hooks.register("construct_homepage_panels")  # type: ignore[untyped-decorator]  # Wagtail has no types
def add_where_to_begin(request: HttpRequest, panels: list[Component]) -> None:
    """Put our panel first."""
    panels.insert(0, WhereToBegin())


class PageLinks(LinkHandler):
    """Links to pages inside rich text: one query for each text, the reader's language, nothing for a hidden page."""

    identifier = "page"

    @staticmethod
    def get_model() -> Any:
        """Return what is linked to."""
        return Page

    @classmethod
    def expand_db_attributes_many(cls, attrs_list: list[dict[str, Any]]) -> list[str]:
        """Return the opening tags; a link to a page that is not shown stays as plain words."""
        ids = [attrs["id"] for attrs in attrs_list if str(attrs.get("id", "")).isdecimal()]
        shown = {
            str(page.pk): page for page in ShownPageQuerySet(Page).shown().filter(pk__in=ids).only("url_path")
        }
        found = [shown.get(str(attrs.get("id"))) for attrs in attrs_list]
        return [f'<a href="{escape(page_path(page))}">' if page else "<a>" for page in found]

    @classmethod
    def extract_references(cls, attrs: dict[str, Any]) -> Any:
        """Yield what is linked to, for Wagtail's "used in" lists."""
        yield Page, attrs["id"], "", ""


@hooks.register("register_rich_text_features", order=10)  # type: ignore[untyped-decorator]  # Wagtail has no types
def follow_the_reader(features: FeatureRegistry) -> None:
    """Replace Wagtail's handler, which always links to the page's own language."""
    features.register_link_type(PageLinks)


@hooks.register("before_move_page")  # type: ignore[untyped-decorator]  # Wagtail has no types
def refuse_reserved_address(request: HttpRequest, page: Page, destination: Page) -> HttpResponse | None:
    """A move keeps the slug and runs no form, so the refusal is said here."""
    specific: Any = page.specific
    refusal = getattr(specific, "slug_refusal", None)
    why = refusal(page.slug, destination.depth + 1) if refusal else ""
    if not why or request.method != "POST":
        return None
    messages.error(request, why)
    return redirect("wagtailadmin_explore", page.get_parent().pk)
