"""From a changed row to the index: through the outbox, in both directions, and `rebuild_search`."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from base import outbox
from base.outbox.models import Entry
from search import indexing
from search.documents import Key
from search.engines import current_engine
from search.engines.embedded import EmbeddedEngine
from search.finding import find
from tests.integration.search.sources import ShelfSource, good, lesson

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("index_dir")]


def found(raw: str) -> list[str]:
    return [str(hit.key) for hit in find(raw).hits]


def indexed(*keys: str) -> int:
    """Index these, and return how many documents there are."""
    for key in keys:
        indexing.changed(*key.split(":"))
    outbox.drain()
    return current_engine().count()


def test_published_is_found_and_withdrawn_is_gone(products: ShelfSource) -> None:
    products.put(good(1, "Mật ong"), good(2, "Măng khô"))
    assert indexed("product:1", "product:2") == 2
    assert found("mat ong") == ["product:1"]
    products.take(1)
    assert indexed("product:1") == 1
    assert found("mat ong") == []


def test_the_order_of_entries_does_not_matter_only_the_present_state(products: ShelfSource) -> None:
    products.put(good(1, "Cũ"))
    indexing.changed("product", 1)
    products.put(good(1, "Mới tinh"))
    indexing.changed("product", 1)
    indexing.changed("product", 1)
    outbox.drain()
    assert (found("moi tinh"), found("cũ kỹ"), current_engine().count()) == (["product:1"], [], 1)


def test_repeating_an_entry_changes_nothing(products: ShelfSource) -> None:
    products.put(good(1, "Rau"))
    entries = [Entry(topic=indexing.TOPIC, key="product:1"), Entry(topic=indexing.TOPIC, key="product:404")]
    for _ in range(3):
        indexing.index_changed(entries)
    assert current_engine().count() == 1


def test_a_change_that_is_rolled_back_is_not_indexed(products: ShelfSource) -> None:
    products.put(good(1, "Rau"))
    with transaction.atomic():
        indexing.changed("product", 1)
        transaction.set_rollback(True)
    outbox.drain()
    assert current_engine().count() == 0


def test_a_kind_nobody_registers_is_removed(products: ShelfSource) -> None:
    assert indexing.read_again([Key("ghost", "1"), Key("product", "2")]).deletes == [
        Key("ghost", "1"),
        Key("product", "2"),
    ]


def test_one_source_that_fails_does_not_hold_up_the_others(
    products: ShelfSource, lessons: ShelfSource, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(ids: object = None) -> object:
        raise ValueError("a broken row")

    products.put(good(1, "Rau"))
    monkeypatch.setattr(lessons, "public", broken)
    assert indexed("product:1", "lesson:1") == 1
    assert [entry.key for entry in Entry.objects.filter(topic=indexing.TOPIC)] == ["lesson:1"]


def test_rebuild_search_builds_everything_and_says_how_much(
    products: ShelfSource, lessons: ShelfSource
) -> None:
    products.put(good(1, "Rau"), good(2, "Củ"))
    lessons.put(lesson(1, "Chụp ảnh"))
    out = StringIO()
    call_command("rebuild_search", stdout=out)
    assert out.getvalue().splitlines()[:2] == ["product: 2", "lesson: 1"]
    assert "3 documents" in out.getvalue()
    assert found("chup anh") == ["lesson:1"]


def test_rebuild_search_refuses_a_second_one(products: ShelfSource) -> None:
    engine = current_engine()
    assert isinstance(engine, EmbeddedEngine)
    with engine.folder.rebuild_lock(), pytest.raises(CommandError, match="Another rebuild is running"):
        call_command("rebuild_search", stdout=StringIO())
