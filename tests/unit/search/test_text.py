"""Words as search sees them."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search import text


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("Đậu đỏ", "dau do"),
        ("ĐƯỜNG Lưỡi", "duong luoi"),
        ("Ðắk Lắk", "dak lak"),  # Ð (eth), often typed for Đ
        ("ƀơ̆ng Ê̆a Ŏ", "bong ea o"),
        ("ꪶꪒꪉ", "ꪶꪒꪉ"),
        ("VietGAP 500 ml", "vietgap 500 ml"),
    ],
)
def test_fold_takes_marks_and_bars_away(written: str, folded: str) -> None:
    assert [text.fold(unicodedata.normalize(form, written)) for form in ("NFC", "NFD")] == [folded, folded]


@given(st.text(max_size=80))
def test_fold_of_folded_is_the_same_and_composition_does_not_matter(raw: str) -> None:
    folded = text.fold(raw)
    assert text.fold(folded) == folded
    assert text.fold(unicodedata.normalize("NFD", raw)) == folded


def test_words_are_composed_lower_case_and_without_signs() -> None:
    decomposed = unicodedata.normalize("NFD", "Mật-ong, (bạc hà) 25.000₫!")
    assert text.words(decomposed) == ["mật", "ong", "bạc", "hà", "25", "000"]


def test_words_keep_a_mark_that_has_no_composed_form_on_its_letter() -> None:
    assert text.words("Ê̆a Sô̆p") == ["ê̆a", "sô̆p"]


def test_words_leave_out_control_characters_joiners_halves_and_long_runs() -> None:
    long_run = "a" * (text.LONGEST_WORD + 1)
    assert text.words(f"mật\x00ong \ud800 r\u00adừng\u200b {long_run} _") == ["mật", "ong", "rừng"]


def test_pairs_join_neighbours_with_a_sign_that_no_word_holds() -> None:
    assert text.pairs(["đăng", "ký", "xe"]) == ["_đăng_ký", "_ký_xe"]
    assert text.pairs(["đăng"]) == []
    assert text.words("đăng_ký") == ["đăng", "ký"]


@given(st.text(max_size=60))
def test_words_can_be_joined_by_spaces_and_split_again(raw: str) -> None:
    words = text.words(raw)
    assert " ".join(words).split(" ") == (words or [""])
    assert len(text.fold(" ".join(words)).split(" ")) == max(1, len(words))


@given(st.one_of(st.text(), st.text("aĂđỹ ̣̂ßÿ×÷ǰ09²_.,-–…“”·'\xa0\n\u02bc\u0387")))
def test_what_is_split_at_spaces_alone_has_the_words_that_the_rule_finds(raw: str) -> None:
    found = text._WORD.findall(text.clean(raw).lower())
    assert text.words(raw) == [word for word in found if len(word) <= text.LONGEST_WORD]


@given(st.one_of(st.text(), st.text("a\u0300\u200b\xad\x00\n\x9f\ud800\ufeff\u2060 .")))
def test_a_text_is_clean_whether_or_not_it_looks_so(raw: str) -> None:
    assert text.clean(raw) == text.nfc(text._JOINERS.sub("", text._CONTROL.sub(" ", raw)))
