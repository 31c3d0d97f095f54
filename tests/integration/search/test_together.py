"""Whole questions on both engines: what has the words in one place comes before what has them all over a long text."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from search.documents import SearchDocument
from search.engines.base import Changes, Engine, Found, Query, RawHit, Row
from search.engines.embedded import EmbeddedEngine
from search.engines.inspection import inspections
from search.explaining import explain
from search.finding import PAGE_SIZE, WINDOW, Asking, Chosen, find
from search.lexicon import Lexicon
from search.together import MOST_READ, WORTH, wanted
from tests.integration.search.sources import ShelfSource, lesson

QUESTION = "giấy khai sinh bị mất thì xin lại ở đâu"
FILL = " và các tờ khác theo mẫu" * 8
SCATTERED = f"Giấy khai sinh{FILL}. Giấy bị mất{FILL}. Mất thì thôi{FILL}. Khai, xin lại, sinh ở đâu"
TOGETHER = (
    f"Bị mất giấy khai sinh, xin lại ở đâu thì hỏi xã{FILL}{FILL}{FILL}, nơi đã đăng ký, kèm bản cũ nếu còn"
)


@pytest.fixture
def desk(site_engine: Engine, lessons: ShelfSource) -> Engine:
    """Two texts with the words of the question, and many with one of them."""
    lessons.put(lesson(1, "Bài một", SCATTERED), lesson(2, "Bài hai", TOGETHER))
    lessons.put(*(lesson(pk, f"Bài {pk}", f"Giấy số {pk}, lấy ở xã") for pk in range(3, 3 + 2 * WINDOW)))
    site_engine.write(Changes(list(lessons.public()), []))
    return site_engine


def asking(engine: Engine, question: str) -> Asking:
    embedded = engine if isinstance(engine, EmbeddedEngine) else engine.second  # type: ignore[attr-defined]
    return Asking(engine, Lexicon(embedded), question, Chosen(), ("vi",))


@pytest.mark.parametrize("question", [QUESTION, "giay khai sinh bi mat thi xin lai o dau"])
def test_the_words_in_one_place_come_before_the_same_words_all_over(desk: Engine, question: str) -> None:
    asked = asking(desk, question)
    by_words = [row.score for row in asked.ask(needs_all=False, start=0).rows[:2]]
    assert by_words[0] > by_words[1] * 1.01  # not so near to each other that anything would turn them
    assert [hit.key.object_id for hit in asked.page().nearest[:2]] == ["2", "1"]


def test_the_engine_alone_would_have_them_the_other_way_round(desk: Engine) -> None:
    asked = asking(desk, QUESTION)
    found = asked.ask(needs_all=False, start=0)
    assert [hit.key.object_id for hit in found.load(found.rows[:2])] == ["1", "2"]


def test_pages_of_a_whole_question_follow_each_other_without_loss_or_repeat(desk: Engine) -> None:
    seen: list[str] = []
    cursor = ""
    for _ in range(2 * WINDOW // PAGE_SIZE + 2):
        page = find(QUESTION, Chosen(cursor=cursor))
        seen += [hit.key.object_id for hit in page.nearest]
        if not (cursor := page.next_cursor):
            break
    assert seen[:2] == ["2", "1"]
    assert len(seen) == len(set(seen)) == 2 + 2 * WINDOW


def test_what_was_lifted_is_explained(desk: Engine, lessons: ShelfSource) -> None:
    one = next(iter(lessons.public(["2"])))
    explained = explain(asking(desk, QUESTION), inspections(desk)[-1], one.key)
    assert explained.place == 1
    assert 1.1 < explained.together <= 1.0 + WORTH
    assert explained.ranked is not None
    assert explained.score == pytest.approx(explained.ranked.score)


def test_a_text_is_read_once_for_order_and_page(desk: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[int] = []
    search = desk.search

    def watched(query: Query, facets: Sequence[str] = ()) -> Found:
        found = search(query, facets)

        def load(rows: Sequence[Row]) -> Sequence[RawHit]:
            read.extend(row.signals.tie for row in rows)
            return found.load(rows)

        return replace(found, load=load)

    monkeypatch.setattr(desk, "search", watched)
    assert len(asking(desk, QUESTION).page().nearest) == PAGE_SIZE
    assert len(read) == len(set(read)) == MOST_READ


def test_words_of_texts_that_were_written_again_are_worth_no_less_than_nothing(
    index_dir: Path, lessons: ShelfSource
) -> None:
    """Until tantivy merges, more documents hold a common word than there are."""
    embedded = EmbeddedEngine(index_dir)
    documents = [lesson(pk, f"Bài {pk}", f"cách trồng chè xã mình {pk}") for pk in range(1, 15)]
    documents.append(lesson(15, "Bài mười lăm", "cách trồng chè xã mình quý"))
    embedded.write(Changes(documents, []))
    embedded.write(Changes(documents[:1], []))
    asked = asking(embedded, "cách trồng chè xã mình quý")
    reading = asked._lexicon.open()
    assert reading is not None
    assert reading.frequency("che") > reading.documents
    assert all(worth > 0 for worth in asked._wanted.worth)
    found = asked.ask(needs_all=False, start=0)
    assert all(one.together <= 1.0 + WORTH for one in asked.ranked(found, needs_all=False))


def test_a_rare_word_of_a_question_is_worth_more_than_a_common_one(
    index_dir: Path, lessons: ShelfSource
) -> None:
    embedded = EmbeddedEngine(index_dir)
    documents = [SearchDocument("lesson", pk, f"Bài {pk}", "giấy" + " mất" * (pk == 1)) for pk in range(9)]
    embedded.write(Changes(documents, []))
    asked = asking(embedded, "giấy mất zzz")
    common, rare, unknown = wanted(asked.tokens.groups, asked._lexicon.open()).worth
    assert rare > 10 * common > 0
    assert unknown == 0.0
    assert rare + common == pytest.approx(1.0)
