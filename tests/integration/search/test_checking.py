"""`check_search`: index and database compared on both engines, repaired through the outbox, while things change."""

import json
from collections.abc import Collection, Iterator
from dataclasses import replace
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from base import outbox
from base.outbox.models import Entry
from search import checking, indexing, registry
from search.checking import Check, Difference, What
from search.documents import Key, SearchDocument
from search.engines.base import Changes, Engine
from search.engines.elasticsearch import ElasticsearchEngine
from search.engines.embedded import EmbeddedEngine
from search.engines.fallback import FallbackEngine
from search.engines.inspection import Inspection, inspections
from tests.integration.search.sources import ShelfSource, good, lesson

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checking, "PAUSE_S", 0.0)


@pytest.fixture
def index(engine: Engine) -> Inspection:
    """A look into the index of each engine in turn."""
    return inspections(engine)[-1]


def differences(index: Inspection) -> set[Difference]:
    return set(Check(index).differences())


def key(pk: int) -> Key:
    return Key("product", str(pk))


def test_the_same_is_the_same(
    engine: Engine, index: Inspection, products: ShelfSource, lessons: ShelfSource
) -> None:
    assert differences(index) == set()  # no index, and nothing to be in it
    products.put(*(good(pk, f"Rau {pk}") for pk in range(1, 8)))
    lessons.put(lesson(1, "Chụp ảnh"))
    engine.write(Changes([*products.public(), *lessons.public()], []))
    check = Check(index)
    assert list(check.differences()) == []
    assert {kind: tally.public for kind, tally in check.tallies.items()} == {"product": 7, "lesson": 1}


def test_missing_left_over_and_outdated_are_told_apart(
    engine: Engine, index: Inspection, products: ShelfSource, lessons: ShelfSource
) -> None:
    products.put(*(good(pk, f"Rau {pk}") for pk in range(1, 5)))
    ghost = SearchDocument("ghost", 9, "Của loại không còn")
    engine.write(Changes([*products.public(), lesson(1, "Cũ"), ghost], []))
    products.take(1)
    products.put(good(2, "Rau 2", "thêm"), good(5, "Rau mới"))
    assert differences(index) == {
        Difference(key(1), What.LEFT_OVER),
        Difference(key(2), What.OUTDATED),
        Difference(key(5), What.MISSING),
        Difference(Key("lesson", "1"), What.LEFT_OVER),
        Difference(Key("ghost", "9"), What.LEFT_OVER),
    }


@pytest.mark.parametrize(
    "changes",
    [
        {"title": "Rau cải"},
        {"body": "non"},
        {"language": "en"},
        {"boost": 2.0},
        {"price_vnd": 5000},
        {"is_in_force": False},
        {"commune": "00001"},
        {"facets": {"nhom": "rau"}},
    ],
    ids=lambda changes: next(iter(changes)),
)
def test_whatever_is_indexed_counts(index_dir: Path, products: ShelfSource, changes: dict[str, Any]) -> None:
    engine = EmbeddedEngine(index_dir)
    products.put(good(1, "Rau"))
    engine.write(Changes(list(products.public()), []))
    products.put(replace(products.shelf["1"], **changes))
    assert differences(inspections(engine)[0]) == {Difference(key(1), What.OUTDATED)}
    products.put(
        replace(good(1, "Rau"), url="/khac/", summary="khác")
    )  # read from the database, not the index
    assert differences(inspections(engine)[0]) == set()


def test_many_are_compared_some_at_a_time(
    engine: Engine, index: Inspection, products: ShelfSource, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checking, "BATCH", 7)
    for module in ("inspection", "elasticsearch_inspection"):
        monkeypatch.setattr(f"search.engines.{module}.PAGE", 5)
    engine.write(Changes([good(pk, f"Rau {pk}") for pk in range(60)], []))
    assert {str(one.key) for one in differences(index)} == {f"product:{pk}" for pk in range(60)}
    products.put(*(good(pk, f"Rau {pk}") for pk in range(1, 60)))
    assert differences(index) == {Difference(key(0), What.LEFT_OVER)}


