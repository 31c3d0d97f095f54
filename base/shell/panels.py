"""What other parts show on the home page (goods, courses): each registers a panel, so that nobody imports a sibling."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest


@dataclass(frozen=True, slots=True)
class Panel:
    """One part of the home page.

    `context` gives what `template` needs, in at most one or two queries; None leaves the panel out. `stamps` are the
    generation stamps of what it shows (base.pagecache), so that the cached home page changes with it.
    """

    name: str
    template: str
    context: Callable[[HttpRequest], dict[str, Any] | None]
    order: int = 100
    stamps: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FilledPanel:
    """A panel with what it shows now, ready for ``{% include %}``."""

    template: str
    context: dict[str, Any]


_panels: dict[str, Panel] = {}


def register(panel: Panel) -> None:
    """Add a panel; called in an app's ``ready()``. Raises ImproperlyConfigured when the name is taken."""
    if panel.name in _panels:
        raise ImproperlyConfigured(f"home panel {panel.name!r} is registered twice")
    _panels[panel.name] = panel


def stamps() -> tuple[str, ...]:
    """The generation stamps of everything that the panels show."""
    return tuple(dict.fromkeys(stamp for panel in _panels.values() for stamp in panel.stamps))


def filled(request: HttpRequest) -> list[FilledPanel]:
    """The panels that have something to show, in their order."""
    found = []
    for panel in sorted(_panels.values(), key=lambda each: (each.order, each.name)):
        context = panel.context(request)
        if context is not None:
            found.append(FilledPanel(panel.template, context))
    return found
