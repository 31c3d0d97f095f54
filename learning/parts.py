"""A lesson's body as its pages show it: ready-made blocks, and questions with what one learner answered."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from learning.models import LessonPage


class HasBody(Protocol):
    """A LessonPage, or what is needed of one."""

    @property
    def body(self) -> Any: ...


@dataclass(frozen=True, slots=True)
class Choice:
    """One choice of a question."""

    id: uuid.UUID
    text: str
    is_correct: bool
    feedback: str

    @property
    def advice(self) -> str:
        """What the editor says to it, without the verdict that the page says before it."""
        verdict = _("Right.") if self.is_correct else _("Not quite.")
        return self.feedback.removeprefix(verdict).lstrip()


@dataclass(frozen=True, slots=True)
class Question:
    """A question as it stands in the lesson now."""

    id: uuid.UUID
    text: str
    explanation: str
    choices: Sequence[Choice]

    def choice(self, choice_id: uuid.UUID) -> Choice | None:
        """The choice with this id; None when an editor has taken it out."""
        return next((choice for choice in self.choices if choice.id == choice_id), None)


@dataclass(frozen=True, slots=True)
class Given:
    """The latest answer of a learner to a question."""

    choice_id: uuid.UUID
    number: int


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a lesson: `block` to include, or `question` with the choice `given`, if any."""

    block: Any = None
    question: Question | None = None
    given: Choice | None = None
    next_number: int = 1

    @property
    def is_solved(self) -> bool:
        """Whether the learner has chosen the right one."""
        return self.given is not None and self.given.is_correct


def questions_of(lesson: HasBody) -> dict[uuid.UUID, Question]:
    """Return the questions of a lesson by id, in order. No query: other blocks (photos) are not touched."""
    return {question.id: question for _index, question in _questions(lesson)}


def lesson_parts(lesson: LessonPage, given: Mapping[uuid.UUID, Given] | None = None) -> list[Part]:
    """Return the body in order. An answer whose choice is gone counts as not given; its number is still used up."""
    questions = dict(_questions(lesson))
    parts = []
    for index in range(len(lesson.body)):
        question = questions.get(index)
        if question is None:
            parts.append(Part(block=lesson.body[index]))
            continue
        last = (given or {}).get(question.id)
        chosen = question.choice(last.choice_id) if last else None
        parts.append(Part(question=question, given=chosen, next_number=last.number + 1 if last else 1))
    return parts


def _questions(lesson: HasBody) -> Iterator[tuple[int, Question]]:
    """Yield the place of each question in the body, and the question."""
    for index, raw in enumerate(lesson.body.raw_data):
        if raw["type"] != "question":
            continue
        child = lesson.body[index]
        yield (
            index,
            Question(
                id=_as_uuid(child.id),
                text=child.value["text"],
                explanation=child.value["explanation"] or "",
                choices=tuple(_choice(bound) for bound in child.value["choices"].bound_blocks),
            ),
        )


def _choice(bound: Any) -> Choice:
    value = bound.value
    return Choice(_as_uuid(bound.id), value["text"], bool(value["is_correct"]), value["feedback"] or "")


def _as_uuid(raw: Any) -> uuid.UUID:
    """The id of a block; a block that was never saved (a preview) gets one that nobody can answer to."""
    try:
        return uuid.UUID(str(raw))
    except ValueError:
        return uuid.uuid4()
