"""What an editor may save as a question."""

from typing import Any

import pytest
from wagtail.blocks.struct_block import StructBlockValidationError

from learning.blocks import QuestionBlock


def _value(*choices: tuple[str, bool]) -> Any:
    items = [{"text": words, "is_correct": right, "feedback": ""} for words, right in choices]
    return QuestionBlock().to_python({"text": "Ảnh nào?", "choices": items, "explanation": ""})


def test_question_with_one_right_choice_is_clean() -> None:
    block = QuestionBlock()
    assert [c["is_correct"] for c in block.clean(_value(("Rõ", True), ("Mờ", False)))["choices"]] == [
        True,
        False,
    ]


@pytest.mark.parametrize(
    "choices",
    [
        (("Rõ", False), ("Mờ", False)),
        (("Rõ", True), ("Mờ", True)),
        (("Rõ", True),),
        (("Rõ", True), (" rõ ", False)),
        (("Rõ", True), ("", False)),
    ],
    ids=["none right", "two right", "only one", "two alike", "empty"],
)
def test_question_refuses(choices: tuple[tuple[str, bool], ...]) -> None:
    with pytest.raises(StructBlockValidationError):
        QuestionBlock().clean(_value(*choices))
