"""From what was typed to words, and what is understood beside them."""

import unicodedata

import pytest

from search.documents import Price
from search.engines.base import Clause
from search.queries import TOLD_APART, WEIGHTS, tokens
from search.question import LONGEST_QUESTION, Question, read
from search.repair import Repair

KINDS = {"course": ("khoa hoc",), "procedure": ("thu tuc",)}


def asked(raw: str) -> list[Clause]:
    question = read(raw)
    nothing: list[tuple[()]] = [()] * len(question.folded)
    found = tokens(question, Repair(nothing))
    return [clause for group in found.groups for clause in group] + [*found.others, *found.extras]


def deciding(question: Question) -> list[str]:
    return [word for place, word in enumerate(question.written) if place not in question.optional]


def test_a_question_without_marks_says_nothing_about_how_words_are_written() -> None:
    assert {clause.field for clause in asked("mat ong")} == {"text_folded", "title_folded", "title_whole"}


def test_a_question_with_marks_asks_for_words_as_written_too() -> None:
    found = [clause.token for clause in asked("Mật ong") if clause.field == "text_written"]
    assert found == ["mật", "ong"]


def test_a_word_that_everybody_writes_so_is_asked_for_once() -> None:
    question = read("Mật ong")
    found = tokens(question, Repair([(), ()]), usual=[1])
    assert [group[0].weight for group in found.groups] == [
        WEIGHTS["text_folded"] * TOLD_APART,
        WEIGHTS["text_folded"],
    ]
    assert [clause.token for clause in found.extras if clause.field == "text_written"] == ["mật"]


def test_a_common_word_of_a_whole_question_is_asked_for_in_one_field_and_in_its_pairs() -> None:
    found = tokens(read("Mật ong"), Repair([(), ()]), common=[0])
    assert [group[0].token for group in found.groups] == ["mat", "ong"]
    assert [clause.token for clause in found.extras if clause.field == "text_written"] == ["ong"]
    titled = [clause.token for clause in found.extras if clause.field == "title_folded"]
    assert titled == ["ong", "_mat_ong", "__mat"]


def test_signs_of_query_languages_are_no_part_of_a_question() -> None:
    found = asked('title:"mật ong"~2 AND -kind:product* OR {!x} [a TO z] /re/ \\')
    assert all(clause.token.replace("_", "").isalnum() for clause in found)


def test_only_the_first_two_hundred_characters_count_and_no_word_is_cut() -> None:
    question = read("đậu đỏ " * 100)
    assert len(question.text) <= LONGEST_QUESTION
    assert set(question.text.split(" ")) == {"đậu", "đỏ"}


@pytest.mark.parametrize("raw", ["", "   ", "\x00", "!!!", "\u200b", "x" * 5000, "😀", "_", "-", '""', "- -"])
def test_a_question_without_words_has_none(raw: str) -> None:
    assert read(raw).written == ()


def test_the_form_keeps_what_was_typed() -> None:
    assert read('  Mật   ong -khô "rừng"! ').text == 'Mật ong -khô "rừng"!'


def test_a_repeated_word_keeps_what_may_stand_for_it_at_each_place() -> None:
    found = tokens(read("ong ong"), Repair([[("ogn", 0.7)], [("onh", 0.7)]]))
    assert [[clause.token for clause in group] for group in found.groups] == [["ong", "ogn", "onh"]]


def test_repeated_words_decide_once() -> None:
    assert [clause.token for clause in asked("ong ong Ong") if clause.field == "text_folded"] == [
        "ong",
        "_ong_ong",
    ]


