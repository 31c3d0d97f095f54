"""Limits of orders that would let nobody order fail `manage.py check`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from django.conf import settings
from django.core.checks import CheckMessage, Error, register

LIMITS: Final = ("ORDERS_PER_ADDRESS_AN_HOUR", "ORDERS_PER_PHONE_A_DAY")


@register
def order_limits(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[CheckMessage]:
    """checkout.E001 for a limit that is no whole number from 1 up."""
    return [
        Error(
            f"{name} must be a whole number, 1 or more; it is {getattr(settings, name, None)!r}.",
            hint=f"Set {name} in the environment, or leave it out for the default (docs/operations.md).",
            id="checkout.E001",
        )
        for name in LIMITS
        if type(getattr(settings, name, None)) is not int or getattr(settings, name) < 1
    ]
