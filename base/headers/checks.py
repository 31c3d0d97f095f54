"""System checks: a content security policy that lets inline code in, or a prefix that names no policy, fails."""

from __future__ import annotations

from typing import Any, Final

from django.conf import settings
from django.core.checks import Error, Tags, register

UNSAFE: Final = ("'unsafe-inline'", "'unsafe-eval'", "*", "data:", "http:", "https:")
CODE: Final = ("script-src", "style-src", "default-src", "object-src", "base-uri")


@register(Tags.security)
def check_csp(**kwargs: Any) -> list[Error]:
    """The strict policy stays strict, and every prefix names a policy that exists."""
    directives = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]
    found = [
        Error(
            f"The strict content security policy allows {source} in {name}.",
            hint=f"Take it out of CSP_STRICT in config/settings/base.py; {name} of a third-party admin "
            "belongs in CSP_POLICIES under its own name.",
            id="headers.E001",
        )
        for name in CODE
        for source in directives.get(name, ())
        if source in UNSAFE
    ]
    found += [
        Error(
            f"The strict content security policy has no {name}.",
            hint=f"Add {name!r} to CSP_STRICT in config/settings/base.py.",
            id="headers.E002",
        )
        for name in ("default-src", "base-uri", "form-action", "frame-ancestors")
        if name not in directives
    ]
    return found + [
        Error(
            f"CSP_BY_PREFIX sends {prefix!r} to the policy {name!r}, which does not exist.",
            hint=f"Name one of {', '.join(settings.CSP_POLICIES)}.",
            id="headers.E003",
        )
        for prefix, name in settings.CSP_BY_PREFIX.items()
        if name not in settings.CSP_POLICIES
    ]
