"""What no person types is refused with our 400 page, before a view or the database sees it."""

from __future__ import annotations

import json

import pytest
from django.test import Client
from django.urls import clear_url_caches
from pytest_django import Settings

from tests.integration.pagecache import site

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def tiny_site(settings: Settings) -> None:
    settings.ROOT_URLCONF = "tests.integration.pagecache.site"
    settings.MIDDLEWARE = [
        name for name in settings.MIDDLEWARE if name != "base.access.middleware.AccessMiddleware"
    ]
    clear_url_caches()
    site.reset()


@pytest.mark.parametrize(
    "address",
    [
        "/toi/%00",
        "/la/a%00b/",
        "/toi/?q=a%00b",
        "/toi/?a%00=b",
        "/toi/?q=%ff",
        "/toi/?q=%C3%28",
        "/toi/?q=%ED%A0%80",
        "/cho/?nhom=%00",
    ],
)
def test_nul_or_broken_utf8_in_the_address_is_400(client: Client, address: str) -> None:
    assert client.get(address).status_code == 400
    assert not site.runs


@pytest.mark.parametrize(
    "address", ["/toi/?q=mật+ong", "/toi/?q=m%E1%BA%ADt%20ong", "/toi/?q=100%25", "/toi/?q=%", ""]
)
def test_text_as_people_write_it_passes(client: Client, address: str) -> None:
    assert client.get(address or "/toi/").status_code == 200


def test_nul_in_a_form_is_400(client: Client) -> None:
    for sent in ({"name": "a\x00b"}, {"na\x00me": "b"}):
        assert client.post("/toi/", sent).status_code == 400
        assert client.post("/toi/", sent, content_type="multipart/form-data; boundary=x").status_code in (
            200,
            400,
        )
    urlencoded = "application/x-www-form-urlencoded"
    for body in ("a=%00", "a=%ff", "%00=a"):
        assert client.post("/toi/", body, content_type=urlencoded).status_code == 400
    assert client.post("/toi/", "a=m%E1%BA%ADt", content_type=urlencoded).status_code == 200


def test_nul_in_json_is_400(client: Client) -> None:
    assert client.post("/toi/", json.dumps({"a": "\x00"}), content_type="application/json").status_code == 400
    assert client.post("/toi/", json.dumps({"a": "mật"}), content_type="application/json").status_code == 200


def test_body_beyond_the_limit_is_refused_before_it_is_read(client: Client, settings: Settings) -> None:
    settings.REQUEST_MAX_BYTES = 100
    assert client.post("/toi/", {"a": "x" * 200}).status_code in (400, 413)
    assert client.post("/toi/", {}, headers={"content-length": "no"}).status_code in (200, 400)
    assert not site.runs["personal"]
