"""Answers given without a network: each kept, the last by time shown, whatever the order in which they arrive."""

from __future__ import annotations

import itertools
import uuid
from typing import Any

import pytest

from base.accounts.models import User
from base.intake.models import Entry
from learning import progress
from learning.learners import Learner
from learning.models import Answer, Attempt, Enrolment, LessonPage, LessonProgress
from learning.parts import questions_of
from tests.factories import pages
from tests.factories.accounts import UserFactory
from tests.integration.intake.phone import HERE, Phone, now_ms

pytestmark = pytest.mark.django_db
HOUR_MS = 3600 * 1000


@pytest.fixture
def lesson() -> LessonPage:
    return pages.lesson(
        pages.course(), "Chụp ảnh", pages.question("Ảnh nào?", 3), pages.question("Đặt ở đâu?")
    )


def picks(lesson: LessonPage, **choices: int) -> dict[str, str]:
    """Return choices by question: q0=1 is the second choice of the first question."""
    asked = list(questions_of(lesson).values())
    return {
        str(asked[int(name[1:])].id): str(asked[int(name[1:])].choices[place].id)
        for name, place in choices.items()
    }


def body(lesson: LessonPage, finished: bool = False, **choices: int) -> dict[str, Any]:
    return {"lesson": lesson.pk, "answers": picks(lesson, **choices), "finished": finished}


def shown(lesson: LessonPage, user: User) -> dict[str, str]:
    found = progress.latest_answers(Learner(user_id=user.pk), lesson)
    return {str(question): str(given.choice_id) for question, given in found.items()}


def test_answers_are_kept_once_and_lead_to_the_lesson(phone: Phone, mai: User, lesson: LessonPage) -> None:
    entry = phone.entry("answers", body(lesson, q0=1, q1=0))
    result = phone.send(entry, entry)[1]
    assert (result["state"], result["again"], result["url"]) == (
        "taken",
        True,
        f"/hoc/cua-toi/bai/{lesson.pk}/",
    )
    assert "đã xong" in result["words"]
    assert (Attempt.objects.get().client_id, Answer.objects.count()) == (uuid.UUID(entry["id"]), 2)
    assert shown(lesson, mai) == picks(lesson, q0=1, q1=0)
    assert progress.is_complete(Learner(user_id=mai.pk), lesson)


def test_two_phones_in_any_order_end_in_the_same_state(lesson: LessonPage) -> None:
    """Four sittings on two phones, one of which has a clock a year off; every order of arrival."""
    ends: set[tuple[Any, ...]] = set()
    for order in itertools.permutations(range(4)):
        person = UserFactory.create()
        one, two = Phone(person), Phone(person, clock_ms=-365 * 24 * HOUR_MS)
        start = now_ms() - 10 * HOUR_MS
        sittings = [
            (one, one.entry("answers", body(lesson, q0=1), made_at=start)),
            (two, two.entry("answers", body(lesson, q0=2), made_at=start + HOUR_MS + two.clock_ms)),
            (one, one.entry("answers", body(lesson, q0=0, q1=1), made_at=start + 2 * HOUR_MS)),
            (
                two,
                two.entry(
                    "answers", body(lesson, q1=0, finished=True), made_at=start + 3 * HOUR_MS + two.clock_ms
                ),
            ),
        ]
        for place in order:
            sender, entry = sittings[place]
            assert sender.states(entry, entry) == ["taken", "taken"]
        learner = Learner(user_id=person.pk)
        row, enrolment = LessonProgress.objects.of(learner).get(), Enrolment.objects.of(learner).get()

        def hours(moment: Any, start: int = start) -> int:
            return round((moment.timestamp() * 1000 - start) / HOUR_MS)

        ends.add(
            (
                tuple(shown(lesson, person).items()),
                Answer.objects.filter(attempt__user=person).count(),
                *(
                    hours(moment)
                    for moment in (row.begun_at, row.completed_at, enrolment.begun_at, enrolment.seen_at)
                ),
            )
        )
    assert {(dict(end[0]) == picks(lesson, q0=0, q1=0), *end[1:]) for end in ends} == {(True, 5, 0, 2, 0, 3)}


def test_an_old_answer_that_arrives_late_does_not_hide_what_was_answered_online(
    phone: Phone, mai: User, lesson: LessonPage
) -> None:
    late = phone.entry("answers", body(lesson, q0=1), made_at=now_ms() - HOUR_MS)
    form = {
        "lesson": str(lesson.pk),
        **{f"q-{question}": choice for question, choice in picks(lesson, q0=0).items()},
    }
    phone.client.post("/hoc/cua-toi/tra-loi/", form, headers=HERE)
    assert phone.states(late) == ["taken"]
    assert shown(lesson, mai) == picks(lesson, q0=0)
    assert Answer.objects.count() == 2
    phone.client.post("/hoc/cua-toi/tra-loi/", form, headers=HERE)  # the same form again
    assert Answer.objects.count() == 2


