"""An address that takes only what a button sends, opened all the same, says so and leads on."""

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("method", "address", "allowed"),
    [
        ("get", "/hoc/cua-toi/tra-loi/", "POST"),
        ("get", "/gio/them/", "POST"),
        ("put", "/gio/them/", "POST"),
        ("post", "/chinh-sach/", "GET, HEAD"),
    ],
)
def test_wrong_method_is_answered_in_words(method: str, address: str, allowed: str) -> None:
    answer = getattr(Client(), method)(address, headers={"Referer": "http://testserver/cho/?trang=2"})
    page = answer.content.decode()
    assert (answer.status_code, answer.headers["Allow"]) == (405, allowed)
    assert "Không mở thẳng địa chỉ này được" in page
    assert 'class="btn" href="/cho/?trang=2"' in page
    assert "no-store" in answer.headers["Cache-Control"]


def test_wrong_method_leads_to_no_other_site() -> None:
    answer = Client().get("/gio/them/", headers={"Referer": "https://evil.example/"})
    assert "evil.example" not in answer.content.decode()


def test_head_of_such_an_address_has_no_body() -> None:
    answer = Client().head("/gio/them/")
    assert (answer.status_code, answer.content) == (405, b"")
