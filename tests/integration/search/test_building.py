"""An index that is missing, only written to, or of an earlier release's form is built by the outbox by itself."""

from pathlib import Path

import pytest

from base import outbox
from base.outbox.models import Entry
from search import indexing
from search.engines import current_engine
from search.engines.base import Changes, EngineAway, Query
from search.engines.elasticsearch import ElasticsearchEngine
from search.engines.embedded import EmbeddedEngine
from search.engines.fallback import FallbackEngine
from search.finding import find
from tests.factories.orders import make_cooperative, make_household, make_product
from tests.integration.orders.outbox_process import OutboxProcess, wait_for
from tests.integration.search.sources import ShelfSource, good

NOTHING = Changes([], [])


def test_an_outbox_process_that_finds_no_index_builds_one_of_everything(
    index_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, database_url: str
) -> None:
    monkeypatch.setenv("LANGSO_TEST_SCRATCH", str(tmp_path))
    household = make_household(make_cooperative())
    for number in range(20):
        make_product(household, f"Rau số {number}")
    Entry.objects.filter(topic=indexing.TOPIC).delete()  # nobody says that they changed
    engine = EmbeddedEngine(index_dir)
    with OutboxProcess(tmp_path, "--pause", "0.02", with_chores=True) as process:
        assert wait_for(engine.is_built, 60), process.log
    assert engine.count() == 20


@pytest.mark.django_db
@pytest.mark.parametrize("former", ["part", "form"])
def test_what_was_only_written_to_or_has_another_form_is_built_once(
    former: str, index_dir: Path, products: ShelfSource
) -> None:
    products.put(*(good(pk, f"Rau {pk}") for pk in range(3)))
    engine = current_engine()
    if former == "part":
        engine.write(Changes([good(1, "Rau 1")], []))
        assert engine.count() == 1
    else:
        (index_dir / "v0-19700101000000-beef").mkdir(parents=True)
        (index_dir / "current").write_text("v0-19700101000000-beef")
    assert not engine.is_built()
    indexing.ask_for_missing()
    indexing.ask_for_missing()
    assert Entry.objects.filter(topic=indexing.BUILD_TOPIC).count() == 1
    outbox.drain()
    assert (engine.is_built(), engine.count(), len(find("rau").hits)) == (True, 3, 3)
    indexing.ask_for_missing()
    assert not outbox.is_waiting(indexing.BUILD_TOPIC)


@pytest.mark.django_db
def test_elasticsearch_without_an_index_takes_no_write_and_the_embedded_one_answers_until_it_is_built(
    index_dir: Path, elasticsearch_engine: ElasticsearchEngine, products: ShelfSource
) -> None:
    elasticsearch_engine.remove()
    products.put(good(1, "Rau"))
    engine = FallbackEngine(elasticsearch_engine, EmbeddedEngine(index_dir))
    engine.second.rebuild(products.public(), lambda keys: NOTHING)
    with pytest.raises(EngineAway):
        elasticsearch_engine.write(Changes(list(products.public()), []))
    assert not engine.is_built()
    assert engine.search(Query()).engine == "embedded"
    engine.rebuild(list(products.public()), lambda keys: NOTHING)
    assert (engine.is_built(), elasticsearch_engine.count()) == (True, 1)


def test_a_writer_that_notes_while_a_rebuild_ends_leaves_no_notes_behind(
    elasticsearch_engine: ElasticsearchEngine,
) -> None:
    elasticsearch_engine.write(Changes([good(1, "Rau")], []))  # the rebuild has just taken the notes away
    assert elasticsearch_engine.count() == 1
    names = elasticsearch_engine.client.indices.get(index=f"{elasticsearch_engine.name_of_all}-*")
    assert not [name for name in names if "changed" in name]
