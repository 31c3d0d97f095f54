"""What search engines of the world are told: no personal address, every public one once, nothing that is closed."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from wagtail.models import PageViewRestriction

from base.shell import crawlers
from base.shell.pages import page_path
from marketplace.partner.models import Partner
from tests.factories import pages
from tests.factories.orders import make_goods

pytestmark = pytest.mark.django_db
FIRST = ["/", "/chinh-sach/", "/gioi-thieu/", "/hoc/"]


def _addresses(client: Client, path: str) -> list[str]:
    found = re.findall("<loc>(.*?)</loc>", client.get(path).content.decode())
    return [address.removeprefix(settings.SITE_BASE_URL) for address in found]


def test_robots_keep_out_of_what_is_personal_in_every_language(client: Client) -> None:
    answer = client.get("/robots.txt")
    lines = answer.content.decode().splitlines()
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    wanted = ["tim", "gio", "dat-hang", "don", "ban", "htx", "tai-khoan", "quan-tri", "api"]
    assert {f"Disallow: {prefix}{part}/" for prefix in ("/", "/en/") for part in wanted} <= set(lines)
    assert lines[-1] == f"Sitemap: {settings.SITE_BASE_URL}/sitemap.xml"


def test_sitemap_holds_public_pages_and_goods_only(client: Client) -> None:
    shown, draft, closed = pages.article("Đọc được"), pages.article("Nháp", live=False), pages.article("Kín")
    PageViewRestriction.objects.create(page=closed, restriction_type="login")
    withdrawn = pages.course("Đã gỡ")
    pages.lesson(withdrawn)
    withdrawn.unpublish()
    product, hidden = make_goods(), make_goods()
    Partner.objects.filter(pk=hidden.household_id).update(is_active=False)
    assert _addresses(client, "/sitemap.xml") == ["/sitemap-hang-1.xml", "/sitemap-trang-1.xml"]
    assert sorted(_addresses(client, "/sitemap-trang-1.xml")) == sorted([*FIRST, page_path(shown)])
    assert _addresses(client, "/sitemap-hang-1.xml") == [product.get_absolute_url()]
    assert page_path(draft) not in client.get("/sitemap-trang-1.xml").content.decode()


@pytest.mark.parametrize("path", ["/sitemap-trang-2.xml", "/sitemap-trang-0.xml", "/sitemap-khac-1.xml"])
def test_there_is_no_file_past_the_last(client: Client, path: str) -> None:
    assert client.get(path).status_code == 404


def test_files_are_bounded_and_cost_one_query_then_none(
    client: Client, monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: Any
) -> None:
    monkeypatch.setattr(crawlers, "PER_FILE", 3)
    assert _addresses(client, "/sitemap.xml") == ["/sitemap-trang-1.xml", "/sitemap-trang-2.xml"]
    with django_assert_num_queries(1):
        first = _addresses(client, "/sitemap-trang-1.xml")
    with django_assert_num_queries(0):
        assert _addresses(client, "/sitemap-trang-1.xml") == first
    assert sorted(first + _addresses(client, "/sitemap-trang-2.xml")) == FIRST


def test_new_page_is_in_the_kept_sitemap_at_once(
    client: Client, django_capture_on_commit_callbacks: Any
) -> None:
    _addresses(client, "/sitemap-trang-1.xml")
    with django_capture_on_commit_callbacks(execute=True):
        page = pages.article()
    assert page_path(page) in _addresses(client, "/sitemap-trang-1.xml")


def _canonical(client: Client, path: str) -> list[str]:
    return re.findall('<link rel="canonical" href="(.*?)">', client.get(path).content.decode())


def test_alias_and_fallback_name_the_original_and_others_nothing(client: Client) -> None:
    course, other = pages.course(), pages.course("Khóa khác")
    lesson = pages.lesson(course)
    alias = lesson.create_alias(parent=other)
    here, copy = page_path(lesson, "vi"), page_path(alias, "vi")
    assert [_canonical(client, path) for path in (copy, f"/en{here}", here)] == [[here], [here], []]
    assert (
        here in _addresses(client, "/sitemap-trang-1.xml"),
        copy in _addresses(client, "/sitemap-trang-1.xml"),
    ) == (
        True,
        False,
    )
