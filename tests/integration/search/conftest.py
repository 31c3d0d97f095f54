"""Both engines for the same tests, and documents of a small village."""

import os
import secrets
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django import Settings

from search import registry
from search.engines import current_engine
from search.engines.base import Changes, Engine
from search.engines.elasticsearch import ElasticsearchEngine
from search.engines.embedded import EmbeddedEngine
from search.engines.fallback import FallbackEngine
from tests.integration.search.sources import ShelfSource


@pytest.fixture
def index_dir(settings: Settings, tmp_path: Path) -> Path:
    """An empty index folder, which is the site's for this test."""
    settings.SEARCH_INDEX_DIR = tmp_path / "index"
    settings.ELASTICSEARCH_URL = ""
    return tmp_path / "index"


@pytest.fixture
def elasticsearch_engine(
    elasticsearch_url: str, monkeypatch: pytest.MonkeyPatch
) -> Iterator[ElasticsearchEngine]:
    """An engine with an alias of its own, removed afterwards; patient, since the machine is busy with tests."""
    monkeypatch.setattr("search.engines.elasticsearch.SEARCH_PATIENCE_S", 30)
    engine = ElasticsearchEngine(elasticsearch_url, f"test-{os.getpid()}-{secrets.token_hex(4)}")
    engine.rebuild((), lambda keys: Changes([], []))
    yield engine
    engine.remove()


class BothAtOnce(FallbackEngine):
    """Elasticsearch with the embedded index beside it, as on a site, but written at once instead of by the outbox."""

    def write(self, changes: Changes) -> None:
        super().write(changes)
        self.first.write(changes)


@pytest.fixture(params=["embedded", "elasticsearch"])
def engine(request: pytest.FixtureRequest, index_dir: Path) -> Engine:
    """Each engine in turn, empty."""
    embedded = EmbeddedEngine(index_dir)
    if request.param == "embedded":
        return embedded
    return BothAtOnce(request.getfixturevalue("elasticsearch_engine"), embedded)


@pytest.fixture
def site_engine(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    """Each engine in turn as the one that the site asks."""
    if isinstance(engine, EmbeddedEngine):
        assert isinstance(current_engine(), EmbeddedEngine)
        yield current_engine()
        return
    monkeypatch.setattr("search.finding.current_engine", lambda: engine)
    monkeypatch.setattr("search.indexing.current_engine", lambda: engine)
    yield engine
    assert engine.name == "elasticsearch"  # else the embedded index answered, and nothing was shown


@pytest.fixture
def products() -> Iterator[ShelfSource]:
    """Two kinds are registered, products and lessons; this is the shelf of products."""
    with registry.only(ShelfSource("product", "Hàng"), ShelfSource("lesson", "Bài học")):
        source = registry.get("product")
        assert isinstance(source, ShelfSource)
        yield source


@pytest.fixture
def lessons(products: ShelfSource) -> ShelfSource:
    """The shelf of lessons."""
    source = registry.get("lesson")
    assert isinstance(source, ShelfSource)
    return source
