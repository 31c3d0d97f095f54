"""A content security policy that lets inline code in fails manage.py check."""

from __future__ import annotations

import pytest
from pytest_django import Settings

from base.headers import checks
from base.headers.csp import policy_name


def test_policies_as_they_are_pass() -> None:
    assert checks.check_csp() == []


@pytest.mark.parametrize("source", ["'unsafe-inline'", "'unsafe-eval'", "*", "data:", "https:"])
@pytest.mark.parametrize("directive", ["script-src", "style-src", "default-src"])
def test_loose_source_in_the_strict_policy_is_refused(
    settings: Settings, directive: str, source: str
) -> None:
    strict = settings.CSP_STRICT | {directive: ["'self'", source]}
    settings.CONTENT_SECURITY_POLICY = {"DIRECTIVES": strict}
    assert [error.id for error in checks.check_csp()] == ["headers.E001"]


@pytest.mark.parametrize("directive", ["default-src", "base-uri", "form-action", "frame-ancestors"])
def test_missing_directive_is_refused(settings: Settings, directive: str) -> None:
    strict = {name: value for name, value in settings.CSP_STRICT.items() if name != directive}
    settings.CONTENT_SECURITY_POLICY = {"DIRECTIVES": strict}
    assert [error.id for error in checks.check_csp()] == ["headers.E002"]


def test_prefix_of_a_policy_that_does_not_exist_is_refused(settings: Settings) -> None:
    settings.CSP_BY_PREFIX = {"/x/": "lax"}
    assert [error.id for error in checks.check_csp()] == ["headers.E003"]


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/", None),
        ("/cho/", None),
        ("/quan-tri", None),
        ("/en/quan-tri/", None),
        ("/quan-tri/", "third-party-admin"),
        ("/quan-tri/cho/", "third-party-admin"),
        ("/quan-tri/he-thong/", "django-admin"),
        ("/quan-tri/he-thong/auth/", "django-admin"),
    ],
)
def test_longest_prefix_names_the_policy(path: str, name: str | None) -> None:
    assert policy_name(path) == name
