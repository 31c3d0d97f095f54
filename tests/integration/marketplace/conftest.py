"""The cooperative of Bản Mây, a household of it, and its manager at her desk."""

import pytest
from django.test import Client

from marketplace.cooperative.models import Cooperative
from marketplace.partner.models import Partner
from tests.factories.market import make_manager
from tests.factories.orders import make_cooperative, make_household


@pytest.fixture
def may() -> Cooperative:
    return make_cooperative("Hợp tác xã Bản Mây")


@pytest.fixture
def household(may: Cooperative) -> Partner:
    return make_household(may, "Nhà Giàng A Sử")


@pytest.fixture
def thoan(may: Cooperative, client: Client) -> Client:
    """The manager, signed in."""
    client.force_login(make_manager(may))
    return client
