"""`manage.py check` fails on an address that the permission matrix does not know."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.apps.config import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register

from base.access import matrix
from base.access.walk import every_pattern


@register(Tags.urls)
def every_address_has_a_row(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """access.E001 for each URL pattern that is in no row; it would answer 403 to everybody."""
    return [
        Error(
            f"{pattern.route or '/'} ({pattern.view_name}) is not in the permission matrix.",
            hint="Add it to a row in the access.py of its app: matrix.register([matrix.named(...)]).",
            id="access.E001",
        )
        for pattern in every_pattern()
        if matrix.find(pattern.route, pattern.view_name) is None
    ]


@register(Tags.security)
def the_matrix_is_enforced(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """access.E002 when the middleware is missing or stands before the ones that it needs."""
    ours = "base.access.middleware.AccessMiddleware"
    order = list(settings.MIDDLEWARE)
    if ours in order and order.index(ours) > order.index(
        "django.contrib.auth.middleware.AuthenticationMiddleware"
    ):
        return []
    return [
        Error(
            "Nothing enforces the permission matrix.",
            hint=f"Put {ours} into MIDDLEWARE, after AuthenticationMiddleware.",
            id="access.E002",
        )
    ]
