"""Where a text matches a question."""

from search.documents import Piece
from search.highlight import EXCERPT_WORDS, Matcher


def drawn(pieces: list[Piece]) -> str:
    return "".join(f"[{piece.text}]" if piece.is_match else piece.text for piece in pieces)


def test_neighbouring_matches_are_one_piece() -> None:
    assert drawn(Matcher(["mat", "ong"]).pieces("Mật ong rừng, ong khoái")) == "[Mật ong] rừng, [ong] khoái"


def test_a_word_typed_with_marks_does_not_light_up_other_marks() -> None:
    assert drawn(Matcher(["mật"]).pieces("Mặt nạ mật, mat")) == "Mặt nạ [mật], [mat]"


def test_pieces_hold_the_whole_text_and_no_markup() -> None:
    hostile = "<script>alert('ong')</script>"
    pieces = Matcher(["ong"]).pieces(hostile)
    assert "".join(piece.text for piece in pieces) == hostile
    assert [piece.text for piece in pieces if piece.is_match] == ["ong"]


def test_excerpt_prefers_a_summary_that_matches() -> None:
    assert drawn(Matcher(["ong"]).excerpt("Nuôi ong", "ong ong")) == "Nuôi [ong]"


def test_excerpt_shows_the_stretch_of_the_body_with_most_words() -> None:
    body = "ong " + "x " * 100 + "vay vốn nuôi ong nội " + "y " * 100
    excerpt = drawn(Matcher(["vay", "von", "ong"]).excerpt("Tóm tắt", body))
    assert excerpt.startswith("… x x")
    assert "[vay vốn] nuôi [ong] nội" in excerpt
    assert excerpt.endswith("y …")
    assert len(excerpt.split()) == EXCERPT_WORDS + 2


def test_excerpt_falls_back_to_the_summary() -> None:
    assert drawn(Matcher(["cá"]).excerpt("Tóm tắt", "không có gì")) == "Tóm tắt"
    assert drawn(Matcher([]).excerpt("", "")) == ""
