"""Addresses are printed on paper: an old one leads to where the page is now, and says nothing of what is closed."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import PageViewRestriction

from cms import moved, resolver
from cms.models import SectionPage
from learning.models import CoursePage, LessonPage
from tests.factories import pages
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def course() -> CoursePage:
    """/hoc/ban-hang/ with the lesson chup-anh, which was /hoc/ban-hang-tren-cho/ before."""
    return pages.course(slug="ban-hang-tren-cho")


@pytest.fixture
def lesson(course: CoursePage, django_capture_on_commit_callbacks: Any) -> LessonPage:
    lesson = pages.lesson(course, "Chụp ảnh")
    _rename(course, "ban-hang", django_capture_on_commit_callbacks)
    lesson.refresh_from_db()
    return lesson


def _rename(page: Any, slug: str, commits: Any) -> None:
    page.refresh_from_db()
    page.slug = slug
    with commits(execute=True):
        page.save_revision().publish()


def _leads(client: Client, address: str) -> tuple[int, str | None]:
    answer = client.get(address)
    return answer.status_code, answer.get("Location")


@pytest.mark.usefixtures("lesson")
def test_old_addresses_of_a_course_and_its_lessons_lead_to_the_new_ones(client: Client) -> None:
    assert _leads(client, "/hoc/ban-hang-tren-cho/") == (301, "/hoc/ban-hang/")
    assert _leads(client, "/hoc/ban-hang-tren-cho/chup-anh/") == (301, "/hoc/ban-hang/chup-anh/")
    assert _leads(client, "/en/hoc/ban-hang-tren-cho/") == (301, "/en/hoc/ban-hang/")
    assert client.get("/hoc/ban-hang-tren-cho/")["Cache-Control"] == "no-cache"
    assert _leads(client, "/hoc/khong-co/") == (404, None)


def test_reviewer_who_changes_the_slug_in_the_form_leaves_the_old_address_working(
    client: Client, course: CoursePage, django_capture_on_commit_callbacks: Any
) -> None:
    user = UserFactory.create()
    user.groups.add(Group.objects.get(name="Người duyệt"))
    desk = Client()
    desk.force_login(user)
    form = {
        "title": course.title, "slug": "ban-hang", "summary": "x", "comments-TOTAL_FORMS": "0",
        "comments-INITIAL_FORMS": "0", "comments-MAX_NUM_FORMS": "", "action-publish": "1",
    }  # fmt: skip
    with django_capture_on_commit_callbacks(execute=True):
        desk.post(reverse("wagtailadmin_pages:edit", args=[course.pk]), form)
    assert _leads(client, "/hoc/ban-hang-tren-cho/") == (301, "/hoc/ban-hang/")


def test_two_changes_need_one_step_and_going_back_needs_none(
    client: Client, course: CoursePage, lesson: LessonPage, django_capture_on_commit_callbacks: Any
) -> None:
    _rename(course, "ban-gioi", django_capture_on_commit_callbacks)
    assert _leads(client, "/hoc/ban-hang-tren-cho/chup-anh/") == (301, "/hoc/ban-gioi/chup-anh/")
    _rename(course, "ban-hang-tren-cho", django_capture_on_commit_callbacks)
    assert _leads(client, "/hoc/ban-hang-tren-cho/chup-anh/") == (200, None)
    assert _leads(client, "/hoc/ban-hang/chup-anh/") == (301, "/hoc/ban-hang-tren-cho/chup-anh/")


def test_page_that_takes_the_old_address_is_the_one_that_answers(client: Client, lesson: LessonPage) -> None:
    pages.course("Khóa mới", slug="ban-hang-tren-cho")
    assert _leads(client, "/hoc/ban-hang-tren-cho/") == (200, None)


def test_moved_article_leads_from_the_old_shelf(
    client: Client, django_capture_on_commit_callbacks: Any
) -> None:
    article, shelf = pages.article(), pages.published(pages.section(), SectionPage(title="Vay", slug="vay"))
    with django_capture_on_commit_callbacks(execute=True):
        article.move(shelf, "last-child")
    assert _leads(client, "/chinh-sach/vay-von-nuoi-ong/") == (301, "/chinh-sach/vay/vay-von-nuoi-ong/")


def test_translation_has_its_own_old_address(client: Client, django_capture_on_commit_callbacks: Any) -> None:
    english = pages.english_of(pages.article(), title="Loans", slug="loans")
    _rename(english, "loans-for-bees", django_capture_on_commit_callbacks)
    assert _leads(client, "/en/chinh-sach/loans/") == (301, "/en/chinh-sach/loans-for-bees/")
    assert _leads(client, "/chinh-sach/loans/") == (404, None)


@pytest.mark.parametrize("how", ["withdrawn", "ended", "closed", "closed above", "course withdrawn"])
def test_nothing_is_said_of_where_a_page_is_that_is_not_for_everybody(
    client: Client, course: CoursePage, lesson: LessonPage, how: str
) -> None:
    course.refresh_from_db()
    if how == "withdrawn":
        lesson.unpublish()
    elif how == "ended":
        LessonPage.objects.filter(pk=lesson.pk).update(expire_at=timezone.now() - dt.timedelta(hours=1))
    elif how.startswith("closed"):
        page = lesson if how == "closed" else course
        PageViewRestriction.objects.create(page=page, restriction_type="login")
    else:
        course.unpublish()
    assert _leads(client, "/hoc/ban-hang-tren-cho/chup-anh/") == (404, None)


def test_deleted_page_takes_its_old_addresses_along(client: Client, lesson: LessonPage) -> None:
    lesson.delete()
    assert _leads(client, "/hoc/ban-hang-tren-cho/chup-anh/") == (404, None)
    assert Redirect.objects.count() == 1


def test_page_that_is_found_costs_no_query_more_and_an_old_address_one(
    course: CoursePage, lesson: LessonPage, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(1):
        assert resolver.find("hoc/ban-hang/chup-anh/", "vi") is not None
    with django_assert_num_queries(1):
        assert moved.new_address("hoc/ban-hang-tren-cho/chup-anh/", "vi") == "/hoc/ban-hang/chup-anh/"
