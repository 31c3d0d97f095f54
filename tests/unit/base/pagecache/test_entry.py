"""Which encoding a browser is given."""

from __future__ import annotations

import pytest

from base.pagecache.entry import best_encoding


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [
        ("", ""),
        ("br", "br"),
        ("gzip, br", "br"),
        ("GZIP , BR ; q=1.0", "br"),
        ("gzip;q=1.0, br;q=0.000", "gzip"),
        ("gzip;q=0,br;q=0", ""),
        ("br;q=0.1", "br"),
        ("*", ""),
        ("deflate, zstd", ""),
        (";;;,,q=0", ""),
    ],
)
def test_best_encoding_of_an_accept_encoding_header(accepted: str, encoding: str) -> None:
    assert best_encoding(accepted) == encoding
