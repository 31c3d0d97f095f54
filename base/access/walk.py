"""Every URL pattern of the site, for the check and for the test that walks them all."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver


@dataclass(frozen=True, slots=True)
class Pattern:
    """One address: its whole route as Django writes it, its full name, its view."""

    route: str
    view_name: str
    view: Callable[..., Any]


def every_pattern() -> Iterator[Pattern]:
    """Yield all patterns of the root URL configuration, in the order in which they are tried."""
    yield from _below(get_resolver(), "", "")


def _below(resolver: URLResolver, route: str, namespace: str) -> Iterator[Pattern]:
    for entry in resolver.url_patterns:
        whole = route + str(entry.pattern).removeprefix("^")
        if isinstance(entry, URLResolver):
            inner = f"{namespace}{entry.namespace}:" if entry.namespace else namespace
            yield from _below(entry, whole, inner)
        elif isinstance(entry, URLPattern):
            name = f"{namespace}{entry.name}" if entry.name else f"{namespace}{entry.lookup_str}"
            yield Pattern(whole, name, entry.callback)
