"""Whose address counts, behind proxies that can and cannot be believed."""

import pytest
from django.test import RequestFactory
from pytest_django import Settings

from base.access.client import NOWHERE, client_ip


@pytest.mark.parametrize(
    ("proxies", "remote", "forwarded", "found"),
    [
        (0, "203.0.113.7", "198.51.100.1", "203.0.113.7"),  # the header is the visitor's own claim
        (1, "10.0.0.1", "198.51.100.1", "198.51.100.1"),
        (
            1,
            "10.0.0.1",
            "1.2.3.4, 198.51.100.1",
            "198.51.100.1",
        ),  # what stands left was there before our proxy
        (2, "10.0.0.1", "1.2.3.4, 198.51.100.1, 10.0.0.2", "198.51.100.1"),
        (2, "10.0.0.1", "198.51.100.1", "10.0.0.1"),
        (1, "10.0.0.1", "", "10.0.0.1"),
        (1, "10.0.0.1", "not an address", NOWHERE),
        (0, "", "", NOWHERE),
        (0, "2001:db8:1:2:3:4:5:6", "", "2001:db8:1:2::"),
        (0, "::ffff:203.0.113.7", "", "203.0.113.7"),
    ],
)
def test_client_ip(settings: Settings, proxies: int, remote: str, forwarded: str, found: str) -> None:
    settings.TRUSTED_PROXY_COUNT = proxies
    headers = {"HTTP_X_FORWARDED_FOR": forwarded} if forwarded else {}
    assert client_ip(RequestFactory().get("/", REMOTE_ADDR=remote, **headers)) == found
