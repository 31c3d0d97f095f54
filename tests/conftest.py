"""What every test may ask for: a migrated database of its own, clean caches, the services of this machine."""

import os
import shutil
import time
from collections.abc import Callable, Iterator

import hypothesis
import pytest
from django.conf import settings
from django.core.cache import caches
from django.db import connections
from django.test import TransactionTestCase
from django.utils import translation
from pytest_django.plugin import DjangoDbBlocker

import messages
from config.settings.test import SCRATCH
from tests.databases import Copy, open_copy

IN_CI = os.environ.get("CI", "").lower() in ("true", "1")

# What takes how long is for the bench: a machine may stand still for a moment.
hypothesis.settings.register_profile("any machine", hypothesis.settings(), deadline=None)
hypothesis.settings.load_profile("any machine")


def pytest_configure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):  # once, before the workers of pytest-xdist start
        messages.compile_messages()


def pytest_unconfigure(config: pytest.Config) -> None:
    if not os.environ.get("LANGSO_TEST_SCRATCH"):
        shutil.rmtree(SCRATCH, ignore_errors=True)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Tests of one engine's own behaviour run in the pass that has it."""
    engine = "postgres" if "postgres" in settings.DATABASES["default"]["ENGINE"] else "sqlite"
    other = {"postgres": "sqlite", "sqlite": "postgres"}[engine]
    for item in items:
        if item.get_closest_marker(other):
            item.add_marker(pytest.mark.skip(reason=f"runs in the {other} pass of make check"))


def absent(what: str) -> None:
    """Skip a test for want of a service, saying which; in CI that is a failure."""
    if IN_CI:
        pytest.fail(f"CI must have it: {what}")
    pytest.skip(what)


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """A call that sets the clock of `time.time` ahead by so many seconds: nobody waits, and nothing has to be quick."""
    now, ahead = time.time, [0.0]
    monkeypatch.setattr(time, "time", lambda: now() + ahead[0])

    def go_on(seconds: float) -> None:
        ahead[0] += seconds

    return go_on


@pytest.fixture(autouse=True)
def shipped_synonyms(monkeypatch: pytest.MonkeyPatch) -> None:
    """Searches use the synonyms that come with the site and ask no database; `site_synonyms` is for tests of others."""
    from search.dictionary import shipped_rules

    monkeypatch.setattr("search.finding.current_rules", shipped_rules)


@pytest.fixture
def site_synonyms(monkeypatch: pytest.MonkeyPatch, shipped_synonyms: None) -> Iterator[None]:
    """Searches use the synonyms of the database, as on a site."""
    from search import dictionary

    monkeypatch.setattr("search.finding.current_rules", dictionary.current_rules)
    dictionary.forget()
    yield
    dictionary.forget()


# --- database ---------------------------------------------------------------------------------------------------------


def use(copy: Copy) -> None:
    """Point Django, in every thread, and processes that tests start to this copy."""
    name = (
        copy.url.removeprefix("sqlite:///") if copy.url.startswith("sqlite") else copy.url.rpartition("/")[2]
    )
    settings.DATABASES["default"]["NAME"] = connections["default"].settings_dict["NAME"] = name
    os.environ["DATABASE_URL"] = copy.url


@pytest.fixture(scope="session")
def database_copy(
    django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Copy]:
    """Make this process's copy of the migrated template, and a fresh one after each test that committed."""
    with django_db_blocker.unblock(), pytest.MonkeyPatch.context() as patch:
        patch.setenv("LANGSO_TEST_SCRATCH", str(SCRATCH))
        server = os.environ.get("DATABASE_URL", "")
        patch.setenv("DATABASE_URL", server)  # so that it is put back at the end
        copy = open_copy(server, tmp_path_factory.mktemp("database"))
        connections["default"].close()
        use(copy)

        # Django would empty every table, those that migrations filled included (Wagtail's root page, locales, groups).
        def restore(case: TransactionTestCase) -> None:
            connections.close_all()
            copy.restore()
            use(copy)

        patch.setattr(TransactionTestCase, "_fixture_teardown", restore)
        yield copy
        connections.close_all()
        copy.drop()


@pytest.fixture(scope="session")
def django_db_setup(database_copy: Copy) -> None:
    """Use the copy, instead of migrating from empty."""


@pytest.fixture
def database_url(transactional_db: None) -> str:
    """Return the URL of this test's database, for processes that it starts (they find it in DATABASE_URL, too)."""
    return os.environ["DATABASE_URL"]


@pytest.fixture
def postgres_url(database_url: str) -> str:
    """Return the URL of this test's database where that is PostgreSQL; the other pass skips the test."""
    if not database_url.startswith("postgres"):
        pytest.skip("runs in the postgres pass of make check")
    return database_url


# --- services ---------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def elasticsearch_url() -> str:
    """Return the URL of a real Elasticsearch, shared by all test processes: name indexes after the process."""
    url = os.environ.get("TEST_ELASTICSEARCH_URL", "")
    if not url:
        absent(
            "Elasticsearch: run make check with java and mvn installed, or name a server in TEST_ELASTICSEARCH_URL"
        )
    return url


@pytest.fixture(autouse=True)
def _leave_nothing_behind() -> Iterator[None]:
    """Start each test with empty caches and the site's own language."""
    caches["default"].clear()
    yield
    translation.deactivate()
