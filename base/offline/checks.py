"""System checks: a signing key that signs nothing fails `check`."""

from __future__ import annotations

from typing import Any

from django.core.checks import Error, Tags, register

from base.offline.signing import BadKey, seed


@register(Tags.security)
def check_signing_key(**kwargs: Any) -> list[Error]:
    """offline.E001 when PACK_SIGNING_KEY is not 32 bytes in base64."""
    try:
        seed()
    except BadKey as error:
        hint = (
            "Unset it (a key is made from SECRET_KEY) or set 32 random bytes in base64: "
            'python -c "import base64, secrets; print(base64.b64encode(secrets.token_bytes(32)).decode())"'
        )
        return [Error(f"PACK_SIGNING_KEY cannot be used: {error}.", hint=hint, id="offline.E001")]
    return []
