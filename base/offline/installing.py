"""What a phone needs to put the site among its apps: name, icons, colours, three shortcuts."""

from __future__ import annotations

from typing import Any, Final

from django.conf import settings
from django.templatetags.static import static
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from base.shell.addresses import address

INDIGO: Final = "#2b2f77"  # of shell/site.css
PAPER: Final = "#fffaf3"


def manifest() -> dict[str, Any]:
    """Return the web app manifest in the active language."""
    icon = {"type": "image/png"}
    return {
        "id": "/",
        "name": settings.SITE_NAME,
        "short_name": settings.SITE_NAME,
        "description": _(
            "The digital village market and school: fresh goods from the hills, short lessons, policies in plain words."
        ),
        "lang": get_language(),
        "dir": "ltr",
        "start_url": address("home"),
        "scope": "/",
        "display": "standalone",
        "background_color": PAPER,
        "theme_color": INDIGO,
        "icons": [
            {**icon, "src": static("offline/icon-192.png"), "sizes": "192x192"},
            {**icon, "src": static("offline/icon-512.png"), "sizes": "512x512"},
            {**icon, "src": static("offline/icon-maskable.png"), "sizes": "512x512", "purpose": "maskable"},
        ],
        "shortcuts": [
            {"name": pgettext("navigation", "Sell"), "url": address("sell")},
            {"name": pgettext("navigation", "Learn"), "url": address("learn")},
            {"name": _("Follow an order"), "url": address("follow")},
        ],
    }
