"""Who tries the doors."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.factories.accounts import UserFactory


@pytest.fixture
def office(db: None) -> Client:
    """Somebody who may do everything, in a browser that gets what people get."""
    client = Client(raise_request_exception=False)
    client.force_login(UserFactory.create(is_staff=True, is_superuser=True))
    return client
