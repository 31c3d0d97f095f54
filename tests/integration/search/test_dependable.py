"""Killed and starved: the outbox process and `rebuild_search` as real processes, Elasticsearch behind a cut wire.
Whatever happened, the index ends up as the database is (`checking.Check`)."""

import contextlib
import logging
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.test import Client
from elasticsearch import ApiError
from elasticsearch.helpers import BulkIndexError
from pytest_django import Settings

import services
from base.outbox.models import Entry
from marketplace.catalogue.listing import archive
from marketplace.catalogue.models import Product
from search import checking, indexing
from search.checking import Check
from search.engines import current_engine, fallback
from search.engines.base import Changes, Engine
from search.engines.elasticsearch import ElasticsearchEngine
from search.engines.embedded import EmbeddedEngine
from search.engines.fallback import FallbackEngine
from search.engines.inspection import inspections
from search.finding import PAGE_SIZE, find
from search.readiness import answering
from tests.conftest import absent
from tests.factories.orders import make_cooperative, make_household, make_product
from tests.integration.orders.outbox_process import ROOT, OutboxProcess, wait_for
from tests.integration.search.proxy import State, wire
from tests.integration.search.sources import ShelfSource, good

GOODS = 330
"""Three batches of the outbox and a rest."""
LEASE = ("--lease", "0.5", "--pause", "0.02")


def differences(engine: Engine) -> list[checking.Difference]:
    return [one for index in inspections(engine) for one in Check(index).differences()]


def all_carried_out() -> bool:
    return not Entry.objects.filter(topic=indexing.TOPIC).exists()


@pytest.fixture
def market(
    index_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, database_url: str
) -> list[Product]:
    """Many goods that the outbox has not told the index yet; processes write the index of this test."""
    monkeypatch.setenv("LANGSO_TEST_SCRATCH", str(tmp_path))
    EmbeddedEngine(index_dir).rebuild(
        (), indexing.read_again
    )  # else the outbox builds one, with everything in it
    household = make_household(make_cooperative())
    goods = [make_product(household, f"Rau số {number}") for number in range(GOODS)]
    for one in goods:
        indexing.changed("product", one.pk)
    return goods


def change(goods: list[Product]) -> None:
    """Rename the first half and put away the others, by the site's verbs."""
    for number, one in enumerate(goods):
        if number % 2:
            archive(one)
        else:
            one.title = f"{one.title} mới"
            one.save()
            indexing.changed("product", one.pk)


@pytest.mark.django_db(transaction=True)
def test_an_outbox_killed_again_and_again_while_it_indexes_loses_nothing(
    market: list[Product], index_dir: Path, tmp_path: Path
) -> None:
    engine = EmbeddedEngine(index_dir)
    owed = Entry.objects.filter(topic=indexing.TOPIC)
    for round_ in range(3):
        with OutboxProcess(tmp_path, *LEASE) as process:
            before = owed.count()
            assert wait_for(lambda before=before: owed.count() < before), process.log
            time.sleep(0.011 * round_)  # at another moment of the next batch each time
            process.kill()
        change(market[round_ * 40 : round_ * 40 + 40])
    assert owed.exists(), "it was killed too late to show anything"
    with OutboxProcess(tmp_path, *LEASE) as process:
        assert wait_for(all_carried_out, 60), process.log
    assert engine.count() == GOODS - 3 * 20
    assert differences(engine) == []


@pytest.mark.django_db(transaction=True)
def test_a_rebuild_and_a_killed_rebuild_beside_the_outbox_lose_nothing(
    market: list[Product], index_dir: Path, tmp_path: Path
) -> None:
    engine = EmbeddedEngine(index_dir)
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings.test"}
    command = [sys.executable, "manage.py", "rebuild_search", "-v0"]
    with OutboxProcess(tmp_path, *LEASE) as process:
        for is_killed in (True, False):
            rebuild = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL)
            assert wait_for(lambda: engine.folder.building() is not None), "it never began"
            change(market[:40] if is_killed else market[40:80])
            if is_killed:
                rebuild.kill()
            assert rebuild.wait(60) == (-9 if is_killed else 0)
        assert wait_for(all_carried_out, 60), process.log
    assert engine.count() == GOODS - 2 * 20
    assert differences(engine) == []


@contextlib.contextmanager
def node_of_its_own(home: Path, port: int) -> Iterator[subprocess.Popen[bytes]]:
    """Run an Elasticsearch that may be killed."""
    try:
        with services.elasticsearch_node(home, port) as node:
            yield node
    except services.Absent as missing:
        absent(str(missing))


