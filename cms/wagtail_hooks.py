"""What editors meet in Wagtail's admin: where to begin, in Vietnamese; links between pages that follow the language."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.html import escape
from django.utils.translation import gettext as _
from wagtail import hooks
from wagtail.admin.ui.components import Component
from wagtail.admin.views.home import UserObjectsInWorkflowModerationPanel
from wagtail.models import Page
from wagtail.rich_text import LinkHandler
from wagtail.rich_text.feature_registry import FeatureRegistry

from base.shell import fixed
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


class MyPagesInReview(UserObjectsInWorkflowModerationPanel):
    """Wagtail's panel in Vietnamese, with the reviewer's words beside what was sent back."""

    template_name = "cms/admin/my_pages_in_review.html"


@hooks.register("construct_homepage_panels")  # type: ignore[untyped-decorator]  # Wagtail has no types
def put_our_panels(request: HttpRequest, panels: list[Component]) -> None:
    """Put our panel first, and ours in the place of Wagtail's for what is in review."""
    panels[:] = [
        WhereToBegin(),
        *(
            MyPagesInReview() if isinstance(panel, UserObjectsInWorkflowModerationPanel) else panel
            for panel in panels
        ),
    ]


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
def refuse_move(request: HttpRequest, page: Page, destination: Page) -> HttpResponse | None:
    """A move keeps the slug and runs no form, so what a form would refuse is said here."""
    if request.method != "POST" or not _says_why(request, _why_not_moved([page], destination)):
        return None
    return redirect("wagtailadmin_explore", page.get_parent().pk)


@hooks.register("before_delete_page")  # type: ignore[untyped-decorator]  # Wagtail has no types
@hooks.register("before_unpublish_page")  # type: ignore[untyped-decorator]
def refuse_to_take_down(request: HttpRequest, page: Page) -> HttpResponse | None:
    """The front page and what it leads to stay shown."""
    if not _says_why(request, map(fixed.refusal, fixed.fixed_among([page]))):
        return None
    return redirect("wagtailadmin_pages:edit", page.pk)


@hooks.register("before_bulk_action")  # type: ignore[untyped-decorator]  # Wagtail has no types
def refuse_several(
    request: HttpRequest, action_type: str, objects: Iterable[Any], action: Any
) -> HttpResponse | None:
    """The same for pages that were ticked in a list; with one of them refused, none is touched."""
    pages = [each for each in objects if isinstance(each, Page)]
    if action_type == "move":
        reasons = _why_not_moved(pages, action.cleaned_form.cleaned_data["chooser"])
    elif action_type in ("delete", "unpublish"):
        reasons = [fixed.refusal(page) for page in fixed.fixed_among(pages)]
    else:
        return None
    return redirect(action.next_url) if _says_why(request, reasons) else None


def _why_not_moved(pages: list[Page], destination: Page) -> list[str]:
    """Return what speaks against the move: fixed pages, and slugs that are reserved at the new place."""
    reasons = [fixed.refusal(page) for page in fixed.fixed_among(pages)]
    for page in pages:
        specific: Any = page.specific
        refusal = getattr(specific, "slug_refusal", None)
        reasons.append(refusal(page.slug, destination.depth + 1) if refusal else "")
    return [reason for reason in reasons if reason]


def _says_why(request: HttpRequest, reasons: Iterable[str]) -> bool:
    """Show the reasons on the next page, and return whether there were any."""
    said = list(reasons)
    for reason in said:
        messages.error(request, reason)
    return bool(said)