def test_what_the_outbox_still_owes_is_no_difference(
    engine: Engine, index: Inspection, products: ShelfSource
) -> None:
    products.put(good(1, "Rau"), good(2, "Củ"))
    check = Check(index)
    outbox.enqueue(check.topic, "product:1")
    assert list(check.differences()) == [Difference(key(2), What.MISSING)]
    assert check.tallies["product"].waiting == 1


class ChangingSource(ShelfSource):
    """While all of it is read, one row changes and is written to the index at once."""

    engine: Engine

    def public(self, ids: Collection[str] | None = None) -> Iterator[SearchDocument]:
        for document in list(super().public(ids)):
            yield document
            if ids is None:
                changed = good(1, "Đổi ngay lúc đọc")
                self.put(changed)
                self.engine.write(Changes([changed], [key(2)]))
                self.shelf.pop("2", None)


def test_what_changes_while_it_is_compared_is_no_difference(engine: Engine, index: Inspection) -> None:
    source = ChangingSource("product", documents=[good(1, "Rau"), good(2, "Củ")])
    source.engine = engine
    engine.write(Changes([good(1, "Rau"), good(2, "Củ")], []))
    with registry.only(source):
        assert differences(index) == set()


def run(*arguments: str) -> tuple[str, int]:
    out, status = StringIO(), 0
    try:
        call_command("check_search", *arguments, stdout=out)
    except SystemExit as error:
        status = int(str(error.code))
    return out.getvalue(), status


def test_the_command_says_what_differs_as_json(index_dir: Path, products: ShelfSource) -> None:
    engine = EmbeddedEngine(index_dir)
    products.put(*(good(pk, f"Rau {pk}") for pk in range(1, 6)))
    engine.write(Changes([*products.public(), good(9, "Đã gỡ")], []))
    assert run("--json") == (
        json.dumps({"embedded": {
            "product": {"public": 5, "waiting": 0, "missing": 0, "left over": 1, "outdated": 0},
            "lesson": {"public": 0, "waiting": 0, "missing": 0, "left over": 0, "outdated": 0},
        }}) + "\n",
        1,
    )  # fmt: skip


def test_repair_through_the_outbox(index_dir: Path, products: ShelfSource) -> None:
    engine = EmbeddedEngine(index_dir)
    products.put(*(good(pk, f"Rau {pk}") for pk in range(1, 6)))
    engine.write(Changes([*products.public(), good(9, "Đã gỡ")], []))
    products.put(good(2, "Đổi tên"))
    text, status = run("--repair")
    assert status == 1
    assert "embedded: product:2 outdated" in text
    assert set(Entry.objects.values_list("topic", "key")) == {
        (indexing.TOPIC, "product:2"),
        (indexing.TOPIC, "product:9"),
    }
    assert run("--repair")[1] == 0  # they wait already
    assert Entry.objects.count() == 2
    outbox.drain()
    assert run()[1] == 0
    assert engine.count() == 5


def test_repair_of_the_copy_writes_the_copy_only(
    index_dir: Path,
    products: ShelfSource,
    elasticsearch_engine: ElasticsearchEngine,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    both = FallbackEngine(elasticsearch_engine, EmbeddedEngine(index_dir))
    for module in ("search.indexing", "search.management.commands.check_search"):
        monkeypatch.setattr(f"{module}.current_engine", lambda: both)
    products.put(good(1, "Rau"), good(2, "Củ"))
    both.write(Changes(list(products.public()), []))
    text, status = run("--repair")
    assert status == 1
    assert "elasticsearch: product:1 missing" in text
    assert set(Entry.objects.values_list("topic", flat=True)) == {indexing.COPY_TOPIC}
    outbox.drain()
    assert run()[1] == 0
    assert elasticsearch_engine.count() == 2
