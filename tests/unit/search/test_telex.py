"""What Telex and VNI keys leave behind."""

import pytest

from search.telex import untyped


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("ddaauj", "dau"), ("maatj", "mat"), ("tieengs", "tieng"), ("tieesng", "tieng"), ("dduwowngf", "duong"),
        ("nuwowcs", "nuoc"), ("mawng", "mang"), ("saawns", "san"), ("d9at65", "dat"), ("duong72", "duong"),
        ("duong", "duong"), ("truong", "truong"), ("xoi", "xoi"), ("đậu", "đậu"), ("500", "500"),
    ],
)  # fmt: skip
def test_keys_are_read(typed: str, meant: str) -> None:
    assert untyped(typed) == meant
