"""Where Wagtail's own tasks run (its reference index and the editors' search): in the request, once it has committed.

django-tasks' immediate backend runs inside the transaction, also in one that is rolled back; on PostgreSQL a failing
query in a task then aborts the caller's work (stack.md, 3).
"""

from __future__ import annotations

from functools import partial
from typing import Any

from django.db import transaction
from django_tasks.backends.immediate import ImmediateBackend


class OnCommitBackend(ImmediateBackend):
    """The immediate backend, put off until the commit."""

    def _execute_task(self, task_result: Any) -> None:
        transaction.on_commit(partial(super()._execute_task, task_result), robust=True)
