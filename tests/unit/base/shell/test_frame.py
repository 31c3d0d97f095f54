"""The frame: nothing personal or inline in it, a way back on desks, and error pages that always answer."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.http import HttpRequest
from django.template import Context, Template
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils import translation

from base.shell import errors

SHELL = Path(errors.__file__).parent
MAX_CSS_BYTES = 6 * 1024
MAX_JS_BYTES = 3 * 1024


@pytest.fixture(autouse=True)
def _vietnamese() -> Any:
    with translation.override("vi"):
        yield


@pytest.fixture
def request_() -> HttpRequest:
    return RequestFactory().get("/khong-co/")


def _page(blocks: str, parent: str = "shell/base.html", **context: Any) -> str:
    return Template('{% extends "' + parent + '" %}' + blocks).render(Context(context))


def test_title_is_the_page_then_the_site() -> None:
    assert "<title>Chợ · Làng Số</title>" in _page("{% block title %}Chợ{% endblock %}")
    assert "<title>Làng Số</title>" in _page("")


def test_an_empty_heading_is_no_heading() -> None:
    assert "<h1>" not in _page("")
    assert "<h1>Chợ hôm nay</h1>" in _page("{% block heading %}Chợ hôm nay{% endblock %}")


def test_language_is_the_one_being_read() -> None:
    with translation.override("en"):
        assert '<html lang="en">' in _page("")
    assert '<html lang="vi">' in _page("")


def test_navigation_marks_one_place() -> None:
    assert _page("", nav="market").count('aria-current="true"') == 1
    assert _page("").count("aria-current") == 0


def test_public_page_shows_no_messages_and_a_desk_does() -> None:
    assert "Xong rồi" not in _page("", messages=["Xong rồi"])
    assert "Xong rồi" in _page("", messages=["Xong rồi"], personal=True)
    assert "Xong rồi" in _page("", parent="shell/desk.html", messages=["Xong rồi"])


def test_desk_leads_back_and_has_no_search() -> None:
    html = _page(
        "{% block back %}/ban/{% endblock %}{% block back_text %}Bán hàng{% endblock %}", "shell/desk.html"
    )
    assert re.search(r'<a class="name" href="/ban/"><svg.*?</svg> Bán hàng</a>', html)
    assert 'role="search"' not in html


def test_search_box_escapes_what_was_asked() -> None:
    html = _page("{% block query %}{{ q }}{% endblock %}", q='"><script>')
    assert 'value="&quot;&gt;&lt;script&gt;"' in html


@pytest.mark.parametrize("path", sorted((SHELL / "templates").rglob("*.html")), ids=lambda p: p.name)
def test_templates_have_nothing_inline(path: Path) -> None:
    source = path.read_text()
    assert not re.search(r"\sstyle=|<style|\son[a-z]+=|javascript:|<script(?![^>]*\ssrc=)", source)


@pytest.mark.parametrize("status", [400, 403, 404, 409, 429])
def test_error_pages_keep_their_status_and_are_not_stored(request_: HttpRequest, status: int) -> None:
    response = errors.page(request_, status)
    assert response.status_code == status
    assert "no-store" in response["Cache-Control"]
    assert "<h1>" in response.content.decode()


def test_too_many_says_when_to_come_back(request_: HttpRequest) -> None:
    response = errors.too_many(request_, retry_after_s=60)
    assert (response.status_code, response["Retry-After"]) == (429, "60")


def test_csrf_failure_says_what_to_do(request_: HttpRequest) -> None:
    response = errors.csrf_failure(request_, "token missing")
    assert response.status_code == 403
    assert "tải lại trang" in response.content.decode()


def test_server_error_answers_even_when_its_own_page_fails(
    request_: HttpRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_args: Any) -> str:
        raise RuntimeError

    monkeypatch.setattr("django.template.loader.render_to_string", broken)
    response = errors.server_error(request_)
    assert response.status_code == 500
    assert "Thử lại sau ít phút" in response.content.decode()


def test_server_error_page_needs_no_context() -> None:
    assert "Trang đang lỗi" in render_to_string("500.html")


def test_style_sheet_and_script_stay_small() -> None:
    brotli = pytest.importorskip("brotli")
    sizes = {p.name: len(brotli.compress(p.read_bytes())) for p in (SHELL / "static/shell").glob("*.[cj]s*")}
    assert sizes["site.css"] <= MAX_CSS_BYTES
    assert sizes["site.js"] <= MAX_JS_BYTES
    assert sizes["photo.js"] <= MAX_JS_BYTES
