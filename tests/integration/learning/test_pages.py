"""A learner's way with scripts off: course, lesson, answer, feedback, next lesson; and what can go wrong on it."""

import json
import re
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from base import outbox
from base.outbox.models import Entry
from base.pagecache import generations
from base.shell.pages import page_path
from learning.models import Answer, CoursePage, LearnerDevice, LessonPage
from learning.parts import Question, questions_of
from tests.factories import pages
from tests.factories.accounts import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db

ANSWER = "/hoc/cua-toi/tra-loi/"


@pytest.fixture
def course() -> CoursePage:
    return pages.course()


@pytest.fixture
def lesson(course: CoursePage) -> LessonPage:
    return pages.lesson(course, "Chụp ảnh", pages.text("<p>Ra chỗ sáng.</p>"), pages.question())


@pytest.fixture
def client() -> Client:
    """A browser on our page: it says where its posts come from."""
    return Client(headers={"sec-fetch-site": "same-origin"})


def _question(lesson: LessonPage) -> Question:
    return next(iter(questions_of(lesson).values()))


def _form(lesson: LessonPage, choice: int, **extra: str) -> dict[str, str]:
    question = _question(lesson)
    return {"lesson": str(lesson.pk), f"q-{question.id}": str(question.choices[choice].id), **extra}


def _text(client: Client, path: str) -> str:
    """Return a page without what it holds hidden for a phone without signal."""
    body = client.get(path).content.decode()
    return re.sub(r"<div[^>]* data-verdict .*?</div>", "", body, flags=re.DOTALL)


def _personal(lesson: LessonPage) -> str:
    return reverse("learn:lesson", args=[lesson.pk])


# --- the way ----------------------------------------------------------------------------------------------------------


def test_index_shows_courses_with_lesson_counts(
    client: Client, course: CoursePage, lesson: LessonPage
) -> None:
    pages.lesson(course, "Bản nháp", live=False)
    pages.course("Khóa nháp", live=False)
    body = _text(client, "/hoc/")
    assert ("Bán hàng trên chợ" in body, "1 bài" in body, "Khóa nháp" in body) == (True, True, False)


def test_course_lists_its_live_lessons_in_order(
    client: Client, course: CoursePage, lesson: LessonPage
) -> None:
    pages.lesson(course, "Bản nháp", live=False)
    pages.lesson(course, "Đặt giá")
    body = _text(client, page_path(course))
    assert re.findall(r'class="more" href="[^"]*">([^<]*)<', body) == ["Chụp ảnh", "Đặt giá"]


def test_public_lesson_is_kept_for_everybody_and_holds_nothing_personal(
    client: Client, lesson: LessonPage
) -> None:
    client.post(ANSWER, _form(lesson, 1))
    path = page_path(lesson)
    mine, strangers = _text(client, path), _text(Client(), path)
    assert mine == strangers
    assert ("csrf" in mine, "Chưa đúng" in mine) == (False, False)
    assert client.get(path).content.decode().count("data-verdict") == 2
    with CaptureQueriesContext(connection) as queries:
        client.get(path)
    assert len(queries) == 0


def test_wrong_answer_gets_its_feedback_and_another_try_then_the_right_one(
    client: Client, lesson: LessonPage
) -> None:
    question = _question(lesson)
    sent = client.post(ANSWER, _form(lesson, 1, check=str(question.id)))
    assert (sent.status_code, sent["Location"]) == (302, f"{_personal(lesson)}#q-{question.id}")
    body = _text(client, _personal(lesson))
    assert ("Chưa đúng." in body, "Xem lại ảnh 2." in body, f'name="n-{question.id}" value="2"' in body) == (
        True,
    ) * 3
    client.post(ANSWER, _form(lesson, 0, **{f"n-{question.id}": "2"}))
    body = _text(client, _personal(lesson))
    assert ("Đúng rồi." in body, "Người mua muốn nhìn rõ." in body, "Ảnh rõ thì dễ bán." in body) == (
        True,
    ) * 3
    assert f'name="q-{question.id}"' not in body


def test_next_leads_to_the_next_lesson_and_at_the_end_to_my_courses(
    client: Client, course: CoursePage, lesson: LessonPage
) -> None:
    last = pages.lesson(course, "Đặt giá")
    client.post(ANSWER, _form(lesson, 0))
    assert f'href="{page_path(last)}"' in _text(client, _personal(lesson))
    assert client.post(ANSWER, {"lesson": str(lesson.pk), "next": "1"})["Location"] == page_path(last)
    ended = client.post(ANSWER, {"lesson": str(last.pk), "next": "1"}, follow=True)
    body = ended.content.decode()
    assert ended.redirect_chain == [("/hoc/cua-toi/", 302)]
    assert ("Bạn đã học hết khóa" in body, "Đã học 2 trong 2 bài" in body) == (True, True)


