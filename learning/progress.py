"""Answers and progress: what was chosen, judged at once; and which lessons are done.

An answer in a form goes by learner, question and number of the attempt, so a form that arrives twice counts once; what
a phone kept without a network goes by the id that it made. Every answer stays, and the one given last is shown, in
whatever order they arrive. A lesson is done when each of its questions has an answer, right or wrong: the feedback
teaches, and nobody is held back.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from django.db import transaction
from django.db.models import BigIntegerField, CharField, F, QuerySet
from django.utils import timezone
from wagtail.models import Page

from base.prepared import Param, prepared
from learning.claims import hold
from learning.enrolment import enrol
from learning.learners import Learner
from learning.models import Answer, Attempt, CoursePage, LessonProgress
from learning.parts import Choice, Given, Question, questions_of


class Lesson(Protocol):
    """A LessonPage, or what is needed of one."""

    @property
    def pk(self) -> Any: ...

    @property
    def path(self) -> str: ...

    @property
    def body(self) -> Any: ...


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


@dataclass(frozen=True, slots=True)
class _Known:
    """A choice that the lesson has."""

    question_id: uuid.UUID
    choice: Choice


@transaction.atomic
def record(
    learner: Learner, lesson: Lesson, picks: Mapping[uuid.UUID, Pick], *, is_finishing: bool = False
) -> Recorded:
    """Store the answers of a form and the progress that follows. Repeating it changes nothing.

    A lesson without questions is done when the learner says so (`is_finishing`). Choices that an editor has taken out
    since are not stored.
    """
    now = timezone.now()
    learner = hold(learner)
    given = latest_answers(learner, lesson)
    questions = questions_of(lesson)
    known = _known(questions, {question_id: pick.choice_id for question_id, pick in picks.items()})
    new = {
        question_id: pick.number
        for question_id, pick in picks.items()
        if question_id in known and not _is_repeat(given.get(question_id), pick)
    }
    numbers = {number for number, client_id in _attempts(learner, lesson) if client_id} if new else set()
    for question_id, asked in new.items():
        last = given.get(question_id)
        number = max(asked, last.number + 1 if last else 1)
        while number in numbers:
            number += 1
        attempt, _created = Attempt.objects.get_or_create(
            **learner.as_fields(), lesson_id=lesson.pk, number=number, defaults={"begun_at": now}
        )
        _store(attempt, [known[question_id]], now)
    is_whole = len(known) == len(picks)
    return _recorded(learner, lesson, questions, len(new), not is_whole, now, is_finishing=is_finishing)


@transaction.atomic(savepoint=False)
def record_sent(
    learner: Learner,
    lesson: Lesson,
    entry_id: uuid.UUID,
    choices: Mapping[uuid.UUID, uuid.UUID],
    made_at: datetime,
    *,
    is_finishing: bool = False,
) -> Recorded:
    """Store what a phone kept: `choices` by question, an attempt of their own as of `made_at`. Again changes nothing.

    The final state is the same in whatever order such attempts arrive.
    """
    learner = hold(learner)
    attempts = _attempts(learner, lesson)
    questions = questions_of(lesson)
    known = _known(questions, choices)
    is_new = all(client_id != entry_id for _number, client_id in attempts)
    if is_new and known:
        attempt = Attempt.objects.create(
            **learner.as_fields(),
            lesson_id=lesson.pk,
            number=max((number for number, _client_id in attempts), default=0) + 1,
            client_id=entry_id,
            begun_at=made_at,
        )
        _store(attempt, known.values(), made_at)
    return _recorded(
        learner,
        lesson,
        questions,
        len(known) if is_new else 0,
        len(known) < len(choices),
        made_at,
        is_finishing=is_finishing,
    )


def latest_answers(learner: Learner, lesson: Lesson) -> dict[uuid.UUID, Given]:
    """Return the learner's last answer to each question, also to questions that are no longer there. One query.

    Last by the time at which it was given; its `number` is the highest of all answers to that question.
    """
    found: dict[uuid.UUID, Given] = {}
    for question, choice, number, _moment in _answers(learner, lesson):
        before = found.get(question)
        found[question] = Given(choice, max(number, before.number if before else 0))
    return found


def is_complete(learner: Learner, lesson: Lesson) -> bool:
    """Whether the learner has done this lesson. One query."""
    return LessonProgress.objects.of(learner).filter(lesson_id=lesson.pk, completed_at__isnull=False).exists()


def _is_repeat(last: Given | None, pick: Pick) -> bool:
    """The same form again. From a cached page every form says number 1, so the last answer is what tells."""
    return last is not None and last.number >= pick.number and last.choice_id == pick.choice_id


def _known(
    questions: Mapping[uuid.UUID, Question], choices: Mapping[uuid.UUID, uuid.UUID]
) -> dict[uuid.UUID, _Known]:
    """Return those choices that the lesson still has, with their questions."""
    found = {}
    for question_id, choice_id in choices.items():
        question = questions.get(question_id)
        choice = question.choice(choice_id) if question else None
        if choice is not None:
            found[question_id] = _Known(question_id, choice)
    return found


def _answers(learner: Learner, lesson: Lesson) -> Sequence[Sequence[Any]]:
    """Return (question, choice, number, moment) of every answer, in the order in which they were given."""
    return _answers_of_one(learner.user_id is not None).rows(**learner.as_params(), lesson=lesson.pk)


@prepared
def _answers_of_one(is_account: bool) -> QuerySet[Answer, Any]:
    attempts = Attempt.objects.of_one(is_account).filter(lesson_id=Param("lesson", BigIntegerField()))
    return (
        Answer.objects.filter(attempt__in=attempts)
        .order_by("answered_at", F("attempt__client_id").asc(nulls_first=True), "attempt__number")
        .values_list("question", "choice", "attempt__number", "answered_at")
    )


def _attempts(learner: Learner, lesson: Lesson) -> Sequence[Sequence[Any]]:
    """Return (number, client_id) of every attempt at the lesson; those with an id came whole from a phone."""
    return _attempts_of_one(learner.user_id is not None).rows(**learner.as_params(), lesson=lesson.pk)


@prepared
def _attempts_of_one(is_account: bool) -> QuerySet[Any, Any]:
    attempts = Attempt.objects.of_one(is_account).filter(lesson_id=Param("lesson", BigIntegerField()))
    return attempts.values_list("number", "client_id")


def _store(attempt: Attempt, given: Iterable[_Known], moment: datetime) -> None:
    Answer.objects.bulk_create(
        Answer(
            attempt=attempt,
            question=one.question_id,
            choice=one.choice.id,
            is_correct=one.choice.is_correct,
            answered_at=moment,
        )
        for one in given
    )


def _recorded(
    learner: Learner,
    lesson: Lesson,
    questions: Mapping[uuid.UUID, Question],
    new_answers: int,
    has_unknown: bool,
    moment: datetime,
    *,
    is_finishing: bool,
) -> Recorded:
    """Bring the progress up to date with all answers there are."""
    first_given: dict[uuid.UUID, datetime] = {}
    for question, _choice, _number, given_at in _answers(learner, lesson):
        first_given.setdefault(question, given_at)
    unanswered = sum(1 for question in questions if question not in first_given)
    done_at = None
    if unanswered == 0 and (is_finishing or questions):
        done_at = max((first_given[question] for question in questions), default=moment)
    if new_answers or done_at:
        _advance(learner, lesson, moment, done_at)
    return Recorded(learner, new_answers, has_unknown, unanswered)


def _advance(learner: Learner, lesson: Lesson, moment: datetime, done_at: datetime | None) -> None:
    """Note that something was done at `moment`; a lesson that is done stays done, since the earliest time known."""
    ((course_pk,),) = _course().rows(path=lesson.path[: -Page.steplen])
    enrol(learner, course_pk, moment)
    rows = _progress(learner.user_id is not None).rows(**learner.as_params(), lesson=lesson.pk)
    if not rows:
        LessonProgress.objects.create(
            **learner.as_fields(), lesson_id=lesson.pk, begun_at=moment, completed_at=done_at
        )
        return
    pk, *before = rows[0]
    begun_at, completed_at = before
    first_done = min((one for one in (completed_at, done_at) if one is not None), default=None)
    after = [min(begun_at, moment), first_done]
    if after != before:
        LessonProgress.objects.filter(pk=pk).update(begun_at=after[0], completed_at=first_done)


@prepared
def _course() -> QuerySet[CoursePage, Any]:
    return CoursePage.objects.filter(path=Param("path", CharField())).order_by().values_list("pk")


@prepared
def _progress(is_account: bool) -> QuerySet[Any, Any]:
    found = LessonProgress.objects.of_one(is_account).filter(lesson_id=Param("lesson", BigIntegerField()))
    return found.values_list("pk", "begun_at", "completed_at")
