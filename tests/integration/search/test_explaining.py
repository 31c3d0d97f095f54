"""`explain_search` on both engines: the parts of a score add up to that of the list, and a "no" has its reason."""

import datetime as dt
from dataclasses import replace
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from search.documents import Key, Stock
from search.engines.base import Changes, Engine
from search.engines.embedded import EmbeddedEngine
from search.engines.inspection import inspections
from search.explaining import Explained, explain
from search.finding import Asking, Chosen
from search.lexicon import Lexicon
from search.ranking import SIGNALS
from tests.integration.search.sources import ShelfSource, good


def explained(engine: Engine, question: str, pk: int) -> Explained:
    """What the last of the engines (Elasticsearch, if this is both) makes of it."""
    embedded = engine if isinstance(engine, EmbeddedEngine) else engine.second  # type: ignore[attr-defined]
    asking = Asking(engine, Lexicon(embedded), question, Chosen(), ("vi",))
    return explain(asking, inspections(engine)[-1], Key("product", str(pk)))


@pytest.fixture
def filled(engine: Engine, products: ShelfSource) -> Engine:
    """Six goods; number 6 is in the index only, number 7 in the database only."""
    products.put(
        good(1, "Mật ong rừng", "Mật của ong nuôi ở rừng già"),
        replace(good(2, "Mật ong"), stock=Stock.NONE, price_vnd=250_000),
        good(3, "Mật mía"),
        good(4, "Rau cải", "trồng trong rừng"),
        good(5, "Măng khô"),
        good(6, "Mật gấu"),
    )
    engine.write(Changes(list(products.public()), []))
    products.take(6)
    products.put(good(7, "Mật ong bạc hà"))
    return engine


@pytest.mark.parametrize(
    "question", ["mật ong", "mat ong rung", "mạt ong rừnf", "mật ong rừng già ở bản nào"]
)
def test_the_parts_add_up_to_the_score_of_the_list(filled: Engine, question: str) -> None:
    one = explained(filled, question, 1)
    assert one.ranked is not None
    assert sum(score for _, score in one.parts) == pytest.approx(one.ranked.row.score, rel=1e-4)
    assert one.score == pytest.approx(one.ranked.score, rel=1e-6)
    assert [signal for signal, _ in one.signals] == list(SIGNALS)


def test_the_place_is_that_of_the_list(filled: Engine) -> None:
    assert [(one.place, one.holds_all) for one in (explained(filled, "mật ong", pk) for pk in (1, 2, 5))] == [
        (1, True),
        (2, True),
        (0, False),
    ]
    factors = {signal.name: factor for signal, factor in explained(filled, "mật ong", 2).signals}
    assert factors["stock"] == 0.4


def test_the_place_is_that_of_the_list_also_for_what_only_an_unimportant_word_of_a_question_brings(
    filled: Engine, products: ShelfSource
) -> None:
    products.put(good(8, "Chỗ nào"))
    filled.write(Changes(list(products.public(["8"])), []))
    one = explained(filled, "mật ong rừng già ở bản nào", 8)
    assert one.place > 0
    assert not one.holds_all


def test_a_missing_word_is_named(filled: Engine) -> None:
    assert list(explained(filled, "mật ong", 3).missing) == ["ong"]
    assert list(explained(filled, "mật ong", 5).missing) == ["mat", "ong"]


def test_what_leaves_it_out_is_named(filled: Engine) -> None:
    assert list(explained(filled, '"ong rừng" mật', 2).against) == [
        "does not hold 'ong rung', which was in quotes",
        "does not hold 'rừng', which was in quotes",
    ]
    assert list(explained(filled, "mật -ong", 2).against) == ["holds 'ong', which was not wanted"]
    assert list(explained(filled, "mật ong dưới 200k", 2).against) == ["its price is 250000"]
    assert list(explained(filled, "mật ong dưới 300k", 2).against) == []


def test_public_and_indexed_are_told_apart(filled: Engine, products: ShelfSource) -> None:
    gone, new = explained(filled, "mật", 6), explained(filled, "mật", 7)
    assert (gone.document, gone.is_indexed) == (None, True)
    assert (new.document is not None, new.is_indexed) == (True, False)
    products.put(good(1, "Mật ong đã đổi tên"))
    assert explained(filled, "mật", 1).is_outdated


def command(*arguments: str) -> str:
    out = StringIO()
    call_command("explain_search", *arguments, stdout=out)
    return out.getvalue()


@pytest.mark.django_db
def test_the_command_prints_a_table(index_dir: Path, products: ShelfSource) -> None:
    soon = timezone.localdate() + dt.timedelta(days=3)
    products.put(replace(good(1, "Mật ong rừng"), ready_on=soon), good(2, "Rau cải"))
    EmbeddedEngine(index_dir).write(Changes(list(products.public()), []))
    text = command("mật onh", "product:1")
    assert "for onh                           ong (0.9)" in text
    assert "probably meant                    mật ong" in text
    assert "text_folded: ong" in text
    assert "ready                                 0.900  ready before ready later" in text
    assert "place 1 of what holds all words." in text
    assert "Does not hold: mat, ong." in command("mật ong", "product:2")
    assert "Not public" in command("mật ong", "product:3")
    assert "check_search" not in command("mật ong", "product:3")
    products.put(good(4, "Mật mía"))  # and nothing said that it changed
    assert "check_search --repair" in command("mật ong", "product:4")
    assert "left out" in command("mật -ong", "product:1")


@pytest.mark.django_db
def test_the_command_says_what_it_cannot_do(index_dir: Path, products: ShelfSource) -> None:
    with pytest.raises(CommandError, match="not KIND:ID"):
        command("mật", "12")
    with pytest.raises(CommandError, match="There is no kind 'ghost'; kinds are product, lesson"):
        command("mật", "ghost:12")
    with pytest.raises(CommandError, match="Set ELASTICSEARCH_URL"):
        command("mật", "product:1", "--engine", "elasticsearch")
