"""Says when what readers see of Wagtail pages may have changed, inside the transaction that changes it.

Wagtail's own ``page_published`` comes after the commit; a process killed between the two would leave the page out of
the index. Saving, deleting and closing are caught where they are written; only a move is told after it.
"""

from __future__ import annotations

from typing import Any

from django.db.models.signals import post_delete, post_save
from django.dispatch import Signal
from wagtail.models import Page, PageViewRestriction
from wagtail.signals import post_page_move

page_changed = Signal()  # instance: a page of its own type, published, withdrawn, changed or deleted
branch_changed = Signal()  # path: the page with this tree path and all below it were moved, closed or opened

# A draft writes only these columns; readers do not see it.
_SEEN = frozenset({"live", "title", "slug", "expire_at"})


def connect() -> None:
    """Connect the receivers; called once, by the shell's ``ready()``; a second call changes nothing."""
    post_save.connect(_saved, dispatch_uid="shell.page_saved")
    post_delete.connect(_deleted, dispatch_uid="shell.page_deleted")
    for signal in (post_save, post_delete):
        signal.connect(_restricted, sender=PageViewRestriction, dispatch_uid="shell.page_restricted")
    post_page_move.connect(_moved, dispatch_uid="shell.page_moved")


def _saved(
    sender: type[Any], instance: Any, raw: bool = False, update_fields: Any = None, **kwargs: Any
) -> None:
    if not isinstance(instance, Page) or sender is Page or raw:
        return
    if update_fields is None or not _SEEN.isdisjoint(update_fields):
        page_changed.send(sender=sender, instance=instance)


def _deleted(sender: type[Any], instance: Any, **kwargs: Any) -> None:
    if isinstance(instance, Page) and sender is not Page:
        page_changed.send(sender=sender, instance=instance)


def _restricted(sender: Any, instance: PageViewRestriction, **kwargs: Any) -> None:
    path = Page.objects.filter(pk=instance.page_id).values_list("path", flat=True).first()
    if path is not None:  # None: the restriction went together with its page
        branch_changed.send(sender=sender, path=path)


def _moved(sender: Any, instance: Page, **kwargs: Any) -> None:
    branch_changed.send(sender=sender, path=instance.path)
