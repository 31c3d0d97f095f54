"""Django checks: wrong search settings fail `manage.py check` and say what to do."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register


def check_elasticsearch_url(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """ELASTICSEARCH_URL is empty or an http(s) address with a host. Whether it answers is no matter of settings."""
    url = str(getattr(settings, "ELASTICSEARCH_URL", "") or "")
    if not url or _is_http_address(url):
        return []
    return [
        Error(
            "ELASTICSEARCH_URL is not an http or https address.",
            hint="Write it as http://127.0.0.1:9200, or leave it empty to search with the embedded index.",
            id="site_search.E001",
        )
    ]


def check_index_dir(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """SEARCH_INDEX_DIR is a folder that this process can write, or can make."""
    raw = getattr(settings, "SEARCH_INDEX_DIR", None)
    if not raw:
        return [
            Error(
                "SEARCH_INDEX_DIR is not set.",
                hint="Set it to a folder on a local disk, for example var/index.",
                id="site_search.E002",
            )
        ]
    path = Path(raw)
    nearest = next(folder for folder in (path, *path.absolute().parents) if folder.exists())
    if nearest.is_dir() and os.access(nearest, os.W_OK | os.X_OK):
        return []
    return [
        Error(
            f"SEARCH_INDEX_DIR {path} cannot be written: {nearest} is no folder this user may write in.",
            hint=f"Give the user that runs the site that right (chown, chmod u+rwx {nearest}), or set another folder.",
            id="site_search.E003",
        )
    ]


def register_checks() -> None:
    """Tell Django about the checks."""
    register(check_elasticsearch_url, Tags.compatibility)
    register(check_index_dir, Tags.files)


def _is_http_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:  # a port that is no number
        return False
