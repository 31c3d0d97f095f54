"""Headers on every kind of answer: policy by path, nothing that a browser may guess, frame or leak."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest
from django.test import Client
from django.urls import clear_url_caches, reverse
from pytest_django import Settings

from base.shell.pages import page_path
from tests.factories import pages
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db

STRICT = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; media-src 'self'; font-src 'self'; "
    "connect-src 'self'; manifest-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'"
)


def directives(policy: str) -> set[str]:
    return {part.strip() for part in policy.split(";")}


@pytest.fixture
def tiny_site(settings: Settings) -> None:
    settings.ROOT_URLCONF = "tests.integration.pagecache.site"
    settings.MIDDLEWARE = [
        name for name in settings.MIDDLEWARE if name != "base.access.middleware.AccessMiddleware"
    ]
    clear_url_caches()


@pytest.mark.usefixtures("tiny_site")
@pytest.mark.parametrize("address", ["/cho/", "/toi/", "/none/", "/la/403/"])
def test_our_pages_have_the_strict_policy_and_every_other_header(client: Client, address: str) -> None:
    client.get(address)
    answer = client.get(address)  # the second time some come from the cache
    assert directives(answer["Content-Security-Policy"]) == directives(STRICT)
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["Referrer-Policy"] == "same-origin"
    assert answer["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "camera=(self)" in answer["Permissions-Policy"]
    assert "geolocation=()" in answer["Permissions-Policy"]


@pytest.mark.usefixtures("tiny_site")
def test_third_party_admin_has_its_own_policy_and_django_admin_a_strict_one(client: Client) -> None:
    wagtail = directives(client.get("/quan-tri/")["Content-Security-Policy"])
    django = directives(client.get("/quan-tri/he-thong/")["Content-Security-Policy"])
    assert "script-src 'self' 'unsafe-inline'" in wagtail
    assert "frame-ancestors 'self'" in wagtail
    assert "script-src 'self'" in django
    assert not any("nonce" in part for part in wagtail | django)


def test_preview_is_framed_by_our_admin_only_and_the_page_itself_by_nobody(client: Client) -> None:
    client.force_login(UserFactory.create(is_superuser=True))
    page = pages.article()
    address = reverse("wagtailadmin_pages:preview_on_edit", args=[page.pk])
    form = {"title": page.title, "slug": page.slug, "topic": "policy", "summary": "x", "body-count": "0"}
    comments = {"comments-TOTAL_FORMS": "0", "comments-INITIAL_FORMS": "0", "comments-MAX_NUM_FORMS": ""}
    assert client.post(address, form | comments).json()["is_available"]
    preview = client.get(address, {"in_preview_panel": "true", "mode": ""})
    assert page.title in preview.content.decode()
    assert preview["X-Frame-Options"] == "SAMEORIGIN"
    changed = STRICT.replace("frame-ancestors 'none'", "frame-ancestors 'self'")
    assert directives(preview["Content-Security-Policy"]) == directives(changed)
    public = client.get(page_path(page))
    assert directives(public["Content-Security-Policy"]) == directives(STRICT)
    assert public["X-Frame-Options"] == "DENY"


def server(*command: str, **changed: str) -> subprocess.CompletedProcess[str]:
    """Run Python as a server would: production settings, and of this environment only what any server has."""
    environment = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ} | {
        "DJANGO_SETTINGS_MODULE": "config.settings.production",
        "SECRET_KEY": "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ",
        "ALLOWED_HOSTS": "langso.example",
        "SITE_BASE_URL": "https://langso.example",
        "SMS_BACKEND": "base.accounts.sms.LogBackend",
    }
    return subprocess.run(
        [sys.executable, *command],
        env=environment | changed,
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )


def deploy_check(**changed: str) -> subprocess.CompletedProcess[str]:
    """Run ``manage.py check --deploy``, where a warning is a failure."""
    return server("manage.py", "check", "--deploy", "--fail-level", "WARNING", **changed)


def test_check_deploy_is_clean_with_production_settings() -> None:
    done = deploy_check()
    assert done.returncode == 0, done.stderr
    assert "no issues" in done.stdout + done.stderr


def test_wrong_production_settings_fail_the_check_with_the_cure() -> None:
    done = deploy_check(
        SECRET_KEY="short",
        CACHE_URL="memcached://x",
        PAGE_CACHE_LIFE_S="0",
        SECURE_HSTS_SECONDS="0",
        SMS_BACKEND="nope.Nope",
    )
    assert done.returncode != 0
    for found in (
        "security.W009",
        "pagecache.E003",
        "pagecache.E004",
        "security.W004",
        "accounts.E003",
        "HINT",
    ):
        assert found in done.stderr


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SESSION_COOKIE_SECURE", True),
        ("CSRF_COOKIE_SECURE", True),
        ("LANGUAGE_COOKIE_SECURE", True),
        ("SESSION_COOKIE_HTTPONLY", True),
        ("CSRF_COOKIE_HTTPONLY", True),
        ("SESSION_COOKIE_SAMESITE", "Lax"),
        ("CSRF_COOKIE_SAMESITE", "Lax"),
        ("SESSION_COOKIE_NAME", "__Host-session"),
        ("SECURE_SSL_REDIRECT", True),
        ("SECURE_PROXY_SSL_HEADER", None),
        ("USE_X_FORWARDED_HOST", False),
        ("DEBUG", False),
        ("PAGE_CACHE_RAISES", False),
    ],
)
def test_production_has(production_settings: dict[str, object], name: str, value: object) -> None:
    assert production_settings[name] == value


@pytest.fixture(scope="module")
def production_settings() -> dict[str, object]:
    """What production settings are, read in a process of their own."""
    script = (
        "import json, django.conf as c; s = c.settings; "
        "print(json.dumps({n: v for n in dir(s) if n.isupper() "
        "and isinstance(v := getattr(s, n), (bool, int, str, type(None)))}))"
    )
    done = server("-c", script)
    assert done.returncode == 0, done.stderr
    found: dict[str, object] = json.loads(done.stdout)
    return found
