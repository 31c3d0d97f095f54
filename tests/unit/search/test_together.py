"""How much of a question stands in one place of a text."""

import pytest

from search.engines.base import Clause, Group
from search.together import WIDTH, WORTH, factor, share, wanted


def groups(*words: str) -> list[Group]:
    return [tuple(Clause("text_folded", one, 1.0) for one in word.split("|")) for word in words]


FOUR = wanted(groups("giay", "khai", "sinh", "mat"), None)
FAR = " xa" * WIDTH


@pytest.mark.parametrize(
    ("title", "body", "held"),
    [
        ("", "Mất giấy khai sinh thì làm lại ở xã", 1.0),
        ("", f"Mất giấy{FAR} khai sinh", 0.5),
        ("", f"Mất giấy{FAR} khai{FAR} sinh", 0.5),
        ("", f"Giấy giấy giấy giấy{FAR} khai, giấy, sinh", 0.75),
        ("Giấy khai sinh", f"{FAR} mất", 1.0),
        ("Giấy khai sinh", f"giấy khai sinh, giấy khai sinh, giấy khai sinh{FAR} mất", 1.0),
        ("Cây ăn quả", "", 0.0),
        ("", "", 0.0),
    ],
)
def test_the_best_place_counts_each_word_once_beside_the_title(title: str, body: str, held: float) -> None:
    assert share(FOUR, title, body) == pytest.approx(held)


def test_a_place_is_as_wide_as_a_sentence() -> None:
    two = wanted(groups("dau", "cuoi"), None)
    between = " xa" * (WIDTH - 2)
    assert share(two, "", f"đầu{between} cuối") == 1.0
    assert share(two, "", f"đầu{between} xa cuối") == 0.5


def test_what_stands_for_a_word_counts_as_that_word() -> None:
    two = wanted(groups("ngo|bap", "nep"), None)
    assert share(two, "", "bắp nếp") == 1.0
    assert share(two, "", "bắp ngô") == 0.5


def test_a_word_of_the_question_is_itself_before_it_stands_for_another() -> None:
    two = wanted(groups("ngo|bap", "bap"), None)
    assert share(two, "", "ngô bắp") == 1.0


def test_a_question_without_words_is_nowhere() -> None:
    assert share(wanted([], None), "Mật ong", "Mật ong rừng") == 0.0


def test_nothing_is_lost_and_the_whole_question_gains_most() -> None:
    factors = [factor(held / 10) for held in range(11)]
    assert factors == sorted(factors)
    assert factors[0] == 1.0
    assert factors[-1] == 1.0 + WORTH
    assert factors[5] < 1.0 + WORTH / 10
