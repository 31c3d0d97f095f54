"""Wagtail's delete screens: what people have learned in is not deleted, whoever asks; it can be unpublished."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail import hooks
from wagtail.models import Page

from learning.keeping import number_of_learners


@hooks.register("before_delete_page")  # type: ignore[untyped-decorator]  # Wagtail has no types
def refuse_to_delete(request: HttpRequest, page: Page) -> HttpResponse | None:
    """Send the editor back with the reason when learners would lose what they did in it or below it."""
    return redirect("wagtailadmin_explore", page.get_parent().pk) if _refused(request, [page]) else None


@hooks.register("before_bulk_action")  # type: ignore[untyped-decorator]  # Wagtail has no types
def refuse_to_delete_several(
    request: HttpRequest, action_type: str, objects: Iterable[Any], action: Any
) -> HttpResponse | None:
    """The same for pages that were ticked in a list: all stay, or all go."""
    chosen = [each for each in objects if isinstance(each, Page)] if action_type == "delete" else []
    return redirect(action.next_url) if _refused(request, chosen) else None


def _refused(request: HttpRequest, pages: Iterable[Page]) -> bool:
    """Say of each page that must stay why it does, and return whether there is one."""
    counted = [(page, number_of_learners(page.path)) for page in pages]
    kept = [(page, count) for page, count in counted if count]
    for page, count in kept:
        messages.error(request, _reason(page, count))
    return bool(kept)


def _reason(page: Page, count: int) -> str:
    words = ngettext(
        "“%(title)s” cannot be deleted: %(count)d person has learned here and would lose it.",
        "“%(title)s” cannot be deleted: %(count)d people have learned here and would lose it.",
        count,
    ) % {"title": page.get_admin_display_title(), "count": count}
    if not page.live:
        return words
    offer = _("Unpublish it instead: readers no longer see it, what people did is kept.")
    return format_html(
        '{} <a href="{}">{}</a>', words, reverse("wagtailadmin_pages:unpublish", args=[page.pk]), offer
    )
