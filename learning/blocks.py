"""The question block of a lesson: one choice of several, with feedback for each."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.blocks.struct_block import StructBlockValidationError

from media.blocks import shared_blocks


class ChoiceBlock(blocks.StructBlock):
    """One choice; its id in the stored body names it in answers, so that words can be corrected later."""

    text = blocks.CharBlock(label=_("Choice"), max_length=200)
    is_correct = blocks.BooleanBlock(label=_("This is the right one"), required=False)
    feedback = blocks.TextBlock(
        label=_("What we say to somebody who chose it"), required=False, rows=2, max_length=400
    )

    class Meta:
        label = _("Choice")
        icon = "radio-full"


class QuestionBlock(blocks.StructBlock):
    """One-choice question."""

    text = blocks.TextBlock(label=_("Question"), rows=2, max_length=300)
    choices = blocks.ListBlock(ChoiceBlock(), label=_("Choices"), min_num=2, max_num=6)
    explanation = blocks.TextBlock(
        label=_("Explanation"), required=False, rows=3, max_length=600, help_text=_("Shown after the answer.")
    )

    class Meta:
        label = _("Question")
        icon = "help"
        template = "learning/blocks/question.html"

    def clean(self, value: Any) -> Any:
        """Raise StructBlockValidationError unless exactly one choice is marked as right and no two read alike."""
        result = super().clean(value)
        right = sum(1 for choice in result["choices"] if choice["is_correct"])
        if right != 1:
            message = _("Mark exactly one choice as right. Now marked: %(count)d.") % {"count": right}
            raise StructBlockValidationError(block_errors={"choices": ValidationError(message)})
        words = [" ".join(choice["text"].split()).casefold() for choice in result["choices"]]
        if len(set(words)) != len(words):
            raise StructBlockValidationError(
                block_errors={"choices": ValidationError(_("Two choices read the same. Change one of them."))}
            )
        return result


def lesson_blocks() -> list[tuple[str, blocks.Block]]:
    """Return the blocks of a lesson under the names that stored bodies use."""
    return [*shared_blocks(), ("question", QuestionBlock())]
