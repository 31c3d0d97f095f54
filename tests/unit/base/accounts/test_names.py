"""Names in Vietnamese order, however the keyboard composes them."""

import unicodedata

import pytest

from base.accounts.names import clean, split


@pytest.mark.parametrize(
    ("whole", "parts"),
    [
        ("Lò Thị Mai", ("Lò Thị", "Mai")),
        ("  Đinh   Văn Đức ", ("Đinh Văn", "Đức")),
        ("Mai", ("", "Mai")),
        ("", ("", "")),
        ("Y Ƀok Êban Ŏng", ("Y Ƀok Êban", "Ŏng")),
    ],
)
def test_split(whole: str, parts: tuple[str, str]) -> None:
    assert split(whole) == parts
    assert split(unicodedata.normalize("NFD", whole)) == tuple(unicodedata.normalize("NFC", p) for p in parts)


def test_clean_composes() -> None:
    assert clean(unicodedata.normalize("NFD", "Nguyễn Thị Huế")) == "Nguyễn Thị Huế"
