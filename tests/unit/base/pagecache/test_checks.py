"""Wrong settings of the cache fail manage.py check with the cure."""

from __future__ import annotations

import pytest
from django.core.checks import Error
from pytest_django import Settings

from base.pagecache import checks


def ids(found: list[Error]) -> list[str | None]:
    assert all(error.hint for error in found)
    return [error.id for error in found]


def test_settings_as_they_are_pass() -> None:
    found = [*checks.check_shared(), *checks.check_order(), *checks.check_life(), *checks.check_address()]
    assert found == []


@pytest.mark.parametrize("backend", ["locmem.LocMemCache", "dummy.DummyCache"])
def test_cache_of_one_process_is_refused(settings: Settings, backend: str) -> None:
    settings.CACHES = {"default": {"BACKEND": f"django.core.cache.backends.{backend}"}}
    assert ids(checks.check_shared()) == ["pagecache.E001"]


def test_cache_of_one_process_is_allowed_where_a_unit_test_says_so(settings: Settings) -> None:
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    settings.CACHE_MAY_BE_LOCAL = True
    assert checks.check_shared() == []


def test_page_cache_that_is_not_first_is_refused(settings: Settings) -> None:
    settings.MIDDLEWARE = settings.MIDDLEWARE[1:]
    assert ids(checks.check_order()) == ["pagecache.E002"]


@pytest.mark.parametrize("life", [0, -5, 86_401, "300", None])
def test_life_must_be_sensible(settings: Settings, life: object) -> None:
    settings.PAGE_CACHE_LIFE_S = life
    assert ids(checks.check_life()) == ["pagecache.E003"]


@pytest.mark.parametrize("address", ["memcached://localhost", "locmem://", "localhost:6379"])
def test_cache_address_that_nobody_understands_is_refused(settings: Settings, address: str) -> None:
    settings.CACHE_URL = address
    assert ids(checks.check_address()) == ["pagecache.E004"]
