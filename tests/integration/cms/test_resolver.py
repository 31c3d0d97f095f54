"""Which page answers an address, for whom, in which language, and at what cost."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.models import PageViewRestriction

from base import pagecache
from base.shell.pages import page_path
from cms import resolver
from tests.factories import pages
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db

Count = Callable[[str], int]


@pytest.fixture
def count(client: Client) -> Count:
    """Queries of a page that is not kept, with Wagtail's content types known as in a running process."""

    def of(path: str) -> int:
        client.get(path)
        pagecache.bump("site")
        from base.pagecache import generations

        generations.bump_now(["site", "pages"], generations.new_token())
        with CaptureQueriesContext(connection) as queries:
            assert client.get(path).status_code == 200
        return len(queries)

    return of


def test_find_is_one_query_and_says_whether_the_page_is_closed(django_assert_num_queries: Any) -> None:
    page = pages.article()
    PageViewRestriction.objects.create(page=pages.section(), restriction_type="login")
    with django_assert_num_queries(1):
        found = resolver.find("chinh-sach/vay-von-nuoi-ong/", "vi")
    assert found == resolver.Found(page.pk, page.content_type_id, "vi", True, {"vi": page.url_path})


@pytest.mark.parametrize(
    "path", ["chinh-sach/khong-co/", "vay-von-nuoi-ong/", "trang-nha/chinh-sach/", "chinh-sach//"]
)
def test_find_knows_only_whole_addresses(path: str) -> None:
    pages.article()
    assert resolver.find(path, "vi") is None


def test_vietnamese_slug_is_readable_aloud() -> None:
    assert page_path(pages.article("Đậu đỏ Kon Tum")) == "/chinh-sach/dau-do-kon-tum/"


def test_draft_and_expired_pages_are_not_found(client: Client) -> None:
    draft = pages.article("Bản nháp", live=False)
    past = pages.article("Đã hết", expire_at=timezone.now() - dt.timedelta(hours=3))
    coming = pages.article("Sắp đăng", go_live_at=timezone.now() + dt.timedelta(days=1))
    assert past.live  # Wagtail's own command has not run: the date alone must do
    assert [client.get(page_path(page)).status_code for page in (draft, past, coming)] == [404, 404, 404]


def test_expired_article_is_not_listed(client: Client) -> None:
    pages.article("Đã hết", expire_at=timezone.now() - dt.timedelta(hours=3))
    pages.article("Còn đây")
    body = client.get("/chinh-sach/").content.decode()
    assert ("Còn đây" in body, "Đã hết" in body) == (True, False)


def test_slash_is_added_and_a_post_is_refused(client: Client) -> None:
    pages.article()
    assert client.get("/chinh-sach/vay-von-nuoi-ong")["Location"] == "/chinh-sach/vay-von-nuoi-ong/"
    assert client.post("/chinh-sach/").status_code == 405


# --- view restrictions ------------------------------------------------------------------------------------------------


def test_page_closed_by_login_sends_a_guest_to_sign_in_and_opens_for_a_member(client: Client) -> None:
    page = pages.article()
    PageViewRestriction.objects.create(page=pages.section(), restriction_type="login")
    asked = client.get(page_path(page))
    assert (asked.status_code, asked["Location"].partition("?")[0]) == (302, "/dang-nhap/")
    client.force_login(UserFactory.create())
    opened = client.get(page_path(page))
    assert (opened.status_code, "no-store" in opened["Cache-Control"]) == (200, True)
    client.logout()
    assert client.get(page_path(page)).status_code == 302


def test_page_closed_to_a_group_refuses_others_without_a_circle_of_redirects(client: Client) -> None:
    page = pages.article()
    restriction = PageViewRestriction.objects.create(page=page, restriction_type="groups")
    group = Group.objects.create(name="Cán bộ xã")
    restriction.groups.add(group)
    stranger, member = UserFactory.create(), UserFactory.create()
    member.groups.add(group)
    client.force_login(stranger)
    assert client.get(page_path(page)).status_code == 403
    client.force_login(member)
    assert client.get(page_path(page)).status_code == 200