def test_next_with_an_open_question_says_so_and_lets_it_wait(
    client: Client, course: CoursePage, lesson: LessonPage
) -> None:
    last = pages.lesson(course, "Đặt giá")
    body = client.post(ANSWER, {"lesson": str(lesson.pk), "next": "1"}, follow=True).content.decode()
    assert ("Bài này còn 1 câu chưa trả lời." in body, "Để sau, sang bài tiếp theo" in body) == (True, True)
    assert f'href="{page_path(last)}"' in body


def test_my_courses_show_progress_and_the_next_lesson(
    client: Client, course: CoursePage, lesson: LessonPage
) -> None:
    pages.lesson(course, "Đặt giá")
    client.post(ANSWER, _form(lesson, 0))
    body = _text(client, "/hoc/cua-toi/")
    assert ("Đã học 1 trong 2 bài" in body, "Tiếp theo: Đặt giá" in body) == (True, True)
    assert "no-store" in client.get("/hoc/cua-toi/")["Cache-Control"]


def test_my_courses_of_a_stranger_are_empty_and_make_no_session(client: Client) -> None:
    answer = client.get("/hoc/cua-toi/")
    assert ("Bạn chưa học khóa nào." in answer.content.decode(), len(answer.cookies)) == (True, 0)


# --- devices and accounts ---------------------------------------------------------------------------------------------


def test_sign_in_moves_progress_to_the_account_and_sign_out_leaves_the_phone_empty(
    client: Client, lesson: LessonPage
) -> None:
    user = UserFactory.create()
    client.post(ANSWER, _form(lesson, 0))
    signed_in = client.post("/dang-nhap/", {"login": user.phone, "password": PASSWORD})
    assert signed_in.status_code == 302
    assert ("learner" in client.session, Answer.objects.get().attempt.user_id) == (False, user.pk)
    assert "Đã học 1 trong 1 bài" in _text(client, "/hoc/cua-toi/")
    client.logout()
    assert "Bạn chưa học khóa nào." in _text(client, "/hoc/cua-toi/")
    client.post(ANSWER, _form(lesson, 1))
    assert set(LearnerDevice.objects.values_list("claimed_by", flat=True)) == {user.pk, None}


def test_two_phones_of_one_person_join(lesson: LessonPage) -> None:
    user = UserFactory.create()
    for choice in (0, 1):
        phone = Client(headers={"sec-fetch-site": "same-origin"})
        phone.post(ANSWER, _form(lesson, choice))
        phone.post("/dang-nhap/", {"login": user.phone, "password": PASSWORD})
    numbers = Answer.objects.order_by("attempt__number").values_list("attempt__user_id", "attempt__number")
    assert list(numbers) == [(user.pk, 1), (user.pk, 2)]


# --- what can go wrong ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("lesson_field", ["", "abc", "-1", "999999999", "9" * 40, "1e3", "٣", "0x10", "None"])
def test_answer_to_no_lesson_says_what_to_do(client: Client, lesson_field: str) -> None:
    answer = client.post(ANSWER, {"lesson": lesson_field, "next": "1"})
    assert answer.status_code == 404
    assert "Bài này không còn ở đây" in answer.content.decode()


@pytest.mark.parametrize(
    "path", ["/hoc/cua-toi/bai/0/", "/hoc/cua-toi/bai/99999/", f"/hoc/cua-toi/bai/{'9' * 30}/"]
)
def test_personal_lesson_that_is_not_says_what_to_do(client: Client, path: str) -> None:
    answer = client.get(path)
    assert (answer.status_code, 'href="/hoc/"' in answer.content.decode()) == (404, True)


@pytest.mark.parametrize(
    "fields",
    [
        {"q-": "x"},
        {"q-khong-phai-ma": "x"},
        {f"q-{uuid.uuid4()}": str(uuid.uuid4())},
        {f"q-{uuid.uuid4()}": "0"},
        {f"q-{uuid.uuid4()}": "x", "check": "javascript:alert(1)"},
        {"check": "../../"},
        {"next": "1", "n-x": "9" * 50},
    ],
)
def test_odd_fields_never_fail(client: Client, lesson: LessonPage, fields: dict[str, str]) -> None:
    answer = client.post(ANSWER, {"lesson": str(lesson.pk), **fields})
    assert (answer.status_code, answer["Location"]) == (302, _personal(lesson))
    assert Answer.objects.count() == 0


def test_nul_is_refused_in_words(client: Client, lesson: LessonPage) -> None:
    question = _question(lesson)
    for fields in ({"lesson": "\x00"}, {"lesson": str(lesson.pk), f"q-{question.id}": "\x00"}):
        assert client.post(ANSWER, fields).status_code == 400


