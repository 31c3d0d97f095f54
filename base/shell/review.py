"""Tells the editor, above the form, why a reviewer sent the page back. Goes first in the panels of each page type."""

from __future__ import annotations

from typing import Any

from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import Panel
from wagtail.models import TaskState


class ReviewersWords(Panel):
    """The reviewer's newest comment on a page that was sent back; nothing on any other page."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("heading", _("Sent back to be changed"))
        super().__init__(**kwargs)

    class BoundPanel(Panel.BoundPanel):
        """The panel on the form of one page."""

        template_name = "shell/admin/reviewers_words.html"

        @cached_property
        def returned(self) -> TaskState | None:
            """What the reviewer decided, if the page was sent back and not handed in again."""
            workflow = self.instance.current_workflow_state if self.instance.pk else None
            task = workflow.current_task_state if workflow is not None else None
            return task if task is not None and task.status == TaskState.STATUS_REJECTED else None

        def is_shown(self) -> bool:
            """Return whether there is something to say."""
            return super().is_shown() and self.returned is not None
