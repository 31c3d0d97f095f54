"""The databases that tests work on: what a test commits is gone after it, what migrations made is still there."""

import os
import subprocess
import sys

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from wagtail.models import Locale, Page

ROWS_OF_MIGRATIONS = (1, 1)
NAME = "Committed by a test"


def _rows_of_migrations() -> tuple[int, int]:
    return Page.objects.filter(depth=1).count(), Locale.objects.filter(language_code="vi").count()


@pytest.mark.parametrize("turn", ["first", "second"])
@pytest.mark.django_db(transaction=True)
def test_committed_rows_are_gone_and_migrated_rows_stay(turn: str) -> None:
    assert not Group.objects.filter(name=NAME).exists()
    assert _rows_of_migrations() == ROWS_OF_MIGRATIONS
    Group.objects.create(name=NAME)


@pytest.mark.django_db
def test_plain_test_after_them_sees_the_migrated_rows_only() -> None:
    assert not Group.objects.filter(name=NAME).exists()
    assert _rows_of_migrations() == ROWS_OF_MIGRATIONS


def test_a_process_that_a_test_starts_finds_the_same_database(database_url: str) -> None:
    Group.objects.create(name=NAME)
    code = "import django; django.setup(); from django.contrib.auth.models import Group as G; print(G.objects.count())"
    env = os.environ | {"DJANGO_SETTINGS_MODULE": "config.settings.test"}
    said = subprocess.run(
        [sys.executable, "-c", code], env=env, capture_output=True, text=True, check=True
    ).stdout
    assert said.strip() == str(Group.objects.count())


@pytest.mark.django_db
@pytest.mark.postgres
def test_postgres_pass_runs_on_postgres() -> None:
    assert connection.vendor == "postgresql"
