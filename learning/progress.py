"""Answers and progress: what was chosen, judged at once; and which lessons are done.

An answer goes by learner, question and number of the attempt, so a form that arrives twice counts once. A lesson is
done when each of its questions has an answer, right or wrong: the feedback teaches, and nobody is held back.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from learning.claims import hold
from learning.enrolment import enrol
from learning.learners import Learner
from learning.models import Answer, Attempt, CoursePage, LessonPage, LessonProgress
from learning.parts import Given, Question, questions_of


@dataclass(frozen=True, slots=True)
class Pick:
    """What a form says about one question; `number` is that of the attempt it was made for (1 on a public page)."""

    choice_id: uuid.UUID
    number: int = 1


@dataclass(frozen=True, slots=True)
class Recorded:
    """What came of a form: how many answers were new, and whether one was for something no longer in the lesson."""

    learner: Learner
    new_answers: int
    has_unknown: bool
    unanswered: int

    @property
    def is_complete(self) -> bool:
        """Whether the lesson is done."""
        return self.unanswered == 0


@transaction.atomic
def record(
    learner: Learner, lesson: LessonPage, picks: Mapping[uuid.UUID, Pick], *, is_finishing: bool = False
) -> Recorded:
    """Store the answers and the progress that follows. Repeating it changes nothing.

    A lesson without questions is done when the learner says so (`is_finishing`). Choices that an editor has taken out
    since are not stored.
    """
    now = timezone.now()
    learner = hold(learner)
    questions = questions_of(lesson)
    given = latest_answers(learner, lesson)
    new_answers, has_unknown = 0, False
    for question_id, pick in picks.items():
        question = questions.get(question_id)
        if question is None or question.choice(pick.choice_id) is None:
            has_unknown = True
        elif not _is_repeat(given.get(question_id), pick):
            given[question_id] = _store(learner, lesson, question, pick, given.get(question_id), now)
            new_answers += 1
    unanswered = sum(1 for question in questions if question not in given)
    is_done = unanswered == 0 and (is_finishing or bool(questions))
    if new_answers or is_done:
        _advance(learner, lesson, now, is_done=is_done)
    return Recorded(learner, new_answers, has_unknown, unanswered)


def latest_answers(learner: Learner, lesson: LessonPage) -> dict[uuid.UUID, Given]:
    """Return the learner's last answer to each question, also to questions that are no longer there. One query."""
    rows = (
        Answer.objects.filter(attempt__in=Attempt.objects.of(learner).filter(lesson_id=lesson.pk))
        .order_by("attempt__number")
        .values_list("question", "choice", "attempt__number")
    )
    return {question: Given(choice, number) for question, choice, number in rows}


def is_complete(learner: Learner, lesson: LessonPage) -> bool:
    """Whether the learner has done this lesson. One query."""
    return LessonProgress.objects.of(learner).filter(lesson_id=lesson.pk, completed_at__isnull=False).exists()


def _is_repeat(last: Given | None, pick: Pick) -> bool:
    """The same form again. From a cached page every form says number 1, so the last answer is what tells."""
    return last is not None and last.number >= pick.number and last.choice_id == pick.choice_id


def _store(
    learner: Learner, lesson: LessonPage, question: Question, pick: Pick, last: Given | None, now: datetime
) -> Given:
    number = max(pick.number, last.number + 1 if last else 1)
    attempt, _created = Attempt.objects.get_or_create(
        **learner.as_fields(), lesson_id=lesson.pk, number=number, defaults={"begun_at": now}
    )
    choice = question.choice(pick.choice_id)
    Answer.objects.create(
        attempt=attempt,
        question=question.id,
        choice=pick.choice_id,
        is_correct=choice is not None and choice.is_correct,
        answered_at=now,
    )
    return Given(pick.choice_id, number)


def _advance(learner: Learner, lesson: LessonPage, now: datetime, *, is_done: bool) -> None:
    course = CoursePage.objects.only("pk").get(path=lesson.path[: -lesson.steplen])
    enrol(learner, course.pk, now)
    row, _created = LessonProgress.objects.get_or_create(
        **learner.as_fields(), lesson_id=lesson.pk, defaults={"begun_at": now}
    )
    if is_done and row.completed_at is None:
        row.completed_at = now
        row.save(update_fields=["completed_at"])
