"""Deleting pages and people: what somebody did is never lost with a page, and goes with the person."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.db import transaction
from django.db.models import ProtectedError
from django.test import Client
from django.urls import reverse
from wagtail.models import Page

from learning.keeping import number_of_learners
from learning.models import Answer, Attempt, CoursePage, Enrolment, LessonPage, LessonProgress
from learning.parts import questions_of
from tests.factories import pages
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db

WHY = "Không xóa được “{}”: đã có 2 người học ở đây"


@pytest.fixture
def course() -> CoursePage:
    return pages.course()


@pytest.fixture
def lesson(course: CoursePage) -> LessonPage:
    """A lesson in which an account and a phone without one have each answered."""
    made = pages.lesson(course, "Chụp ảnh", pages.question())
    for user in (UserFactory.create(), None):
        phone = Client(headers={"sec-fetch-site": "same-origin"})
        if user is not None:
            phone.force_login(user)
        (question,) = questions_of(made).values()
        fields = {"lesson": str(made.pk), f"q-{question.id}": str(question.choices[0].id)}
        phone.post("/hoc/cua-toi/tra-loi/", fields)
    return made


@pytest.fixture
def staff() -> Client:
    user = UserFactory.create()
    user.groups.add(Group.objects.get(name="Nhân viên nền tảng"))
    client = Client(raise_request_exception=False)
    client.force_login(user)
    return client


def _kept() -> list[int]:
    return [model.objects.count() for model in (Enrolment, LessonProgress, Attempt, Answer)]


def test_learners_are_counted_once_below_any_page(lesson: LessonPage, django_assert_num_queries: Any) -> None:
    other, home = pages.lesson(pages.course("Khóa khác")), pages.home()
    with django_assert_num_queries(1):
        assert number_of_learners(home.path) == 2
    assert [number_of_learners(page.path) for page in (lesson, lesson.get_parent(), other)] == [2, 2, 0]


@pytest.mark.parametrize("what", ["lesson", "course"])
def test_page_that_people_learned_in_is_not_deleted_and_the_editor_is_told_why(
    staff: Client, lesson: LessonPage, course: CoursePage, what: str
) -> None:
    page = {"lesson": lesson, "course": course}[what]
    before = _kept()
    for ask in (staff.get, staff.post):
        answer = ask(reverse("wagtailadmin_pages:delete", args=[page.pk]), follow=True)
        body = answer.content.decode()
        assert WHY.format(page.title) in body
        assert reverse("wagtailadmin_pages:unpublish", args=[page.pk]) in body
    assert (Page.objects.filter(pk__in=[lesson.pk, course.pk]).count(), _kept()) == (2, before)


def test_several_ticked_in_a_list_all_stay(staff: Client, lesson: LessonPage) -> None:
    unused = pages.lesson(lesson.get_parent().specific, "Đặt giá")
    way = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "delete"])
    body = staff.post(f"{way}?id={lesson.pk}&id={unused.pk}&next=/quan-tri/", follow=True).content.decode()
    assert WHY.format(lesson.title) in body
    assert Page.objects.filter(pk__in=[lesson.pk, unused.pk]).count() == 2


def test_page_in_which_nobody_learned_is_deleted(staff: Client) -> None:
    unused = pages.lesson(pages.course())
    assert staff.post(reverse("wagtailadmin_pages:delete", args=[unused.pk])).status_code == 302
    assert not Page.objects.filter(pk=unused.pk).exists()


@pytest.mark.parametrize("above", [0, 1, 2])
def test_no_other_way_deletes_it_either(lesson: LessonPage, above: int) -> None:
    page: Any = [lesson, lesson.get_parent(), lesson.get_parent().get_parent()][above]
    before = _kept()
    with pytest.raises(ProtectedError), transaction.atomic():
        page.delete()
    assert (_kept(), Page.find_problems()) == (before, ([], [], [], [], []))


def test_person_who_is_deleted_takes_what_she_did_along(lesson: LessonPage) -> None:
    attempt = Attempt.objects.get(user__isnull=False)
    attempt.user.delete()
    assert [row.user_id for model in (Enrolment, LessonProgress, Attempt) for row in model.objects.all()] == [
        None
    ] * 3
    assert Answer.objects.count() == 1
