"""The QR code in the page: every dark module of the standard's drawing, and no other; nothing that a policy forbids."""

from __future__ import annotations

import re

import qrcode

from marketplace.order.templatetags.order_codes import QUIET, qr

TEXT = "https://lang-so.example/don/ABCD2345/"


def test_drawing_holds_exactly_the_dark_modules() -> None:
    code = qrcode.QRCode(error_correction=qrcode.ERROR_CORRECT_M, border=QUIET)
    code.add_data(TEXT)
    wanted = {(x, y) for y, row in enumerate(code.get_matrix()) for x, is_dark in enumerate(row) if is_dark}

    drawn = {
        (x, int(y))
        for left, y, length in re.findall(r"M(\d+) (\d+)\.5h(\d+)", qr(TEXT, "Mã"))
        for x in range(int(left), int(left) + int(length))
    }

    assert drawn == wanted
    assert len(wanted) > 300


def test_drawing_is_small_escaped_and_without_styles() -> None:
    svg = qr(TEXT, '"><script>')
    assert len(svg) < 6_000
    assert "<script>" not in svg
    assert "style=" not in svg
