"""`manage.py check` refuses settings that would open a second door or lose codes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

from django.apps.config import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.utils.module_loading import import_string

MUST_BE: Final = {
    "AUTHENTICATION_BACKENDS": (
        ["allauth.account.auth_backends.AuthenticationBackend"],
        "Any other backend lets Wagtail's, Django admin's and Oscar's login pages in without the second factor.",
    ),
    "ACCOUNT_PHONE_VERIFICATION_SUPPORTS_CHANGE": (
        False,
        "True shows the change form only for a new phone, which tells a stranger which phones have accounts.",
    ),
    "ACCOUNT_EMAIL_VERIFICATION": ("none", "E-mail is optional here and its pages are not mounted."),
}
MIDDLEWARE_IN_ORDER: Final = (
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "base.accounts.middleware.RateLimitedMiddleware",
    "base.access.middleware.AccessMiddleware",
    "base.accounts.second_factor.SecondFactorMiddleware",
)


@register(Tags.security)
def sign_in_has_one_door(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """accounts.E001 for a setting, accounts.E002 for the middleware."""
    return [*_settings(), *_middleware()]


@register(Tags.compatibility)
def messages_have_a_way(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """accounts.E003 when SMS_BACKEND names nothing that could send a message."""
    try:
        is_backend = callable(getattr(import_string(settings.SMS_BACKEND), "send", None))
    except ImportError:
        is_backend = False
    if is_backend:
        return []
    hint = (
        "Name a class with send(message) (base/accounts/sms.py says what it gets), or, for a trial that sends nothing, "
        "base.accounts.sms.LogBackend."
    )
    return [Error(f"SMS_BACKEND {settings.SMS_BACKEND!r} cannot be used.", hint=hint, id="accounts.E003")]


def _settings() -> Iterator[CheckMessage]:
    for name, (wanted, why) in MUST_BE.items():
        if getattr(settings, name, None) != wanted:
            yield Error(f"{name} must be {wanted!r}.", hint=why, id="accounts.E001")


def _middleware() -> Iterator[CheckMessage]:
    have = [each for each in settings.MIDDLEWARE if each in MIDDLEWARE_IN_ORDER]
    if have != list(MIDDLEWARE_IN_ORDER):
        yield Error(
            "The middleware that guards signing in is incomplete or out of order.",
            hint="MIDDLEWARE needs, in this order: " + ", ".join(MIDDLEWARE_IN_ORDER),
            id="accounts.E002",
        )
