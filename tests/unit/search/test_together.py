"""How much of a question stands in one place of a text."""

import pytest

from search.engines.base import Clause, Group, Row, Signals
from search.ranking import Ranked
from search.together import MOST_READ, WIDTH, WORTH, Shown, factor, first, lifted, share, wanted


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


def test_a_long_question_is_given_as_many_words_as_it_has() -> None:
    words = [f"tu{number}" for number in range(2 * WIDTH)]
    assert share(wanted(groups(*words), None), "", " ".join(words)) == pytest.approx(1.0)


def test_a_pair_may_stand_for_a_word_typed_without_its_space() -> None:
    two = wanted(groups("matong|_mat_ong", "rung"), None)
    assert share(two, "", "mật ong rừng") == 1.0
    assert share(two, "", "ong mật rừng") == 0.5
    assert share(two, "Mật ong", "rừng") == 1.0


def test_one_word_may_stand_for_several() -> None:
    assert share(wanted(groups("trai|dua", "thom|dua", "chin"), None), "", "dứa chín") == 1.0


def test_a_question_without_words_is_nowhere() -> None:
    assert share(wanted([], None), "Mật ong", "Mật ong rừng") == 0.0


def test_nothing_is_lost_and_the_whole_question_gains_most() -> None:
    factors = [factor(held / 10) for held in range(11)]
    assert factors == sorted(factors)
    assert factors[0] == 1.0
    assert factors[-1] == 1.0 + WORTH
    assert factors[5] < 1.0 + WORTH / 10


def rows(number: int) -> list[Ranked]:
    """Return so many rows, each a little worse than the one before; their ties count from 1."""
    return [Ranked(100.0 - place, place + 1, Row(0.0, Signals(), None)) for place in range(number)]


def ties(ranked: list[Ranked]) -> list[int]:
    return [one.tie for one in ranked]


def test_only_the_first_are_read_and_what_is_not_read_stays_behind() -> None:
    ranked = rows(MOST_READ + 3)
    assert ties(first(ranked)) == list(range(1, MOST_READ + 1))
    order = ties(lifted(ranked, {MOST_READ: 1.0}))
    assert order[0] == MOST_READ
    assert order[-3:] == [MOST_READ + 1, MOST_READ + 2, MOST_READ + 3]


@pytest.mark.parametrize("place", [MOST_READ, MOST_READ + 1])
@pytest.mark.parametrize("shown_at", [MOST_READ, MOST_READ + 1])
def test_what_was_shown_last_keeps_its_place_when_it_crosses_the_line(place: int, shown_at: int) -> None:
    """`place`: where the row stands now; `shown_at`: where it stood when the page before was made."""
    ranked = rows(MOST_READ + 10)
    one = ranked[place - 1]
    was_lifted = shown_at <= MOST_READ
    last = Shown(one.score * (factor(1.0) if was_lifted else 1.0), one.tie)
    assert one.tie in ties(first(ranked, last))
    order = ties(lifted(ranked, {one.tie: 1.0}, last))
    assert order.index(one.tie) == (0 if was_lifted else place - 1)