@pytest.mark.django_db(transaction=True)
def test_an_elasticsearch_killed_while_it_is_written_loses_nothing(
    market: list[Product], tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    home, port = tmp_path / "node", services.free_port(also=100)
    home.mkdir()
    settings.ELASTICSEARCH_URL = f"http://127.0.0.1:{port}"
    monkeypatch.setenv("ELASTICSEARCH_URL", settings.ELASTICSEARCH_URL)  # of the outbox process
    monkeypatch.setattr(fallback, "TRY_AGAIN_AFTER_S", 0.5)
    engine = current_engine()
    assert isinstance(engine, FallbackEngine)
    owed = Entry.objects.filter(topic=indexing.COPY_TOPIC)
    with OutboxProcess(tmp_path, *LEASE) as process:
        with node_of_its_own(home, port) as node:
            engine.first.rebuild((), indexing.read_again)
            for one in market:
                indexing.changed("product", one.pk)
            assert wait_for(lambda: engine.first.count() > 0), process.log
            node.kill()
        assert owed.exists(), "it was killed too late to show anything"
        change(market[:40])
        assert wait_for(all_carried_out, 60), process.log
        assert (find("rau").engine, len(find("rau").hits)) == ("embedded", PAGE_SIZE)
        with node_of_its_own(home, port):
            owed.update(due_at="2020-01-01T00:00Z")  # not in the minutes that it is left alone by then
            assert wait_for(lambda: not owed.exists(), 60), process.log
            assert wait_for(lambda: find("rau").engine == "elasticsearch")
            assert engine.first.count() == engine.count() == GOODS - 20
            assert differences(engine) == []


@pytest.mark.parametrize("engine", ["elasticsearch"], indirect=True)
@pytest.mark.django_db
def test_a_rebuild_of_both_under_write_load_loses_nothing(engine: Engine, products: ShelfSource) -> None:
    products.put(*(good(pk, f"Rau {pk}") for pk in range(200)))
    engine.write(Changes(list(products.public()), []))
    has_ended = threading.Event()
    written: list[int] = []

    def go_on_changing() -> None:
        for pk in range(200, 100_000):
            if has_ended.is_set():
                return
            products.put(good(pk, f"Rau {pk}"), good(pk - 100, "Tên mới"))
            gone = good(pk - 200, "").key
            products.take(pk - 200)
            keys = [good(pk, "").key, good(pk - 100, "").key, gone]
            while pk not in written:  # as the outbox does: an index that vanishes under a write fails it
                with contextlib.suppress(BulkIndexError, ApiError):
                    engine.write(indexing.read_again(keys))
                    written.append(pk)

    changer = threading.Thread(target=go_on_changing)
    changer.start()
    try:
        for _ in range(2):
            engine.rebuild(indexing.AllPublic(), indexing.read_again)
    finally:
        has_ended.set()
        changer.join()
    assert len(written) > 4
    assert differences(engine) == []


def in_time(ask: Callable[[], tuple[str, list[str]]]) -> tuple[str, list[str]]:
    """Return the answer; an engine that is waited for gives none."""
    answers: list[tuple[str, list[str]]] = []
    asking = threading.Thread(target=lambda: answers.append(ask()))
    asking.start()
    asking.join(1.9)  # twice what a search waits for Elasticsearch, for a busy machine
    return answers[0] if answers else ("nobody in time", [])


def found() -> tuple[str, list[str]]:
    results = find("rau")
    return results.engine, [hit.key.object_id for hit in results.hits]


@pytest.mark.parametrize("state", ["slow", "silent", "cut"])
def test_away_the_embedded_index_answers_and_back_elasticsearch_does(
    state: State,
    index_dir: Path,
    products: ShelfSource,
    elasticsearch_engine: ElasticsearchEngine,
    elasticsearch_url: str,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    client: Client,
) -> None:
    monkeypatch.setattr("search.engines.elasticsearch.SEARCH_PATIENCE_S", 0.8)  # as on a site
    monkeypatch.setattr(fallback, "TRY_AGAIN_AFTER_S", 1.0)
    products.put(good(1, "Rau"))
    with wire(elasticsearch_url) as line:
        engine = FallbackEngine(
            ElasticsearchEngine(line.url, elasticsearch_engine.name_of_all), EmbeddedEngine(index_dir)
        )
        for module in ("search.finding", "search.readiness"):
            monkeypatch.setattr(f"{module}.current_engine", lambda: engine)
        changes = Changes(list(products.public()), [])
        engine.write(changes)
        engine.first.write(changes)
        assert wait_for(lambda: found() == ("elasticsearch", ["1"]))  # the first search may be too slow
        assert answering().is_ok
        with caplog.at_level(logging.WARNING, "search"):
            caplog.clear()
            line.to(state)
            for _ in range(5):
                assert in_time(found) == ("embedded", ["1"])
            assert (answering().is_ok, answering().note) == (False, "embedded answers, elasticsearch is away")
            line.to("open")
            assert wait_for(lambda: found() == ("elasticsearch", ["1"]))
            assert (answering().is_ok, answering().note) == (True, "elasticsearch answers")
        messages = [record.message for record in caplog.records if record.name.startswith("search")]
        assert [message.split(" is ")[1].split()[0].strip(",") for message in messages] == ["away", "back"]


@pytest.mark.django_db
def test_readiness_names_the_engine_that_answers(index_dir: Path, client: Client) -> None:
    body = client.get("/san-sang/").json()
    assert body["probes"]["search"] == {"ok": True, "note": "embedded answers"}
