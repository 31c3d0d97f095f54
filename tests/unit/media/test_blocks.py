"""Plain sample text becomes rich text that nothing can break out of."""

import pytest

from media.blocks import as_html, inline_html


@pytest.mark.parametrize(
    ("plain", "html"),
    [
        ("Một dòng\nvẫn đoạn ấy.", "<p>Một dòng vẫn đoạn ấy.</p>"),
        ("Một.\n\nHai.", "<p>Một.</p><p>Hai.</p>"),
        ("**Đậm** thường", "<p><b>Đậm</b> thường</p>"),
        ("- a\n- b", "<ul><li>a</li><li>b</li></ul>"),
        ("Cần:\n- a\n- b\nXong.", "<p>Cần:</p><ul><li>a</li><li>b</li></ul><p>Xong.</p>"),
        ("- dài\n  tiếp", "<ul><li>dài tiếp</li></ul>"),
        ("## Mục", "<h2>Mục</h2>"),
        ("", ""),
    ],
)
def test_as_html_keeps_paragraphs_lists_and_bold(plain: str, html: str) -> None:
    assert as_html(plain) == html


def test_inline_html_escapes_and_leaves_an_odd_pair_of_stars() -> None:
    assert inline_html("<b>**x") == "&lt;b&gt;**x"
