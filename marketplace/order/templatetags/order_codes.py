"""The code of an order as a picture for the camera at the pickup point. `{% load order_codes %}`."""

from __future__ import annotations

from functools import lru_cache
from itertools import groupby
from typing import TYPE_CHECKING, Final

import qrcode
from django import template
from django.conf import settings
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

if TYPE_CHECKING:
    from marketplace.order.models import Order

register = template.Library()
QUIET: Final = 4  # light modules around it, as the standard asks
WIDTH_PX: Final = 200


@register.simple_tag
def order_qr(order: Order, label: str) -> SafeString:
    """A QR code with the order's address (a camera outside this site opens it), drawn in the page: nothing to load."""
    return qr(settings.SITE_BASE_URL + order.get_absolute_url(), label)


@lru_cache(maxsize=256)
def qr(text: str, label: str) -> SafeString:
    """The text as an inline SVG of WIDTH_PX, dark on white whatever the page's colours."""
    code = qrcode.QRCode(error_correction=qrcode.ERROR_CORRECT_M, border=0)
    code.add_data(text)
    code.make(fit=True)
    rows = code.get_matrix()
    side = len(rows) + 2 * QUIET
    strokes = "".join(_row(row, top + QUIET) for top, row in enumerate(rows))
    return format_html(
        '<svg width="{0}" height="{0}" viewBox="0 0 {1} {1}" role="img" aria-label="{2}" shape-rendering="crispEdges">'
        '<path fill="#fff" d="M0 0h{1}v{1}H0z"/><path stroke="#000" d="{3}"/></svg>',
        WIDTH_PX,
        side,
        label,
        mark_safe(strokes),  # numbers and letters of ours
    )


def _row(row: list[bool], top: int) -> str:
    """The dark stretches of a row as path data."""
    left, found = QUIET, []
    for is_dark, stretch in groupby(row):
        length = len(list(stretch))
        if is_dark:
            found.append(f"M{left} {top}.5h{length}")
        left += length
    return "".join(found)
