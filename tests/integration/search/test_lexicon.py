"""What the words of the index tell: how people write them, alone and beside each other."""

from pathlib import Path

import pytest

from search import lexicon
from search.documents import SearchDocument
from search.engines.base import Changes
from search.engines.embedded import EmbeddedEngine
from search.finding import Asking, Chosen
from search.lexicon import Lexicon, Reading
from search.repair import repair
from tests.integration.search.sources import good

COMMON = "Mắt mới, ông già"
"""Alone, "mat" is mắt and "ong" is ông more often than mật and ong."""


def words_of(index_dir: Path, *goods: SearchDocument) -> Reading:
    """Return the words of an index of these goods."""
    engine = EmbeddedEngine(index_dir)
    engine.write(Changes(goods, []))
    opened = Lexicon(engine).open()
    assert opened is not None
    return opened


@pytest.fixture
def reading(index_dir: Path) -> Reading:
    common = [good(pk, f"{COMMON} {pk}") for pk in range(9)]
    honey = [good(20, "Hũ", "Lấy mật; ong bay"), good(21, "Hũ Mật Ong"), good(22, "Hũ mật ong")]
    return words_of(index_dir, *common, *honey)


def test_a_word_alone_is_written_as_most_write_it(reading: Reading) -> None:
    assert reading.written(["mat"]) == ["mắt"]
    assert reading.written(["ong"]) == ["ông"]


def test_beside_each_other_words_are_written_as_those_who_put_them_there_do(reading: Reading) -> None:
    assert reading.written(["mat", "ong"]) == ["mật", "ong"]
    assert reading.written(["ong", "gia", "mat", "moi"]) == ["ông", "già", "mắt", "mới"]


def test_what_the_index_lacks_stays_as_it_is(reading: Reading) -> None:
    assert reading.written(["mat", "zzz", "ong"]) == ["mắt", "zzz", "ông"]


def test_a_word_is_usual_when_hardly_anybody_writes_it_otherwise(reading: Reading) -> None:
    assert reading.is_usual("hũ", "hu")
    assert not reading.is_usual("mật", "mat")
    assert not reading.is_usual("zzz", "zzz")


def test_the_likeliest_reading_of_a_mistyped_word_counts_most(index_dir: Path) -> None:
    goods = (good(1, "Mật ong"), good(2, "Một hai"), good(3, "Mắt kính"), good(4, "Khô"))
    opened = words_of(index_dir, *goods)
    assert repair(["mxt", "ong"], opened).alternatives[0] == [("mat", 0.9), ("mot", 0.6)]
    assert repair(["mxt", "hai"], opened).alternatives[0] == [("mot", 0.9), ("mat", 0.6)]


def test_marks_that_were_typed_tell_what_was_meant(index_dir: Path) -> None:
    opened = words_of(index_dir, *(good(pk, f"Gửi hàng {pk}") for pk in range(9)), good(10, "Gừng tươi"))
    assert repair(["gug"], opened, written=["gừg"]).meant == [("gung",)]
    assert repair(["gug"], opened).meant == [("gui",)]  # without marks the more frequent
    assert repair(["gug"], opened, written=["gụg"]).meant == [("gui",)]  # marks that help nobody


def test_common_words_are_asked_for_less_in_whole_questions_only(
    reading: Reading, index_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fields(question: str) -> set[str]:
        engine = EmbeddedEngine(index_dir)
        asked = Asking(engine, Lexicon(engine), question, Chosen()).query(needs_all=False)
        return {clause.field for clause in asked.extras if clause.token in ("mat", "mật")}

    whole, short = "hũ mật ong bay lấy mật", "hũ mật ong"
    assert fields(whole) == fields(short) == {"title_folded", "text_written"}
    monkeypatch.setattr(lexicon, "COMMON", 11)
    assert fields(whole) == set()
    assert fields(short) == {"title_folded", "text_written"}
    monkeypatch.setattr(lexicon, "COMMON", 12)
    assert fields(whole) == {"title_folded", "text_written"}
