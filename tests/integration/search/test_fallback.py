"""Elasticsearch away, slow, and back; the embedded index behind it."""

import logging
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import Mock

import pytest
from elasticsearch import ConnectionTimeout

from base import outbox
from base.outbox.models import Entry
from search import indexing
from search.engines import current_engine, fallback
from search.engines.base import Changes, EngineAway
from search.engines.elasticsearch import ElasticsearchEngine
from search.engines.embedded import EmbeddedEngine
from search.engines.fallback import FallbackEngine
from search.finding import find
from tests.integration.search.sources import ShelfSource, good


@contextmanager
def silent_server() -> Iterator[str]:
    """A server that takes connections and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"http://127.0.0.1:{server.getsockname()[1]}"


def closed_port() -> str:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return f"http://127.0.0.1:{server.getsockname()[1]}"


@pytest.fixture
def ask(monkeypatch: pytest.MonkeyPatch) -> list[FallbackEngine]:
    """Whatever engine is put into this list is the one that the site asks."""
    engines: list[FallbackEngine] = []
    for module in ("search.finding", "search.indexing"):
        monkeypatch.setattr(f"{module}.current_engine", lambda: engines[-1])
    return engines


def found(raw: str) -> tuple[str, list[str]]:
    results = find(raw)
    return results.engine, [hit.key.object_id for hit in results.hits]


def test_away_answers_come_from_the_embedded_index_and_the_log_says_so_once(
    index_dir: Path, products: ShelfSource, ask: list[FallbackEngine], caplog: pytest.LogCaptureFixture
) -> None:
    products.put(good(1, "Rau"))
    embedded = EmbeddedEngine(index_dir)
    ask.append(FallbackEngine(ElasticsearchEngine(closed_port(), "none"), embedded))
    changes = Changes(list(products.public()), [])
    ask[0].write(changes)
    with pytest.raises(EngineAway):
        ask[0].first.write(changes)
    with caplog.at_level(logging.WARNING, "search"):
        assert [found("rau") for _ in range(3)] == [("embedded", ["1"])] * 3
    assert ask[0].name == "embedded"
    assert [record.message.split(" is away")[0] for record in caplog.records] == ["elasticsearch"]


def test_an_engine_that_finds_but_cannot_be_read_is_away(
    elasticsearch_engine: ElasticsearchEngine,
    index_dir: Path,
    products: ShelfSource,
    ask: list[FallbackEngine],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    products.put(good(1, "Rau"))
    changes = Changes(list(products.public()), [])
    ask.append(FallbackEngine(elasticsearch_engine, EmbeddedEngine(index_dir)))
    ask[0].write(changes)
    elasticsearch_engine.write(changes)
    assert found("rau") == ("elasticsearch", ["1"])
    client = elasticsearch_engine._impatient
    late = ConnectionTimeout("too late")
    monkeypatch.setattr(
        client, "mget", Mock(side_effect=late)
    )  # nothing real is slow for one of two requests
    assert found("rau") == ("embedded", ["1"])
    assert ask[0].name == "embedded"


def test_a_silent_engine_is_waited_for_less_than_a_second_and_then_left_alone(
    index_dir: Path, products: ShelfSource, ask: list[FallbackEngine]
) -> None:
    products.put(good(1, "Rau"))
    embedded = EmbeddedEngine(index_dir)
    embedded.write(Changes(list(products.public()), []))
    with silent_server() as url:
        ask.append(FallbackEngine(ElasticsearchEngine(url, "none"), embedded))
        answers: list[tuple[str, list[str]]] = []
        asking = threading.Thread(target=lambda: answers.extend([found("rau") for _ in range(20)]))
        asking.start()
        asking.join(2)
        assert answers == [("embedded", ["1"])] * 20


def test_back_again_it_answers_by_itself(
    index_dir: Path,
    products: ShelfSource,
    ask: list[FallbackEngine],
    elasticsearch_engine: ElasticsearchEngine,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(fallback, "TRY_AGAIN_AFTER_S", 0.0)
    products.put(good(1, "Rau"))
    away = ElasticsearchEngine(closed_port(), elasticsearch_engine.name_of_all)
    ask.append(FallbackEngine(away, EmbeddedEngine(index_dir)))
    assert found("rau") == ("embedded", [])
    elasticsearch_engine.remove()
    ask[0].first = elasticsearch_engine
    assert found("rau") == ("embedded", [])  # it is there, but holds no index yet
    elasticsearch_engine.rebuild(products.public(), lambda keys: Changes([], []))
    assert found("rau") == ("elasticsearch", ["1"])
    assert ask[0].name == "elasticsearch"


@pytest.mark.django_db
def test_what_elasticsearch_missed_is_owed_and_given_when_it_is_back(
    index_dir: Path,
    products: ShelfSource,
    ask: list[FallbackEngine],
    elasticsearch_engine: ElasticsearchEngine,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(fallback, "TRY_AGAIN_AFTER_S", 0.0)
    away = ElasticsearchEngine(closed_port(), elasticsearch_engine.name_of_all)
    ask.append(FallbackEngine(away, EmbeddedEngine(index_dir)))
    products.put(good(1, "Rau"))
    indexing.changed("product", 1)
    outbox.drain()
    assert found("rau") == ("embedded", ["1"])
    for _ in range(12):  # more often than the outbox would try before it gives up
        Entry.objects.filter(topic=indexing.COPY_TOPIC).update(due_at="2020-01-01T00:00Z")
        outbox.drain()
    assert not Entry.objects.filter(parked_at__isnull=False).exists()
    ask[0].first = elasticsearch_engine
    Entry.objects.filter(topic=indexing.COPY_TOPIC).update(due_at="2020-01-01T00:00Z")
    outbox.drain()
    assert found("rau") == ("elasticsearch", ["1"])
    assert not Entry.objects.exists()


def test_rebuild_fills_both(
    index_dir: Path, products: ShelfSource, elasticsearch_engine: ElasticsearchEngine
) -> None:
    products.put(good(1, "Rau"), good(2, "Củ"))
    both = FallbackEngine(elasticsearch_engine, EmbeddedEngine(index_dir))
    both.rebuild(list(products.public()), lambda keys: Changes([], keys))
    assert (both.first.count(), both.second.count()) == (2, 2)


def test_the_settings_choose_the_engine(index_dir: Path, settings: object) -> None:
    assert isinstance(current_engine(), EmbeddedEngine)
    settings.ELASTICSEARCH_URL = closed_port()  # type: ignore[attr-defined]
    engine = current_engine()
    assert isinstance(engine, FallbackEngine)
    assert isinstance(engine.first, ElasticsearchEngine)
    assert engine.second.folder.path == index_dir
    assert current_engine() is engine
