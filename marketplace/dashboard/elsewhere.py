"""Parts of Oscar's dashboard whose work is done elsewhere.

Their addresses stay, because Oscar's templates reverse them, and lead to an explanation.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from django.contrib.auth.decorators import user_passes_test
from django.http import HttpRequest, HttpResponseBase
from django.urls import URLPattern, URLResolver
from django.utils.functional import Promise

from base.shell import errors


def led_elsewhere(
    patterns: Iterable[URLPattern | URLResolver],
    is_elsewhere: Callable[[str], bool],
    heading: Promise,
    text: Promise,
) -> list[URLPattern | URLResolver]:
    """Return the patterns; those of these names answer 403 with the words."""

    @user_passes_test(lambda user: user.is_staff)
    def explain(request: HttpRequest, **kwargs: object) -> HttpResponseBase:
        return errors.page(request, 403, heading=heading, text=text)

    found = list(patterns)
    for pattern in found:
        if isinstance(pattern, URLPattern) and is_elsewhere(pattern.name or ""):
            pattern.callback = explain
    return found