@pytest.mark.parametrize(
    ("raw", "price", "words"),
    [
        ("mật ong dưới 50k", Price(None, 50_000), ["mật", "ong"]),
        ("mat ong duoi 50.000 dong", Price(None, 50_000), ["mat", "ong"]),
        ("mật ong dưới 50.000₫", Price(None, 50_000), ["mật", "ong"]),
        ("gạo từ 20k đến 50k", Price(20_000, 50_000), ["gạo"]),
        ("rau 20-50k", Price(20_000, 50_000), ["rau"]),
        ("trâu trên 1,5 triệu", Price(1_500_000, None), ["trâu"]),
        ("măng khoảng 100 nghìn", Price(80_000, 120_000), ["măng"]),
        ("mật ong dưới 1tr5", Price(None, 1_500_000), ["mật", "ong"]),
        ("loa dưới 1 triệu rưỡi", Price(None, 1_500_000), ["loa"]),
        ("loa từ 1 triệu 200 nghìn", Price(1_200_000, None), ["loa"]),
        ("loa 1tr2-1tr5", Price(1_200_000, 1_500_000), ["loa"]),
        ("gà dưới 2 trăm nghìn", Price(None, 200_000), ["gà"]),
        ("rau 5 chục nghìn đổ lại", Price(None, 50_000), ["rau"]),
        ("mật ong dưới 150.000", Price(None, 150_000), ["mật", "ong"]),
        ("mật ong dưới 150000 ", Price(None, 150_000), ["mật", "ong"]),
        ("mật ong dưới 150 000đ", Price(None, 150_000), ["mật", "ong"]),
        ("mật ong từ 200k", Price(200_000, None), ["mật", "ong"]),
        ("mat ong tu 200k", Price(200_000, None), ["mat", "ong"]),
        ("gạo từ 50 nghìn trở lên", Price(50_000, None), ["gạo"]),
        ("mật ong 200k trở xuống", Price(None, 200_000), ["mật", "ong"]),
        ("mật ong <200k", Price(None, 200_000), ["mật", "ong"]),
        ("mật ong giá 100k", Price(80_000, 120_000), ["mật", "ong"]),
        ("mật ong giá dưới 100k", Price(None, 100_000), ["mật", "ong"]),
        ("áo giả dưới 100k", Price(None, 100_000), ["áo", "giả"]),
        ("tủ 200k", None, ["tủ", "200k"]),
        ("hòn 200k", None, ["hòn", "200k"]),
        ("sinh từ 1990", None, ["sinh", "từ", "1990"]),
        ("núi trên 2000 m", None, ["núi", "trên", "2000", "m"]),
        ("xã dưới 5000 dân", None, ["xã", "dưới", "5000", "dân"]),
        ("dưới 18 tuổi", None, ["dưới", "18", "tuổi"]),
        ("điều 50 khoản 2", None, ["điều", "50", "khoản", "2"]),
        ("gạo st25 50kg", None, ["gạo", "st25", "50kg"]),
        ("mật ong trên 100k dưới 200k", Price(100_000, 200_000), ["mật", "ong"]),
        ("mật ong dưới 200k, trên 100k", Price(100_000, 200_000), ["mật", "ong"]),
        ("mật ong giá từ 100k, không quá 200k", Price(100_000, 200_000), ["mật", "ong"]),
        ("gà dưới 300k và trên 100k", Price(100_000, 300_000), ["gà"]),
        ("dưới 100k mật ong từ 50k trở lên", Price(50_000, 100_000), ["mật", "ong"]),
        ("gà dưới 300k dưới 100k", Price(None, 300_000), ["gà", "dưới", "100k"]),
        ("gà trên 300k dưới 100k", Price(300_000, None), ["gà", "dưới", "100k"]),
        ("rau từ 50k đến 20k", None, ["rau", "từ", "50k", "đến", "20k"]),
    ],
)
def test_a_price_in_words(raw: str, price: Price | None, words: list[str]) -> None:
    for form in ("NFC", "NFD"):
        question = read(unicodedata.normalize(form, raw))  # type: ignore[arg-type]  # the stub wants literals
        assert (question.price, deciding(question)) == (price, words)


@pytest.mark.parametrize(
    "raw", ["dưới 50k", "gia duoi 50k", "20-50k", "có gì dưới 50k", "hàng dưới 50k", "dưới 50k -rau"]
)
def test_a_price_alone_asks_for_no_word(raw: str) -> None:
    question = read(raw, {"product": ("hang",)})
    found = tokens(question, Repair([()] * len(question.folded)))
    assert question.is_mere_price
    assert (found.groups, found.others, found.extras) == ((), (), ())
    assert not read("rau dưới 50k").is_mere_price


def test_words_in_quotes_stand_side_by_side_and_unwanted_words_are_out() -> None:
    question = read('"mật ong" rừng -khô')
    assert question.required == (
        Clause("text_folded", "_mat_ong", 1.0),
        Clause("text_written", "mật", 1.0),
    )
    assert question.excluded == (Clause("text_written", "khô", 1.0),)
    assert question.written == ("mật", "ong", "rừng")
    assert read("thit -kho").excluded == (Clause("text_folded", "kho", 1.0),)


def test_a_dash_within_or_before_a_number_excludes_nothing() -> None:
    assert read("covid-19 rau -20 a - b").excluded == ()


@pytest.mark.parametrize(
    ("raw", "kind", "words"),
    [
        ("khóa học chụp ảnh", "course", ["chụp", "ảnh"]),
        ("thu tuc khai sinh", "procedure", ["khai", "sinh"]),
        ("khóa học", None, ["khóa", "học"]),
        ("chụp ảnh", None, ["chụp", "ảnh"]),
    ],
)
def test_a_kind_in_words_is_a_wish(raw: str, kind: str | None, words: list[str]) -> None:
    question = read(raw, KINDS)
    assert (question.kind, deciding(question)) == (kind, words)


def test_mere_function_words_do_not_decide_unless_hardly_anything_else_is_there() -> None:
    assert deciding(read("làm giấy khai sinh ở đâu")) == ["giấy", "khai", "sinh"]
    assert deciding(read("lá gì")) == ["lá", "gì"]
