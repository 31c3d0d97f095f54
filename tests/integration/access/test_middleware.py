"""What the guard does with a request, and that an address without a row is closed to everybody."""

import logging

import pytest
from django.contrib.messages import get_messages
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import include, path
from pytest_django import DjangoAssertNumQueries, Settings

from base.access import matrix
from base.access.checks import every_address_has_a_row, the_matrix_is_enforced
from base.access.matrix import Role, Scope, named
from base.access.posts import Limits, same_origin_post
from tests.factories.accounts import UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]


def page(request: HttpRequest) -> HttpResponse:
    """Show that the view ran."""
    return HttpResponse("the view ran")


urlpatterns = [
    path("", include("base.accounts.urls")),
    path("mo/", page, name="open"),
    path("rieng/", page, name="closed"),
    path("quen/", page, name="forgotten"),
    path("quen/khong-ten/", page),
    path("gui/", same_origin_post(page), name="post"),
]
handler403 = "base.shell.errors.permission_denied"


@pytest.fixture(autouse=True)
def _rows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(matrix, "_by_name", dict(matrix._by_name))
    matrix.register(
        [
            named("page", "see", [Role.ANYONE], Scope.ALL, "open", "post"),
            named("page", "see closed", [Role.PLATFORM_STAFF], Scope.EVERY, "closed"),
        ]
    )


def test_open_page_asks_the_database_nothing(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client.force_login(UserFactory.create())
    with django_assert_num_queries(0):
        assert client.get("/mo/").content == b"the view ran"


def test_guest_is_sent_to_sign_in_and_back(client: Client) -> None:
    assert client.get("/rieng/?a=1").headers["Location"] == "/dang-nhap/?next=/rieng/%3Fa%3D1"


def test_guest_who_posts_is_sent_back_to_the_page_with_the_form(client: Client) -> None:
    answer = client.post("/rieng/", headers={"Referer": "http://testserver/mo/?a=1"})
    assert answer.headers["Location"] == "/dang-nhap/?next=/mo/%3Fa%3D1"
    answer = client.post("/rieng/", headers={"Referer": "http://evil.example/"})
    assert answer.headers["Location"] == "/dang-nhap/?next=/"


def test_signed_in_person_without_the_role_gets_403(client: Client) -> None:
    client.force_login(UserFactory.create())
    answer = client.get("/rieng/")
    assert answer.status_code == 403
    assert b"the view ran" not in answer.content


def test_role_opens(client: Client) -> None:
    client.force_login(UserFactory.create(is_staff=True))
    assert client.get("/rieng/").status_code == 200


@pytest.mark.parametrize("address", ["/quen/", "/quen/khong-ten/"])
def test_address_without_a_row_is_closed_and_loud(
    client: Client, address: str, caplog: pytest.LogCaptureFixture
) -> None:
    client.force_login(UserFactory.create(is_staff=True, is_superuser=True))
    with caplog.at_level(logging.ERROR, logger="base.access.middleware"):
        assert client.get(address).status_code == 403
    assert "no row in the permission matrix" in caplog.text


def test_check_names_addresses_without_a_row() -> None:
    found = every_address_has_a_row(None)
    assert [(error.id, error.msg.split()[0]) for error in found] == [
        ("access.E001", "quen/"),
        ("access.E001", "quen/khong-ten/"),
    ]


def test_check_wants_the_guard_after_authentication(settings: Settings) -> None:
    assert the_matrix_is_enforced(None) == []
    settings.MIDDLEWARE = [name for name in settings.MIDDLEWARE if "AccessMiddleware" not in name]
    assert [error.id for error in the_matrix_is_enforced(None)] == ["access.E002"]


def test_post_from_a_cached_page_needs_no_token_but_our_origin() -> None:
    strict = Client(enforce_csrf_checks=True)
    assert strict.post("/gui/", headers={"Sec-Fetch-Site": "same-origin"}).content == b"the view ran"
    assert strict.post("/gui/", headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert strict.post("/gui/").status_code == 403


def test_post_from_a_cached_page_is_limited(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("base.access.posts.FORMS", Limits("post", 60, per_address=2))
    here = {"Sec-Fetch-Site": "same-origin"}
    assert [client.post("/gui/", headers=here).status_code for _ in range(4)] == [200, 200, 429, 429]


def test_guest_who_posts_is_told_that_nothing_was_saved_and_one_who_looks_is_not(client: Client) -> None:
    for answer, told in ((client.get("/rieng/"), []), (client.post("/rieng/"), ["warning"])):
        assert [one.level_tag for one in get_messages(answer.wsgi_request)] == told
