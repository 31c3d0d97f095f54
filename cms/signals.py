"""Where Wagtail leaves no other way: renew kept pages and the index when a page or a branch of pages changes."""

from __future__ import annotations

from typing import Any

from base.pagecache import bump
from base.shell import page_changes
from cms.models import PolicyPage
from search.indexing import changed


def connect() -> None:
    """Connect the receivers; called once, by ``ready()``."""
    page_changes.connect()
    page_changes.page_changed.connect(_page_changed, dispatch_uid="cms.page")
    page_changes.branch_changed.connect(_branch_changed, dispatch_uid="cms.branch")


def _page_changed(sender: type[Any], instance: Any, **kwargs: Any) -> None:
    """Any page, also of other apps: the resolver keeps all of them."""
    bump(f"page:{instance.pk}", "pages")
    if sender is PolicyPage:
        changed("policy", instance.pk)


def _branch_changed(sender: Any, path: str, **kwargs: Any) -> None:
    bump("pages")
    for pk in PolicyPage.objects.filter(path__startswith=path).values_list("pk", flat=True):
        changed("policy", pk)
