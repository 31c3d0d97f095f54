"""A walk over every address of the site as each role: where the matrix says no, nobody gets in."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from django.contrib.admindocs.views import simplify_regex
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import Resolver404, resolve

from base.access import matrix
from base.access.matrix import Role
from base.access.walk import every_pattern
from tests.factories.accounts import UserFactory
from tests.factories.market import make_manager, make_member
from tests.factories.orders import make_cooperative, make_goods, make_household, make_purchase

pytestmark = pytest.mark.django_db

CONVERTER = re.compile(r"<(?:(\w+):)?\w+>")
OF_A_KIND = {"sha256": "a" * 64, "uuid": "00000000-0000-4000-8000-000000000000", "day": "2026-11-24"}
FAILS_ON_PURPOSE = "/quan-tri/failwhale/"  # Wagtail's way to look at its own error page
ROLES = {
    "guest": frozenset({Role.ANYONE, Role.CODE_HOLDER}),
    "learner": frozenset({Role.ANYONE, Role.CODE_HOLDER, Role.LEARNER}),
    "household": frozenset({Role.ANYONE, Role.CODE_HOLDER, Role.LEARNER, Role.HOUSEHOLD}),
    "manager": frozenset({Role.ANYONE, Role.CODE_HOLDER, Role.LEARNER, Role.MANAGER}),
    "editor": frozenset({Role.ANYONE, Role.CODE_HOLDER, Role.LEARNER, Role.EDITOR}),
}


def path_of(route: str) -> str:
    """Return an address for a route, with made-up arguments."""
    plain = route if "(?P" not in route and "^" not in route else simplify_regex(route).lstrip("/")
    plain = CONVERTER.sub(lambda found: OF_A_KIND.get(found[1], "1"), plain)
    return "/" + plain.replace("\\Z", "").replace("$", "").replace("\\", "")


def addresses() -> Iterator[tuple[str, matrix.Row]]:
    """Yield an address for each pattern that one can be made for, with the row that decides about it."""
    for pattern in every_pattern():
        path = path_of(pattern.route)
        try:
            match = resolve(path)
        except Resolver404:
            continue
        row = matrix.row_for(match)
        assert row is not None, path
        yield path, row


def visitor(role: str) -> Client:
    """Return a client of somebody who has this role and no higher one."""
    client = Client()
    if role == "household":
        client.force_login(make_member(make_household(make_cooperative())))
    elif role == "manager":
        client.force_login(make_manager(make_cooperative()))
    elif role != "guest":
        person = UserFactory.create()
        if role == "editor":
            person.groups.set(Group.objects.filter(name="Biên tập viên"))
        client.force_login(person)
    return client


def test_the_walk_reaches_nearly_every_address() -> None:
    patterns = list(every_pattern())
    assert len(patterns) > 500
    assert len(list(addresses())) > 0.97 * len(patterns)


@pytest.mark.parametrize("role", ROLES)
def test_nobody_gets_in_where_the_matrix_says_no(role: str) -> None:
    client = visitor(role)
    closed = {path: row for path, row in addresses() if not row.who & ROLES[role]}
    wrong = {}
    for path, row in closed.items():
        for answer in (client.get(path), *([client.post(path)] if row.urls else [])):
            sent_away = answer.status_code == 302 and answer["Location"].startswith("/dang-nhap/?next=")
            if not (sent_away if role == "guest" else answer.status_code == 403):
                wrong[path] = answer.status_code
    assert wrong == {}
    assert len(closed) > 100


def test_no_address_fails_for_whoever_may_open_it() -> None:
    client = Client(raise_request_exception=False)
    client.force_login(UserFactory.create(is_staff=True, is_superuser=True))
    failed = [path for path, _row in addresses() if client.get(path).status_code >= 500]
    assert failed == [FAILS_ON_PURPOSE]


def test_the_dashboard_shows_goods_orders_and_households() -> None:
    product = make_goods()
    order = make_purchase({product: 2}).orders.get()
    client = Client()
    client.force_login(UserFactory.create(is_staff=True, is_superuser=True))
    for path in (
        "",
        "catalogue/",
        "catalogue/categories/",
        "orders/",
        f"orders/{order.number}/",
        "partners/",
        f"partners/{product.household_id}/",
        "users/",
    ):
        assert client.get(f"/quan-tri/cho/{path}").status_code == 200, path
