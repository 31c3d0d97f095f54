"""Where Wagtail and Django leave no other way: index what was published, and hand work over at sign-in."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.signals import user_logged_in
from django.http import HttpRequest

from base.shell import page_changes
from learning.claims import claim
from learning.learners import take_device
from learning.models import CoursePage, LessonPage
from search.indexing import changed

KINDS: dict[type[Any], str] = {CoursePage: "course", LessonPage: "lesson"}


def connect() -> None:
    """Connect the receivers; called once, by ``ready()``."""
    page_changes.connect()
    for model in KINDS:
        page_changes.page_changed.connect(_changed, sender=model, dispatch_uid=f"learning.{model.__name__}")
    page_changes.branch_changed.connect(_branch_changed, dispatch_uid="learning.branch")
    user_logged_in.connect(_signed_in, dispatch_uid="learning.signed_in")


def _changed(sender: type[Any], instance: Any, **kwargs: Any) -> None:
    if sender is CoursePage:  # its lessons come and go with it
        _branch_changed(sender, instance.path)
    else:
        changed(KINDS[sender], instance.pk)


def _branch_changed(sender: Any, path: str, **kwargs: Any) -> None:
    for model, kind in KINDS.items():
        for pk in model.objects.filter(path__startswith=path).values_list("pk", flat=True):
            changed(kind, pk)


def _signed_in(sender: Any, request: HttpRequest, user: Any, **kwargs: Any) -> None:
    device = take_device(request) if hasattr(request, "session") else None
    if device is not None:
        claim(device, user.pk)