def test_a_form_after_a_phone_makes_an_attempt_of_its_own(
    phone: Phone, mai: User, lesson: LessonPage
) -> None:
    phone.send(phone.entry("answers", body(lesson, q0=1)))
    fields = {
        "lesson": str(lesson.pk),
        **{f"q-{question}": choice for question, choice in picks(lesson, q1=0).items()},
    }
    phone.client.post("/hoc/cua-toi/tra-loi/", fields, headers=HERE)
    told = Attempt.objects.order_by("number").values_list("number", "client_id")
    assert [(number, client_id is None) for number, client_id in told] == [(1, False), (2, True)]
    assert shown(lesson, mai) == picks(lesson, q0=1, q1=0)


def test_without_an_account_answers_are_the_device_s_and_move_at_sign_in(
    lesson: LessonPage, mai: User
) -> None:
    stranger = Phone()
    entry = stranger.entry("answers", body(lesson, q0=1))
    assert stranger.states(entry, entry) == ["taken", "taken"]
    assert Attempt.objects.get().device is not None
    stranger.client.force_login(mai)
    assert shown(lesson, mai) == picks(lesson, q0=1)
    # the answer to the first was lost, and she said "this is mine": it goes again, as hers
    assert stranger.states({**entry, "author": Phone(mai).author}) == ["taken"]
    assert (Attempt.objects.count(), Answer.objects.count()) == (1, 1)


def test_sent_again_after_sign_in_it_is_taken_though_the_lesson_lost_a_question_meanwhile(
    lesson: LessonPage, mai: User
) -> None:
    stranger = Phone()
    entry = stranger.entry("answers", body(lesson, q0=1))
    stranger.send(entry)
    stranger.client.force_login(mai)
    LessonPage.objects.filter(pk=lesson.pk).update(body=[])
    assert stranger.states({**entry, "author": Phone(mai).author}) == ["taken"]
    assert (Attempt.objects.count(), Answer.objects.count()) == (1, 1)


def test_the_same_entry_sent_under_a_device_and_an_account_is_one_after_sign_in(
    lesson: LessonPage, mai: User
) -> None:
    stranger, phone = Phone(), Phone(mai)
    entry = stranger.entry("answers", body(lesson, q0=1))
    stranger.send(entry)
    phone.send({**entry, "author": phone.author})
    stranger.client.force_login(mai)
    assert (Attempt.objects.count(), shown(lesson, mai)) == (1, picks(lesson, q0=1))


def test_what_an_editor_took_out_is_told_and_the_rest_is_kept(
    phone: Phone, mai: User, lesson: LessonPage
) -> None:
    answers = {**picks(lesson, q0=1), str(uuid.uuid4()): str(uuid.uuid4())}
    result = phone.send(phone.entry("answers", {"lesson": lesson.pk, "answers": answers}))[0]
    assert (result["state"], "thay đổi" in result["words"]) == ("taken", True)
    assert shown(lesson, mai) == picks(lesson, q0=1)


def test_a_lesson_withdrawn_meanwhile_still_counts(phone: Phone, mai: User, lesson: LessonPage) -> None:
    lesson.unpublish()
    result = phone.send(phone.entry("answers", body(lesson, q0=1)))[0]
    assert (result["state"], result["url"]) == ("taken", "")
    assert shown(lesson, mai) == picks(lesson, q0=1)


def test_a_lesson_without_questions_is_done_when_she_says_so(phone: Phone, mai: User) -> None:
    plain = pages.lesson(pages.course("Nuôi ong"))
    assert phone.states(phone.entry("answers", body(plain, finished=True))) == ["taken"]
    assert progress.is_complete(Learner(user_id=mai.pk), plain)


def test_foreign_ids_are_refused_and_nothing_is_stored(phone: Phone, lesson: LessonPage) -> None:
    draft = pages.lesson(pages.course("Nháp"), "Chưa đăng", pages.question(), live=False)
    foreign = {str(uuid.uuid4()): str(uuid.uuid4())}
    for wrong in (
        {"lesson": lesson.pk, "answers": foreign},
        {"lesson": lesson.pk, "answers": foreign, "finished": True},
        {"lesson": 2**31 - 1, "answers": {}},
        {"lesson": lesson.pk + 10_000, "answers": picks(lesson, q0=1)},
        {"lesson": draft.pk, "answers": picks(draft, q0=1)},
        {"lesson": lesson.get_parent().pk, "answers": {}},
        {"lesson": lesson.pk, "answers": {"x": "y"}},
        {"lesson": 2**40, "answers": {}},
    ):
        answer = phone.post([phone.entry("answers", wrong)])
        assert answer.status_code == 422, wrong
        assert answer.json()["results"][0]["words"]
    counts = [model.objects.count() for model in (Entry, Attempt, Answer, Enrolment, LessonProgress)]
    assert counts == [0, 0, 0, 0, 0]
