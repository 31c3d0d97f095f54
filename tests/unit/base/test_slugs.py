"""Slugs that people can read aloud and type."""

import pytest

from base.shell.slugs import slugify


@pytest.mark.parametrize(
    ("words", "slug"),
    [
        ("Đậu đỏ Kon Tum", "dau-do-kon-tum"),
        ("Đậu đỏ", "dau-do"),  # decomposed
        ("  Vay vốn — không lãi!  ", "vay-von-khong-lai"),
        ("ƀok Ƀahnar", "bok-bahnar"),
        ("!!!", "muc"),
        ("", "muc"),
    ],
)
def test_slugify_keeps_every_letter_as_a_plain_one(words: str, slug: str) -> None:
    assert slugify(words) == slug


def test_slugify_gives_tai_viet_letters_a_sound() -> None:
    assert slugify("ꪼꪕ ꪒꪾ").replace("-", "").isalpha()
