"""Answers and progress of a learner, and what sign-in does with them."""

import threading
import uuid
from typing import Any

import pytest
from django.db import connection, transaction

from learning import claims, progress
from learning.learners import Learner
from learning.models import Answer, Attempt, CoursePage, Enrolment, LearnerDevice, LessonPage, LessonProgress
from learning.parts import questions_of
from learning.progress import Pick
from tests.factories import pages
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def course() -> CoursePage:
    return pages.course()


@pytest.fixture
def lesson(course: CoursePage) -> LessonPage:
    """Two questions; the first choice of each is right."""
    return pages.lesson(course, "Chụp ảnh", pages.question("Ảnh nào?"), pages.question("Đặt ở đâu?"))


def _device() -> Learner:
    return Learner(device_id=uuid.uuid4())


def _account() -> Learner:
    return Learner(user_id=UserFactory.create().pk)


def _pick(lesson: LessonPage, question: int, choice: int, number: int = 1) -> dict[uuid.UUID, Pick]:
    asked = list(questions_of(lesson).values())[question]
    return {asked.id: Pick(asked.choices[choice].id, number)}


def _rows() -> tuple[int, ...]:
    return tuple(model.objects.count() for model in (Enrolment, LessonProgress, Attempt, Answer))


@pytest.mark.parametrize("who", [_device, _account], ids=["device", "account"])
def test_record_stores_once_what_is_sent_twice(lesson: LessonPage, who: Any) -> None:
    learner = who()
    first = progress.record(learner, lesson, _pick(lesson, 0, 1))
    again = progress.record(learner, lesson, _pick(lesson, 0, 1))
    assert (first.new_answers, again.new_answers, _rows()) == (1, 0, (1, 1, 1, 1))


def test_record_keeps_every_attempt_and_judges_each(lesson: LessonPage) -> None:
    learner = _device()
    progress.record(learner, lesson, _pick(lesson, 0, 1))
    progress.record(learner, lesson, _pick(lesson, 0, 0, number=2))
    told = list(Answer.objects.order_by("attempt__number").values_list("attempt__number", "is_correct"))
    assert told == [(1, False), (2, True)]


def test_another_choice_from_the_kept_page_is_a_new_attempt(lesson: LessonPage) -> None:
    learner = _device()
    for choice in (1, 0, 0, 1):
        progress.record(learner, lesson, _pick(lesson, 0, choice, number=1))
    assert list(Attempt.objects.order_by("number").values_list("number", flat=True)) == [1, 2, 3]


def test_same_wrong_choice_in_the_next_attempt_counts(lesson: LessonPage) -> None:
    learner = _device()
    progress.record(learner, lesson, _pick(lesson, 0, 1))
    assert progress.record(learner, lesson, _pick(lesson, 0, 1, number=2)).new_answers == 1


def test_lesson_is_done_when_each_question_has_an_answer_right_or_wrong(lesson: LessonPage) -> None:
    learner = _device()
    halfway = progress.record(learner, lesson, _pick(lesson, 0, 1))
    assert (halfway.is_complete, progress.is_complete(learner, lesson)) == (False, False)
    whole = progress.record(learner, lesson, _pick(lesson, 1, 1))
    assert (whole.is_complete, progress.is_complete(learner, lesson)) == (True, True)


def test_lesson_without_questions_is_done_when_the_learner_says_so(course: CoursePage) -> None:
    lesson, learner = pages.lesson(course), _device()
    progress.record(learner, lesson, {}, is_finishing=True)
    assert progress.is_complete(learner, lesson)


def test_time_of_completion_is_the_first(lesson: LessonPage) -> None:
    learner = _device()
    progress.record(learner, lesson, {**_pick(lesson, 0, 0), **_pick(lesson, 1, 1)})
    done = LessonProgress.objects.get().completed_at
    progress.record(learner, lesson, _pick(lesson, 1, 0, number=2))
    assert LessonProgress.objects.get().completed_at == done


def test_unknown_question_or_choice_is_told_and_not_stored(lesson: LessonPage) -> None:
    learner = _device()
    question = next(iter(questions_of(lesson)))
    for picks in ({uuid.uuid4(): Pick(uuid.uuid4())}, {question: Pick(uuid.uuid4())}):
        assert progress.record(learner, lesson, picks).has_unknown
    assert _rows() == (0, 0, 0, 0)


