"""Every field of the account pages with hostile input: an answer, never an error of ours."""

import json

import pytest
from django.core.cache import cache
from django.test import Client

from tests.factories.accounts import UserFactory
from tests.shared import SHARED

pytestmark = pytest.mark.django_db

OWN = [
    "", " ", "\x00", "'; DROP TABLE accounts_user; --", "<script>alert(1)</script>", "0912" * 500, "٠٩١٢٣٤٥٦٧٨",
    "\u202e0912345678", "đ" * 5000, "a\u0301" * 200, "{{ 7*7 }}", "%s%n", "0912345678\r\nX: y", "-1", "[]", "\ufffe",
]  # fmt: skip
FIELDS = [
    ("/dang-nhap/", "login"), ("/dang-nhap/", "password"), ("/dang-nhap/", "next"), ("/dang-nhap/ma/", "phone"),
    ("/dang-ky/", "phone"), ("/dang-ky/", "full_name"), ("/dang-ky/", "password1"),
    ("/tai-khoan/ten/", "full_name"), ("/tai-khoan/mat-khau/", "old_password"),
    ("/tai-khoan/mat-khau/", "new_password"),
    ("/tai-khoan/xac-nhan/", "password"), ("/tai-khoan/doi-so/", "phone"), ("/tai-khoan/xac-nhan-so/", "code"),
]  # fmt: skip
GOOD = {
    "login": "0912 345 678", "phone": "0912 345 678", "password": "mua-xuan-tren-ban", "password1": "mua-xuan-tren-ban",
    "full_name": "Lò Thị Mai", "old_password": "mua-xuan-tren-ban", "new_password": "mua-he-tren-ban",
}  # fmt: skip


def strings() -> list[str]:
    """Ours, and a sample of the well-known list where it is at hand."""
    if SHARED is None:
        return OWN
    known = json.loads((SHARED / "data/hostile-input/blns.json").read_text(encoding="utf-8"))
    return OWN + known[::15]


@pytest.mark.parametrize(("path", "field"), FIELDS)
def test_field_takes_anything(client: Client, path: str, field: str) -> None:
    if path.startswith("/tai-khoan/"):
        client.force_login(UserFactory.create(phone="+84912345678"))
    for text in strings():
        cache.clear()
        answer = client.post(path, GOOD | {field: text})
        assert answer.status_code < 500, repr(text)
        assert b"<script>alert(1)</script>" not in answer.content


@pytest.mark.parametrize(
    "path", ["/dang-nhap/", "/dang-ky/", "/dang-nhap/ma/", "/dang-nhap/ma/nhap/", "/tai-khoan/xac-nhan-so/"]
)
def test_page_opens_with_any_query(client: Client, path: str) -> None:
    for text in OWN:
        assert client.get(path, {"next": text, "email": text}).status_code < 500
