"""The permission matrix as data: rows are found, and never said twice."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from base.access import matrix
from base.access.matrix import Role, Scope, named, prefixed


@pytest.fixture(autouse=True)
def _own_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(matrix, "_by_name", {})
    monkeypatch.setattr(matrix, "_by_prefix", {})


def test_find_takes_the_longest_prefix() -> None:
    pages, shop = (
        prefixed("pages", [Role.EDITOR], "quan-tri/"),
        prefixed("shop", [Role.PLATFORM_STAFF], "quan-tri/cho/"),
    )
    matrix.register([pages, shop])
    assert matrix.find("quan-tri/pages/", "wagtailadmin:pages") == pages
    assert matrix.find("^quan-tri/cho/orders/$", "dashboard:order-list") == shop
    assert matrix.find("quan-tri", None) is None


def test_find_takes_a_name_before_a_prefix() -> None:
    door = named("account", "sign in", [Role.ANYONE], Scope.ALL, "door")
    matrix.register([prefixed("pages", [Role.EDITOR], "quan-tri/"), door])
    assert matrix.find("quan-tri/login/", "door") == door


def test_find_knows_a_name_under_any_language_prefix() -> None:
    row = named("goods", "see", [Role.ANYONE], Scope.ALL, "market:list")
    matrix.register([row])
    assert matrix.find("en/cho/", "market:list") == row


def test_register_takes_the_same_row_twice_but_no_other() -> None:
    row = named("goods", "see", [Role.ANYONE], Scope.ALL, "market:list")
    matrix.register([row])
    matrix.register([row])
    with pytest.raises(ImproperlyConfigured):
        matrix.register([named("goods", "see", [Role.LEARNER], Scope.ALL, "market:list")])
    assert list(matrix.rows()) == [row]
