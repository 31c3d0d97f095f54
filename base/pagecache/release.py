"""Names the running release, so that pages kept by an older one, with its old file names, are never given."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from django.conf import settings


@cache
def release() -> str:
    """Return a short mark of the collected static files (every style sheet and script has its hash in there)."""
    manifest = Path(settings.STATIC_ROOT or "") / "staticfiles.json"
    try:
        return hashlib.blake2b(manifest.read_bytes(), digest_size=6).hexdigest()
    except OSError:  # nothing collected: development and tests
        return "-"
