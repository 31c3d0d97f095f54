"""Whether a post came from a page of ours, by what browsers say."""

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from base.access.posts import is_from_here, same_origin, same_origin_post

HERE = "http://testserver"


@pytest.mark.parametrize(
    ("headers", "answer"),
    [
        ({"Sec-Fetch-Site": "same-origin"}, True),
        ({"Sec-Fetch-Site": "same-origin", "Origin": HERE}, True),
        ({"Sec-Fetch-Site": "same-site"}, False),
        ({"Sec-Fetch-Site": "cross-site", "Origin": HERE}, False),
        ({"Sec-Fetch-Site": "none"}, False),
        ({"Sec-Fetch-Site": ""}, False),
        ({"Origin": HERE}, True),
        ({"Origin": "null"}, False),
        ({"Origin": ""}, False),
        ({"Origin": "https://testserver"}, False),
        ({"Origin": "http://testserver.evil.example"}, False),
        ({"Origin": "http://evil.example", "Referer": f"{HERE}/cho/"}, False),
        ({"Referer": f"{HERE}/cho/"}, True),
        ({"Referer": "http://evil.example/http://testserver/"}, False),
        ({"Referer": "testserver"}, False),
        ({}, False),
    ],
)
def test_is_from_here(headers: dict[str, str], answer: bool) -> None:
    assert is_from_here(RequestFactory().post("/", headers=headers)) is answer


def test_same_origin_post_takes_posts_only() -> None:
    @same_origin_post
    def view(request: HttpRequest) -> HttpResponse:
        return HttpResponse("done")

    assert view(RequestFactory().get("/", headers={"Sec-Fetch-Site": "same-origin"})).status_code == 405
    assert getattr(view, "csrf_exempt", False)
    assert getattr(view, "is_same_origin_post", False)


@pytest.mark.parametrize(("method", "answer"), [("put", 403), ("head", 403), ("post", 405), ("get", 405)])
def test_same_origin_guards_the_methods_it_names_and_takes_no_others(method: str, answer: int) -> None:
    @same_origin("HEAD", "PUT")
    def view(request: HttpRequest) -> HttpResponse:
        return HttpResponse("done")

    request = getattr(RequestFactory(), method)("/", headers={"Sec-Fetch-Site": "cross-site"})
    assert view(request).status_code == answer


def test_same_origin_refuses_in_the_words_of_its_view() -> None:
    @same_origin("POST", refuse=lambda request: HttpResponse("no", status=403))
    def view(request: HttpRequest) -> HttpResponse:
        return HttpResponse("done")

    assert view(RequestFactory().post("/")).content == b"no"
