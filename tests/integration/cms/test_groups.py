"""What the migrations give the groups, in whichever order Wagtail's and ours ran."""

from __future__ import annotations

from importlib import import_module

import pytest
from django.apps import apps
from django.contrib.auth.models import Group, Permission
from wagtail.models import Collection, GroupCollectionPermission

pytestmark = pytest.mark.django_db
OURS = ["Biên tập viên", "Người duyệt", "Nhân viên nền tảng"]
grant = import_module("cms.migrations.0004_choose_documents").grant
take_back = import_module("cms.migrations.0006_no_documents").take_back


def rights() -> list[tuple[str, str]]:
    """Who may choose documents: by collection, and for the whole site."""
    rows = GroupCollectionPermission.objects.filter(permission__codename="choose_document")
    by_collection = list(rows.values_list("group__name", "collection__name"))
    whole = Group.objects.filter(permissions__codename="choose_document").values_list("name", flat=True)
    return sorted([*by_collection, *((name, "") for name in whole)])


def test_nobody_may_choose_documents() -> None:
    assert rights() == []


@pytest.mark.parametrize("ran_first", ["wagtail", "ours"])
def test_the_order_of_the_migrations_makes_no_difference(ran_first: str) -> None:
    right = Permission.objects.get(codename="choose_document")
    if ran_first == "ours":  # wagtaildocs.0011 gave it to the groups in both ways
        for group in Group.objects.filter(name__in=OURS):
            group.permissions.add(right)
    grant(apps, None)
    assert rights() == [(name, Collection.objects.get(depth=1).name) for name in OURS]
    take_back(apps, None)
    assert rights() == []
