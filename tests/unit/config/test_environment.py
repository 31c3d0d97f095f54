"""A setting that cannot be used stops the site naming the variable and what would do."""

from __future__ import annotations

import ast
import os
import subprocess
import sys

import pytest

SERVER = {
    "SECRET_KEY": "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ",
    "ALLOWED_HOSTS": "langso.example",
    "SITE_BASE_URL": "https://langso.example",
    "SMS_BACKEND": "base.accounts.sms.LogBackend",
}
PRINT = "import config.settings.production as s; print([getattr(s, name) for name in {names!r}])"


def settings_of_a_server(*names: str, **changed: str) -> subprocess.CompletedProcess[str]:
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return subprocess.run(
        [sys.executable, "-c", PRINT.format(names=names)],
        env=kept | SERVER | changed,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize(
    ("name", "value", "cure"),
    [
        ("INTAKE_KEPT_DAYS", "x", "INTAKE_KEPT_DAYS=180"),
        ("REQUEST_MAX_BYTES", "30MB", "REQUEST_MAX_BYTES=31457280"),
        ("REQUEST_MAX_BYTES", "-1", "REQUEST_MAX_BYTES=31457280"),
        ("SECURE_HSTS_SECONDS", "abc", "SECURE_HSTS_SECONDS=31536000"),
        ("TRUSTED_PROXY_COUNT", "x", "0 or more"),
        ("TRUSTED_PROXY_COUNT", "-1", "0 or more"),
        ("ORDERS_PER_PHONE_A_DAY", "", "ORDERS_PER_PHONE_A_DAY=20"),
        ("LOG_LEVEL", "loud", "LOG_LEVEL=INFO"),
        ("BEHIND_TLS_PROXY", "maybe", "BEHIND_TLS_PROXY=true or"),
        ("OFFLINE_ENABLED", "nein", "OFFLINE_ENABLED=true or"),
        ("OFFLINE_ENABLED", "", "OFFLINE_ENABLED=true or"),
        ("ALLOWED_HOSTS", "*", "ALLOWED_HOSTS=langso.vn"),
        ("ALLOWED_HOSTS", "", "ALLOWED_HOSTS=langso.vn"),
        ("ALLOWED_HOSTS", "https://langso.vn", "ALLOWED_HOSTS=langso.vn"),
        ("SITE_BASE_URL", "langso.vn", "SITE_BASE_URL=https://langso.vn"),
        ("SITE_BASE_URL", "", "SITE_BASE_URL=https://langso.vn"),
        ("SITE_BASE_URL", "http://localhost:8000", "SITE_BASE_URL=https://langso.vn"),
        ("SITE_BASE_URL", "https://localhost", "SITE_BASE_URL=https://langso.vn"),
        ("SITE_BASE_URL", "https://langso.vn:x", "SITE_BASE_URL=https://langso.vn"),
        ("DATABASE_URL", "", "postgresql:///langso?host=/var/run/postgresql"),
        ("DATABASE_URL", "langso", "postgresql:///langso?host=/var/run/postgresql"),
        ("DATABASE_URL", "postgresql://db.example", "postgresql:///langso?host=/var/run/postgresql"),
        ("DATABASE_URL", "postgresql://langso@db.example:port/langso", "%23 for #"),
    ],
)
def test_what_cannot_be_used_is_refused_with_its_name_and_the_cure(name: str, value: str, cure: str) -> None:
    done = settings_of_a_server(**{name: value})
    last = done.stderr.strip().splitlines()[-1]
    assert done.returncode == 1
    assert last.startswith(f"django.core.exceptions.ImproperlyConfigured: {name} ")
    assert cure in last


def test_password_of_a_database_is_not_repeated() -> None:
    done = settings_of_a_server(DATABASE_URL="oracle://langso:bi-mat@db.example/langso")
    assert (done.returncode, "bi-mat" in done.stderr) == (1, False)


def test_usual_spellings_are_understood() -> None:
    done = settings_of_a_server(
        "OFFLINE_ENABLED", "SECURE_SSL_REDIRECT", "TRUSTED_PROXY_COUNT", "ALLOWED_HOSTS", "SITE_BASE_URL",
        OFFLINE_ENABLED="Off", SECURE_SSL_REDIRECT="yes", BEHIND_TLS_PROXY="1", LOG_LEVEL="warning",
        ALLOWED_HOSTS="langso.vn, .langso.vn", SITE_BASE_URL="https://langso.vn/",
    )  # fmt: skip
    assert done.stdout.strip() == str([False, True, 1, ["langso.vn", ".langso.vn"], "https://langso.vn"]), (
        done.stderr
    )


@pytest.mark.parametrize(
    ("address", "name", "option"),
    [
        ("postgresql:///langso?host=/var/run/postgresql", "langso", ("host", "/var/run/postgresql")),
        ("sqlite:////srv/langso/langso.sqlite3", "/srv/langso/langso.sqlite3", ("timeout", 20)),
    ],
)
def test_databases_are_understood(address: str, name: str, option: tuple[str, object]) -> None:
    done = settings_of_a_server("DATABASES", DATABASE_URL=address)
    found = ast.literal_eval(done.stdout)[0]["default"]
    assert (found["NAME"], option in found["OPTIONS"].items()) == (name, True)
