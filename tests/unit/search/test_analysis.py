"""What both engines index of a document."""

from search.analysis import EXCERPT_LENGTH, Analysed, analyse, boost
from search.documents import APART, SearchDocument


def test_analyse_gives_words_and_pairs_folded_and_words_as_written() -> None:
    document = SearchDocument("product", 1, title="Đậu đỏ", body="Hạt\nto")
    assert analyse(document) == Analysed(
        title="Đậu đỏ",
        excerpt="Hạt to",
        title_folded="__dau dau do _dau_do",
        text_folded="dau do _dau_do hat to _hat_to",
        text_written="đậu đỏ hạt to",
        title_whole="dau_do",
        title_tails="dau_do do",
    )


def test_no_pair_crosses_what_stands_apart() -> None:
    found = analyse(SearchDocument("product", 1, "Khăn", f"Giặt riêng lần đầu{APART}Đồ thủ công"))
    assert "_lan_dau" in found.text_folded.split()
    assert "_dau_do" not in found.text_folded.split()
    assert "_do_thu" in found.text_folded.split()
    assert found.text_written == "khăn giặt riêng lần đầu đồ thủ công"


def test_analyse_of_a_document_without_words_is_empty() -> None:
    fields = analyse(SearchDocument("product", 1, title="!", body=""))
    assert (fields.title_folded, fields.text_folded.strip(), fields.text_written.strip()) == ("", "", "")


def test_the_excerpt_is_cut_between_words() -> None:
    excerpt = analyse(SearchDocument("policy", 1, title="", body="nuôi ong\n" * EXCERPT_LENGTH)).excerpt
    assert len(excerpt) <= EXCERPT_LENGTH
    assert set(excerpt.split(" ")) == {"nuôi", "ong"}


def test_boost_stays_within_what_engines_store() -> None:
    boosts = [boost(SearchDocument("product", 1, "", boost=given)) for given in (-1, 0, 0.5, 1, 1000)]
    assert boosts == [0.125, 0.125, 0.5, 1, 8]
