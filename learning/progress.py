"""Answers and progress: what was chosen, judged at once; and which lessons are done.

An answer in a form goes by learner, question and number of the attempt, so a form that arrives twice counts once; what
a phone kept without a network goes by the id that it made. Every answer stays, and the one given last is shown, in
whatever order they arrive. A lesson is done when each of its questions has an answer, right or wrong: the feedback
teaches, and nobody is held back.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from django.db import transaction
from django.db.models import BigIntegerField, Count, F, Max, Min, Q, QuerySet, UUIDField
from django.utils import timezone
from wagtail.models import Page

from base.prepared import Param, prepared
from learning.claims import hold
from learning.enrolment import enrol
from learning.learners import Learner
from learning.models import Answer, Attempt, LessonProgress
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


@dataclass(slots=True)
class _Before:
    """When each question of a lesson was first answered, and when any was first and last."""

    first: dict[uuid.UUID, datetime] = field(default_factory=dict)
    begun_at: datetime | None = None
    seen_at: datetime | None = None

    def note(self, question_id: uuid.UUID, first: datetime, last: datetime) -> None:
        """Count answers in."""
        self.first[question_id] = min(first, self.first.get(question_id, first))
        self.begun_at = min(first, self.begun_at or first)
        self.seen_at = max(last, self.seen_at or last)


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
    history = _history(learner, lesson)
    given = _latest(history)
    questions = questions_of(lesson)
    known = _known(questions, {question_id: pick.choice_id for question_id, pick in picks.items()})
    new = {
        question_id: pick.number
        for question_id, pick in picks.items()
        if question_id in known and not _is_repeat(given.get(question_id), pick)
    }
    numbers = {number for *_answer, number, client_id in history if client_id}  # nothing is added to those
    for question_id, asked in new.items():
        last = given.get(question_id)
        number = max(asked, last.number + 1 if last else 1)
        while number in numbers:
            number += 1
        attempt, _created = Attempt.objects.get_or_create(
            **learner.as_fields(), lesson_id=lesson.pk, number=number, defaults={"begun_at": now}
        )
        _store(attempt, [known[question_id]], now)
    before = _Before()
    for question_id, _choice, given_at, *_attempt in history:
        before.note(question_id, given_at, given_at)
    unanswered = _advance(learner, lesson, questions, before, new, now, is_finishing=is_finishing)
    return Recorded(learner, len(new), len(known) < len(picks), unanswered)


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

    The final state is the same in whatever order such attempts arrive. For who holds the learner, in a transaction.
    """
    before, last_number, is_repeat = _before_entry(learner, lesson, entry_id)
    questions = questions_of(lesson)
    known = _known(questions, choices)
    new = {} if is_repeat else known
    if new:
        attempt = Attempt.objects.create(
            **learner.as_fields(),
            lesson_id=lesson.pk,
            number=last_number + 1,
            client_id=entry_id,
            begun_at=made_at,
        )
        _store(attempt, new.values(), made_at)
    unanswered = _advance(learner, lesson, questions, before, new, made_at, is_finishing=is_finishing)
    return Recorded(learner, len(new), len(known) < len(choices) and not is_repeat, unanswered)


def latest_answers(learner: Learner, lesson: Lesson) -> dict[uuid.UUID, Given]:
    """Return the learner's last answer to each question, also to questions that are no longer there. One query.

    Last by the time at which it was given; its `number` is the highest of all answers to that question.
    """
    return _latest(_history(learner, lesson))


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


def _history(learner: Learner, lesson: Lesson) -> Sequence[Sequence[Any]]:
    """Return (question, choice, moment, number, client_id) of every answer, in the order in which they were given."""
    return _history_of_one(learner.user_id is not None).rows(**learner.as_params(), lesson=lesson.pk)


@prepared
def _history_of_one(is_account: bool) -> QuerySet[Any, Any]:
    attempts = Attempt.objects.of_one(is_account).filter(
        lesson_id=Param("lesson", BigIntegerField()), answers__isnull=False
    )
    in_time = ("answers__answered_at", F("client_id").asc(nulls_first=True), "number")
    return attempts.order_by(*in_time).values_list(
        "answers__question", "answers__choice", "answers__answered_at", "number", "client_id"
    )


def _latest(history: Sequence[Sequence[Any]]) -> dict[uuid.UUID, Given]:
    found: dict[uuid.UUID, Given] = {}
    for question, choice, _moment, number, _client_id in history:
        before = found.get(question)
        found[question] = Given(choice, max(number, before.number if before else 0))
    return found


def _before_entry(learner: Learner, lesson: Lesson, entry_id: uuid.UUID) -> tuple[_Before, int, bool]:
    """Return what was given before, the highest number of an attempt, and whether this very entry is among them.

    A row for each question, however often it was answered.
    """
    read = _before_one(learner.user_id is not None)
    before, last_number, is_repeat = _Before(), 0, False
    for question_id, first, last, number, times in read.rows(
        **learner.as_params(), lesson=lesson.pk, entry=entry_id
    ):
        before.note(question_id, first, last)
        last_number, is_repeat = max(last_number, number), is_repeat or times > 0
    return before, last_number, is_repeat


@prepared
def _before_one(is_account: bool) -> QuerySet[Any, Any]:
    attempts = Attempt.objects.of_one(is_account).filter(
        lesson_id=Param("lesson", BigIntegerField()), answers__isnull=False
    )
    moment = "answers__answered_at"
    this_one = Count("pk", filter=Q(client_id=Param("entry", UUIDField())))
    by_question = attempts.order_by().values("answers__question")
    return by_question.annotate(
        first=Min(moment), last=Max(moment), highest=Max("number"), times=this_one
    ).values_list("answers__question", "first", "last", "highest", "times")


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


def _advance(
    learner: Learner,
    lesson: Lesson,
    questions: Mapping[uuid.UUID, Question],
    before: _Before,
    new: Collection[uuid.UUID],
    moment: datetime,
    *,
    is_finishing: bool,
) -> int:
    """Bring enrolment and progress up to date; returns how many questions are open.

    A lesson that is done stays done, since the earliest time known.
    """
    answered_at = before.first | {
        question: min(before.first.get(question, moment), moment) for question in new
    }
    unanswered = sum(1 for question in questions if question not in answered_at)
    done_at = None
    if unanswered == 0 and (is_finishing or questions):
        done_at = max((answered_at[question] for question in questions), default=moment)
    if not new and done_at is None:
        return unanswered
    # What was noted with earlier answers of this lesson is read again only where this may change it.
    begun_at, seen_at = before.begun_at, before.seen_at
    if begun_at is None or seen_at is None or not begun_at <= moment <= seen_at:
        enrol(learner, lesson.path[: -Page.steplen], moment)
    if begun_at is None or moment < begun_at or done_at is not None:
        _note(learner, lesson, moment, done_at)
    return unanswered


def _note(learner: Learner, lesson: Lesson, moment: datetime, done_at: datetime | None) -> None:
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
def _progress(is_account: bool) -> QuerySet[Any, Any]:
    found = LessonProgress.objects.of_one(is_account).filter(lesson_id=Param("lesson", BigIntegerField()))
    return found.values_list("pk", "begun_at", "completed_at")