def test_page_closed_by_password_asks_for_it_and_opens_for_that_visitor_only(client: Client) -> None:
    page = pages.article()
    restriction = PageViewRestriction.objects.create(
        page=page, restriction_type="password", password="rung-xanh"
    )
    asked = client.get(page_path(page))
    action = f"/_util/mat-khau/{restriction.pk}/{page.pk}/"
    assert (action in asked.content.decode(), "Đàn ong nội" in asked.content.decode()) == (True, False)
    opened = client.post(action, {"password": "rung-xanh", "return_url": page_path(page)}, follow=True)
    assert "Đàn ong nội" in opened.content.decode()
    assert "Đàn ong nội" not in Client().get(page_path(page)).content.decode()


def test_password_may_be_tried_ten_times(client: Client) -> None:
    page = pages.article()
    restriction = PageViewRestriction.objects.create(
        page=page, restriction_type="password", password="rung-xanh"
    )
    action = f"/_util/mat-khau/{restriction.pk}/{page.pk}/"
    tries = [client.post(action, {"password": "x", "return_url": "/"}).status_code for _ in range(11)]
    assert tries == [200] * 10 + [429]


def test_closing_a_section_closes_what_was_kept_below_it(
    client: Client, django_capture_on_commit_callbacks: Any
) -> None:
    page = pages.article()
    assert client.get(page_path(page)).status_code == 200
    with django_capture_on_commit_callbacks(execute=True):
        PageViewRestriction.objects.create(page=pages.section(), restriction_type="login")
    assert client.get(page_path(page)).status_code == 302


# --- languages --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("has_english_home", [False, True])
def test_untranslated_page_answers_in_vietnamese_and_says_so(client: Client, has_english_home: bool) -> None:
    page = pages.article()
    if has_english_home:
        pages.english_of(pages.home())
    answer = client.get(f"/en{page_path(page)}")
    body = answer.content.decode()
    assert answer.status_code == 200
    assert "This page is only in Vietnamese so far." in body
    assert '<h1 lang="vi">Vay vốn nuôi ong</h1>' in body
    assert '<html lang="en">' in body


def test_translated_page_answers_in_its_language_also_at_its_vietnamese_address(client: Client) -> None:
    page = pages.article()
    pages.english_of(page, title="Loans for bees", slug="loans-for-bees")
    asked = client.get(f"/en{page_path(page)}")
    assert (asked.status_code, asked["Location"]) == (302, "/en/chinh-sach/loans-for-bees/")
    body = client.get(asked["Location"]).content.decode()
    assert ("<h1>Loans for bees</h1>" in body, "only in Vietnamese" in body) == (True, False)
    assert 'href="/chinh-sach/vay-von-nuoi-ong/" lang="vi"' in body


def test_list_in_another_language_shows_each_article_once(client: Client) -> None:
    pages.english_of(pages.article(), title="Loans for bees")
    pages.article("Tiêm phòng cho trẻ")
    body = client.get("/en/chinh-sach/").content.decode()
    assert [body.count(words) for words in ("Loans for bees", "Tiêm phòng cho trẻ", "Vay vốn")] == [1, 1, 0]


# --- cost -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("articles", [1, 3])
def test_section_costs_four_queries_whatever_it_holds(count: Count, articles: int) -> None:
    for number in range(articles):
        pages.article(f"Bài {number}")
    assert count("/chinh-sach/") == 4


def test_article_costs_two_queries(count: Count) -> None:
    assert count(page_path(pages.article())) == 2


@pytest.mark.parametrize("articles", [1, 3])
def test_home_costs_the_same_whatever_there_is(count: Count, articles: int) -> None:
    for number in range(articles):
        pages.article(f"Bài {number}")
        pages.course(f"Khóa {number}")
    assert count("/") <= 8


def test_kept_page_costs_nothing(client: Client) -> None:
    path = page_path(pages.article())
    client.get(path)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(path).status_code == 200
    assert len(queries) == 0
