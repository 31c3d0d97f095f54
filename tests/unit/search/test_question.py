"""From what was typed to tokens."""

import pytest

from search.engines.base import Clause
from search.queries import LONGEST_QUESTION, Question, required_words


def test_a_question_without_marks_says_nothing_about_how_words_are_written() -> None:
    question = Question("mat ong")
    assert question.words == (Clause("text_folded", "mat", 1.0), Clause("text_folded", "ong", 1.0))
    assert {clause.field for clause in question.extras} == {"text_folded", "title_folded"}


def test_a_question_with_marks_asks_for_words_as_written_too() -> None:
    extras = Question("Mật ong").extras
    assert [clause.token for clause in extras if clause.field == "text_written"] == ["mật", "ong", "mật_ong"]


def test_signs_of_query_languages_are_no_part_of_a_question() -> None:
    question = Question('title:"mật ong"~2 AND -kind:product* OR {!x} [a TO z] /re/ \\')
    tokens = {clause.token for clause in (*question.words, *question.extras)}
    assert all(token.replace("_", "").isalnum() for token in tokens)


def test_only_the_first_two_hundred_characters_count_and_no_word_is_cut() -> None:
    question = Question("đậu đỏ " * 100)
    assert len(question.text) <= LONGEST_QUESTION
    assert set(question.text.split(" ")) == {"đậu", "đỏ"}


@pytest.mark.parametrize("raw", ["", "   ", "\x00", "!!!", "\u200b", "x" * 5000, "😀", "_"])
def test_a_question_without_words_has_none(raw: str) -> None:
    assert Question(raw).words == ()


def test_the_form_keeps_what_was_typed() -> None:
    assert Question("  Mật   ong (rừng)! ").text == "Mật ong (rừng)!"


def test_repeated_words_count_once() -> None:
    assert [word.token for word in Question("ong ong ong Ong").words] == ["ong"]


def test_required_words_by_number_of_words() -> None:
    assert [required_words(count) for count in range(7)] == [0, 1, 2, 2, 3, 3, 3]