def test_rows_of_one_learner_are_not_another_s(lesson: LessonPage) -> None:
    mine, hers = _device(), _account()
    progress.record(mine, lesson, _pick(lesson, 0, 0))
    assert (len(progress.latest_answers(mine, lesson)), progress.latest_answers(hers, lesson)) == (1, {})


# --- sign-in ----------------------------------------------------------------------------------------------------------


def test_claim_moves_everything_to_an_account_that_had_nothing(lesson: LessonPage) -> None:
    device, account = _device(), _account()
    progress.record(device, lesson, {**_pick(lesson, 0, 0), **_pick(lesson, 1, 1)})
    claims.claim(device.device_id, account.user_id)
    assert _rows() == (1, 1, 1, 2)
    assert (progress.is_complete(account, lesson), progress.is_complete(device, lesson)) == (True, False)


def test_claim_joins_what_both_did_without_loss_or_double(lesson: LessonPage) -> None:
    device, account = _device(), _account()
    progress.record(account, lesson, _pick(lesson, 0, 1))
    progress.record(device, lesson, {**_pick(lesson, 0, 0), **_pick(lesson, 1, 0)})
    begun = LessonProgress.objects.of(account).get().begun_at
    claims.claim(device.device_id, account.user_id)
    assert _rows() == (1, 1, 2, 3)
    numbers = Attempt.objects.of(account).order_by("number").values_list("number", flat=True)
    assert list(numbers) == [1, 2]
    joined = LessonProgress.objects.of(account).get()
    assert (joined.begun_at, joined.completed_at is not None) == (begun, True)


def test_claim_twice_changes_nothing_and_another_account_gets_nothing(lesson: LessonPage) -> None:
    device, account, other = _device(), _account(), _account()
    progress.record(device, lesson, _pick(lesson, 0, 0))
    for who in (account, account, other):
        claims.claim(device.device_id, who.user_id)
    assert (len(progress.latest_answers(account, lesson)), progress.latest_answers(other, lesson)) == (1, {})


def test_form_that_arrives_after_the_sign_in_of_its_device_lands_in_the_account(lesson: LessonPage) -> None:
    device, account = _device(), _account()
    claims.claim(device.device_id, account.user_id)
    recorded = progress.record(device, lesson, _pick(lesson, 0, 0))
    assert (recorded.learner, len(progress.latest_answers(account, lesson))) == (account, 1)


@pytest.mark.django_db(transaction=True)
def test_answers_and_sign_in_at_the_same_time_lose_and_double_nothing() -> None:
    lesson = pages.lesson(pages.course(), "Chụp ảnh", *(pages.question(f"Câu {n}") for n in range(6)))
    device, account = _device(), _account()
    start = threading.Barrier(8)
    failures: list[BaseException] = []

    def run(work: Any) -> None:
        try:
            start.wait()
            work()
        except BaseException as failure:
            failures.append(failure)
        finally:
            connection.close()

    def answer(number: int) -> Any:
        return lambda: progress.record(device, lesson, _pick(lesson, number, 0))

    def sign_in() -> None:
        claims.claim(device.device_id, account.user_id)

    works = [*(answer(number) for number in range(6)), sign_in, sign_in]
    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert len(progress.latest_answers(account, lesson)) == 6
    assert (Answer.objects.count(), Enrolment.objects.count(), LessonProgress.objects.count()) == (6, 1, 1)
    assert progress.is_complete(account, lesson) or _all_answered_before_claim(account, lesson)


def _all_answered_before_claim(account: Learner, lesson: LessonPage) -> bool:
    """Nothing is missing, so the next form that comes completes the lesson."""
    progress.record(account, lesson, {}, is_finishing=True)
    return progress.is_complete(account, lesson)


def test_row_of_nobody_or_of_two_is_refused_by_the_database(lesson: LessonPage) -> None:
    from django.db import IntegrityError
    from django.utils import timezone

    user, device = UserFactory.create(), LearnerDevice.objects.create()
    for owner in ({}, {"user": user, "device": device}):
        with pytest.raises(IntegrityError), transaction.atomic():
            LessonProgress.objects.create(lesson=lesson, begun_at=timezone.now(), **owner)
