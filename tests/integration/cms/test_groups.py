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


def rights() -> list[tuple[str, str]]:
    rows = GroupCollectionPermission.objects.filter(permission__codename="choose_document")
    return sorted(rows.values_list("group__name", "collection__name"))


def test_each_group_may_choose_documents_of_the_root_collection() -> None:
    root = Collection.objects.get(depth=1)
    assert rights() == [(name, root.name) for name in OURS]
    assert not Group.objects.filter(name__in=OURS, permissions__codename="choose_document").exists()


@pytest.mark.parametrize("ran_first", ["wagtail", "ours", "both twice"])
def test_the_order_of_the_migrations_makes_no_difference(ran_first: str) -> None:
    before, right = rights(), Permission.objects.get(codename="choose_document")
    if ran_first == "wagtail":  # our groups were not there yet, nobody got the right
        GroupCollectionPermission.objects.filter(permission=right).delete()
    elif ran_first == "ours":  # wagtaildocs.0011 gave it to the groups in both ways
        for group in Group.objects.filter(name__in=OURS):
            group.permissions.add(right)
    grant(apps, None)
    if ran_first == "both twice":
        grant(apps, None)
    assert rights() == before
    assert not Group.objects.filter(permissions=right).exists()
