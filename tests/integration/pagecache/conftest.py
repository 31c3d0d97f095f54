"""A clean tiny site for each test."""

from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import clear_url_caches
from pytest_django import Settings

from tests.integration.pagecache import site


@pytest.fixture(autouse=True)
def tiny_site(settings: Settings) -> Iterator[None]:
    settings.ROOT_URLCONF = "tests.integration.pagecache.site"
    settings.MIDDLEWARE = [
        name for name in settings.MIDDLEWARE if name != "base.access.middleware.AccessMiddleware"
    ]
    clear_url_caches()
    site.reset()
    yield
    clear_url_caches()


@pytest.fixture
def visitor() -> Client:
    return Client(raise_request_exception=True)