@pytest.mark.parametrize("number", ["0", "-5", "99999999999", "abc", ""])
def test_odd_number_of_an_attempt_is_a_first_one(client: Client, lesson: LessonPage, number: str) -> None:
    client.post(ANSWER, _form(lesson, 0, **{f"n-{_question(lesson).id}": number}))
    assert Answer.objects.get().attempt.number == 1


def _edit(lesson: LessonPage, change: Callable[[list[Any]], None]) -> LessonPage:
    """What an editor does after people have answered."""
    body = [dict(block) for block in lesson.body.raw_data]
    change(body)
    lesson.body = json.dumps(body)
    lesson.save_revision().publish()
    changed: LessonPage = LessonPage.objects.get(pk=lesson.pk)
    return changed


def test_question_taken_out_leaves_the_answer_and_a_lesson_that_opens(
    client: Client, lesson: LessonPage
) -> None:
    form = _form(lesson, 1)
    client.post(ANSWER, form)
    _edit(lesson, lambda body: body.pop())
    late = client.post(ANSWER, form, follow=True)
    assert ("Bài này vừa được sửa" in late.content.decode(), late.status_code) == (True, 200)
    assert Answer.objects.count() == 1


def test_choice_taken_out_asks_the_question_again(client: Client, lesson: LessonPage) -> None:
    client.post(ANSWER, _form(lesson, 1))
    question = _question(lesson)

    def replace_choice(body: list[Any]) -> None:
        new = {"text": "Chụp ban đêm", "is_correct": False, "feedback": ""}
        body[1]["value"]["choices"][1] = {"type": "item", "id": str(uuid.uuid4()), "value": new}

    changed = _edit(lesson, replace_choice)
    body = _text(client, _personal(lesson))
    assert ("Chụp ban đêm" in body, f'name="n-{question.id}" value="2"' in body) == (True, True)
    client.post(ANSWER, _form(changed, 0, **{f"n-{question.id}": "2"}))
    assert "Đúng rồi." in _text(client, _personal(lesson))


def test_lesson_taken_down_or_closed_is_not_answered(client: Client, lesson: LessonPage) -> None:
    from wagtail.models import PageViewRestriction

    restriction = PageViewRestriction.objects.create(page=lesson.get_parent(), restriction_type="login")
    assert client.post(ANSWER, _form(lesson, 0)).status_code == 404
    restriction.delete()
    form = _form(lesson, 0)
    lesson.unpublish()
    assert [client.post(ANSWER, form).status_code, client.get(_personal(lesson)).status_code] == [404, 404]


def test_post_from_another_site_is_refused(lesson: LessonPage) -> None:
    elsewhere = Client(headers={"sec-fetch-site": "cross-site"})
    assert elsewhere.post(ANSWER, _form(lesson, 0)).status_code == 403
    assert Answer.objects.count() == 0


def test_answer_address_wants_a_post(client: Client) -> None:
    assert client.get(ANSWER).status_code == 405


# --- cost -------------------------------------------------------------------------------------------------------------


def _cost(client: Client, path: str) -> int:
    client.get(path)
    generations.bump_now(["site", "pages"], generations.new_token())
    with CaptureQueriesContext(connection) as queries:
        assert client.get(path).status_code == 200
    return len(queries)


@pytest.mark.parametrize("rows", [1, 3])
def test_pages_cost_the_same_whatever_they_hold(client: Client, rows: int) -> None:
    made = [pages.course(f"Khóa {number}") for number in range(rows)]
    lessons = [
        pages.lesson(made[0], f"Bài {number}", pages.question(), pages.question()) for number in range(rows)
    ]
    paths = ["/hoc/", page_path(made[0]), page_path(lessons[0])]
    assert [_cost(client, path) for path in paths] == [4, 3, 4]


@pytest.mark.parametrize("rows", [1, 3])
def test_my_pages_cost_the_same_whatever_they_hold(client: Client, rows: int) -> None:
    lessons = [
        pages.lesson(pages.course(f"Khóa {number}"), "Bài 1", pages.question()) for number in range(rows)
    ]
    client.force_login(UserFactory.create())
    for lesson in lessons:
        client.post(ANSWER, _form(lesson, 0))
    assert (_cost(client, "/hoc/cua-toi/"), _cost(client, _personal(lessons[0]))) == (6, 7)


def test_the_lessons_of_a_withdrawn_course_go_with_it(client: Client) -> None:
    course = pages.course()
    lesson = pages.lesson(course)
    assert client.get(page_path(lesson)).status_code == 200
    outbox.drain()
    course.unpublish()
    assert client.get(page_path(lesson)).status_code == 404
    assert not LessonPage.objects.shown().exists()
    assert {entry.key for entry in Entry.objects.filter(topic="search.index")} == {
        f"course:{course.pk}",
        f"lesson:{lesson.pk}",
    }
    course.save_revision().publish()
    assert client.get(page_path(lesson)).status_code == 200
