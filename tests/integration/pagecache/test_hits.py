"""What a kept page answers: the same bytes for everybody, small, without a query."""

from __future__ import annotations

import gzip

import brotli
import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings

from base.accounts.models import User
from base.pagecache import NotPublic
from tests.integration.pagecache import site

pytestmark = pytest.mark.django_db


def test_second_visit_runs_no_view_and_no_query(
    visitor: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    first = visitor.get("/cho/")
    with django_assert_num_queries(0):
        second = visitor.get("/cho/")
    assert site.runs["market"] == 1
    assert (first.content, first.headers) == (second.content, second.headers)
    assert second["Cache-Control"] == "no-cache"
    assert second["Vary"] == "Accept-Encoding, Save-Data"
    assert not second.cookies


def test_signed_in_person_gets_the_same_bytes_without_a_query(
    visitor: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    user = User.objects.create_user(phone="+84912345678", password="một hai ba bốn")
    signed_in = Client()
    signed_in.force_login(user)
    for_nobody = visitor.get("/cho/")
    with django_assert_num_queries(0):
        for_her = signed_in.get("/cho/")
    assert for_her.content == for_nobody.content
    assert b"user=AnonymousUser" in for_nobody.content


def test_signed_in_person_who_comes_first_leaves_nothing_of_hers(visitor: Client) -> None:
    user = User.objects.create_user(phone="+84912345678", password="một hai ba bốn")
    signed_in = Client(headers={"user-agent": "phone of hers", "accept-language": "en"})
    signed_in.force_login(user)
    signed_in.get("/cho/")
    page = visitor.get("/cho/").content.decode()
    assert site.runs["market"] == 1
    assert "user=AnonymousUser" in page
    assert "agent=</p>" in page


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [
        ("gzip, deflate, br", "br"),
        ("gzip, deflate", "gzip"),
        ("br;q=0, gzip;q=0.5", "gzip"),
        ("br;q=0.0, gzip;q=0", ""),
        ("", ""),
        ("identity", ""),
    ],
)
def test_page_comes_in_the_best_encoding_the_browser_takes(
    visitor: Client, accepted: str, encoding: str
) -> None:
    plain = visitor.get("/cho/").content
    packed = visitor.get("/cho/", headers={"accept-encoding": accepted})
    assert packed.get("Content-Encoding", "") == encoding
    unpack = {"br": brotli.decompress, "gzip": gzip.decompress, "": bytes}[encoding]
    assert unpack(packed.content) == plain
    assert packed["Content-Length"] == str(len(packed.content))
    assert not encoding or len(packed.content) < len(plain) / 5


def test_unchanged_page_is_304_with_its_tag_and_no_body(visitor: Client) -> None:
    etag = visitor.get("/cho/")["ETag"]
    for asked in (etag, etag.removeprefix("W/"), f'"other", {etag}', "*"):
        again = visitor.get("/cho/", headers={"if-none-match": asked, "accept-encoding": "br"})
        assert (again.status_code, again.content, again["ETag"]) == (304, b"", etag)
        assert again["Vary"] == "Accept-Encoding, Save-Data"


def test_changed_page_has_another_tag(visitor: Client) -> None:
    etag = visitor.get("/cho/")["ETag"]
    assert visitor.get("/cho/", {"nhom": "rau"}, headers={"if-none-match": etag}).status_code == 200


def test_head_has_the_headers_of_get_and_no_body(visitor: Client) -> None:
    visitor.head("/cho/")
    assert site.runs["market"] == 1
    got = visitor.get("/cho/", headers={"accept-encoding": "br"})
    head = visitor.head("/cho/", headers={"accept-encoding": "br"})
    assert site.runs["market"] == 2  # the HEAD of a page not kept yet kept none
    assert head.content == b""
    assert head.headers == got.headers


def test_only_listed_query_names_count(visitor: Client) -> None:
    visitor.get("/cho/?trang=2&nhom=rau")
    same = visitor.get("/cho/?fbclid=1&nhom=rau&trang=2&utm_source=zalo").content.decode()
    assert site.runs["market"] == 1
    assert "query=nhom=rau&amp;trang=2" in same or "query=nhom=rau&trang=2" in same
    visitor.get("/cho/?trang=3&nhom=rau")
    visitor.get("/cho/?trang=3&trang=4")
    visitor.get("/cho/?trang=4&trang=3")
    assert site.runs["market"] == 4


def test_view_never_sees_a_query_name_it_did_not_list(visitor: Client) -> None:
    assert "evil" not in visitor.get("/cho/?x=evil").content.decode()
    assert "evil" not in visitor.get("/cho/").content.decode()


def test_very_long_query_is_answered_but_not_kept(visitor: Client) -> None:
    for _ in range(2):
        assert "a" * 600 in visitor.get("/cho/", {"nhom": "a" * 600}).content.decode()
    assert site.runs["market"] == 2


def test_save_data_has_a_page_of_its_own(visitor: Client) -> None:
    for _ in range(2):
        visitor.get("/cho/")
        visitor.get("/cho/", headers={"save-data": "on"})
    assert site.runs["market"] == 2


def test_language_prefix_is_part_of_the_page_and_accept_language_is_not(visitor: Client) -> None:
    vietnamese = visitor.get("/cho/", headers={"accept-language": "en"})
    english = visitor.get("/en/cho/")
    assert (vietnamese["Content-Language"], english["Content-Language"]) == ("vi", "en")
    assert visitor.get("/cho/")["Content-Language"] == "vi"
    assert site.runs["market"] == 2


def test_other_host_is_refused_and_never_kept(visitor: Client) -> None:
    assert visitor.get("/cho/", headers={"host": "evil.example"}).status_code == 400
    page = visitor.get("/cho/", headers={"x-forwarded-host": "evil.example"}).content.decode()
    assert "evil" not in page
    assert "host=testserver" in visitor.get("/cho/").content.decode()
    assert visitor.get("/cho/", headers={"host": "evil.example"}).status_code == 400  # also when it is kept


def test_forwarded_host_cannot_put_a_page_under_another_host(visitor: Client) -> None:
    visitor.get("/cho/", headers={"host": "localhost", "x-forwarded-host": "testserver"})
    assert "host=testserver" in visitor.get("/cho/").content.decode()


def test_each_allowed_host_has_its_own_page(visitor: Client) -> None:
    visitor.get("/cho/")
    assert "host=localhost" in visitor.get("/cho/", headers={"host": "localhost"}).content.decode()


def test_plain_http_never_gets_a_page_kept_for_tls(visitor: Client, settings: Settings) -> None:
    settings.SECURE_SSL_REDIRECT = True
    assert Client().get("/cho/", secure=True).status_code == 200
    assert Client().get("/cho/").status_code == 301


def test_post_reaches_the_view_and_is_not_kept(visitor: Client) -> None:
    visitor.get("/cho/")
    answer = visitor.post("/cho/", {"nhom": "rau"})
    assert site.runs["market"] == 2
    assert not answer.has_header("ETag")


@pytest.mark.parametrize("kind", ["404", "403", "private", "streaming", "restricted"])
def test_answer_that_is_not_a_plain_public_page_is_not_kept(visitor: Client, kind: str) -> None:
    statuses = {visitor.get(f"/la/{kind}/").status_code for _ in range(2)}
    assert site.runs[kind] == 2
    assert statuses == {{"404": 404, "403": 403}.get(kind, 200)}


def test_failing_view_is_not_kept() -> None:
    visitor = Client(raise_request_exception=False)
    assert [visitor.get("/la/500/").status_code for _ in range(2)] == [500, 500]
    assert site.runs["500"] == 2


def test_page_for_some_people_only_is_made_for_each(visitor: Client) -> None:
    user = User.objects.create_user(phone="+84912345678", password="một hai ba bốn")
    signed_in = Client()
    signed_in.force_login(user)
    assert signed_in.get("/la/restricted/").content.decode() == f"for {user} only"
    answer = visitor.get("/la/restricted/")
    assert answer.content.decode() == "for AnonymousUser only"
    assert answer["Cache-Control"] == "private, no-cache"


@pytest.mark.parametrize("kind", ["session", "csrf", "nonce", "cookie"])
def test_public_view_that_touches_the_visitor_raises_in_tests(visitor: Client, kind: str) -> None:
    with pytest.raises(NotPublic, match="calls itself public"):
        visitor.get(f"/la/{kind}/")


@pytest.mark.parametrize("kind", ["session", "csrf", "nonce", "cookie"])
def test_public_view_that_touches_the_visitor_works_in_production_but_is_not_kept(
    visitor: Client, settings: Settings, kind: str
) -> None:
    settings.PAGE_CACHE_RAISES = False
    for _ in range(2):
        answer = visitor.get(f"/la/{kind}/")
        assert answer.status_code == 200
        assert not answer.has_header("ETag")
    assert site.runs[kind] == 2
    assert ("csrftoken" in visitor.cookies) == (kind == "csrf")


def test_csrf_token_in_a_template_is_noticed_too(visitor: Client) -> None:
    site.state["template"] = "<form>{% csrf_token %}</form>"
    with pytest.raises(NotPublic, match="CSRF"):
        visitor.get("/trang/")


def test_template_sees_an_anonymous_visitor(visitor: Client) -> None:
    user = User.objects.create_user(phone="+84912345678", password="một hai ba bốn")
    visitor.force_login(user)
    assert visitor.get("/trang/").content == b"<p>AnonymousUser</p>"


def test_personal_page_is_private_and_compressed_but_not_kept(visitor: Client) -> None:
    for _ in range(2):
        answer = visitor.get("/toi/", headers={"accept-encoding": "gzip"})
    assert site.runs["personal"] == 2
    assert (answer["Cache-Control"], answer["Content-Encoding"]) == ("private, no-cache", "gzip")


def test_wagtail_preview_never_gets_the_kept_page(visitor: Client) -> None:
    """Wagtail previews a draft by a made-up request for the page's address through all middleware."""
    from django.test import RequestFactory

    from base.pagecache.middleware import page_key

    request = RequestFactory().get("/cho/")
    assert page_key(request) is not None
    request.is_dummy = True  # type: ignore[attr-defined]
    assert page_key(request) is None
