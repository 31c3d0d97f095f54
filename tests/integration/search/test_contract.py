"""What both engines must do alike: every test runs on tantivy and on a real Elasticsearch."""

import json
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Literal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from search.documents import Key, Results, SearchDocument
from search.engines.base import Changes, Engine, Filters
from search.facets import KIND
from search.finding import PAGE_SIZE, Chosen, find
from tests.integration.search.sources import ShelfSource, good, lesson
from tests.shared import SHARED


@pytest.fixture
def village(site_engine: Engine, products: ShelfSource, lessons: ShelfSource) -> Engine:
    """A handful of goods and lessons, indexed."""
    products.put(
        good(1, "Mật ong bạc hà", "Chai 500 ml, rừng Sín Chéng"),
        good(2, "Đậu đỏ", "Hạt to, nấu chè"),
        good(3, "Dâu rừng", "Hái sáng sớm"),
        good(4, "Mặt nạ gỗ", "Đồ chơi Tết"),
    )
    lessons.put(
        lesson(1, "Đóng chai và dán nhãn", "Rửa chai, rót mật ong, dán nhãn có ngày"),
        lesson(2, "Chụp ảnh hàng", "Đứng quay lưng về phía mặt trời"),
    )
    write(site_engine, [*products.public(), *lessons.public()])
    return site_engine


def write(engine: Engine, documents: Sequence[SearchDocument], deletes: Sequence[Key] = ()) -> None:
    engine.write(Changes(documents, deletes))


def keys(results: Results) -> list[str]:
    return [str(hit.key) for hit in results.hits]


def nearest(results: Results) -> list[str]:
    return [str(hit.key) for hit in results.nearest]


def counts(results: Results) -> dict[str, int]:
    return {value.value: value.count for value in results.facets.get(KIND, ())}


def of_kind(*kinds: str) -> Chosen:
    return Chosen(filters=Filters({KIND: kinds}))


@pytest.mark.usefixtures("village")
@pytest.mark.parametrize("asked", ["mật ong", "mat ong", "MẬT ONG", "Mat Ong!", "  mật\u00a0ong "])
@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_marks_capitals_and_composition_are_optional(asked: str, form: Literal["NFC", "NFD"]) -> None:
    assert keys(find(unicodedata.normalize(form, asked))) == ["product:1", "lesson:1"]


@pytest.mark.usefixtures("village")
@pytest.mark.parametrize("asked", ["đậu đỏ", "dau do", "ĐẬU ĐỎ", "ðậu ðỏ"])
def test_d_with_a_bar_is_found_as_d(asked: str) -> None:
    assert keys(find(asked)) == ["product:2"]


def test_text_stored_without_marks_is_found_by_a_question_with_marks(
    site_engine: Engine, products: ShelfSource
) -> None:
    products.put(good(1, unicodedata.normalize("NFD", "Mận hậu")), good(2, "Man hau Moc Chau"))
    write(site_engine, list(products.public()))
    assert keys(find("mận hậu")) == ["product:1", "product:2"]


@pytest.mark.usefixtures("village")
def test_as_written_ranks_before_folded() -> None:
    assert keys(find("đậu")) == ["product:2", "product:3"]
    assert keys(find("dâu")) == ["product:3", "product:2"]
    assert keys(find("mặt"))[0] in ("product:4", "lesson:2")
    assert keys(find("mật"))[0] in ("product:1", "lesson:1")


def test_neighbouring_words_rank_before_words_apart(site_engine: Engine, products: ShelfSource) -> None:
    products.put(
        good(1, "A", "đăng bài rồi ký tên vào sổ"),
        good(2, "B", "nơi đăng ký tên vào sổ rồi"),
    )
    write(site_engine, list(products.public()))
    assert keys(find("dang ky")) == ["product:2", "product:1"]


def test_a_word_in_the_title_ranks_before_one_in_the_body(site_engine: Engine, products: ShelfSource) -> None:
    products.put(good(1, "Rau rừng", "có măng"), good(2, "Măng khô", "rau rừng"))
    write(site_engine, list(products.public()))
    assert keys(find("mang")) == ["product:2", "product:1"]


def test_boost_multiplies_the_score(site_engine: Engine, products: ShelfSource) -> None:
    products.put(good(1, "Ong khoái", boost=0.5), good(2, "Ong khoái"), good(3, "Ong khoái", boost=2))
    write(site_engine, list(products.public()))
    assert keys(find("ong")) == ["product:3", "product:2", "product:1"]


@pytest.mark.usefixtures("village")
def test_counts_are_per_kind_whatever_kind_was_chosen() -> None:
    everything = find("chai")
    lessons_only = find("chai", of_kind("lesson"))
    assert counts(everything) == counts(lessons_only) == {"product": 1, "lesson": 1}
    assert (everything.total, lessons_only.total) == (2, 1)
    assert keys(lessons_only) == ["lesson:1"]
    assert keys(find("chai", of_kind("lesson", "product"))) == keys(everything)
    assert keys(find("chai", of_kind("nobody"))) == []


def test_language_filters(site_engine: Engine, products: ShelfSource) -> None:
    products.put(good(1, "Ong", language="vi"), good(2, "Ong", language="en"), good(3, "Ong", language="hmn"))
    write(site_engine, list(products.public()))
    assert set(keys(find("ong", languages=("vi", "hmn")))) == {"product:1", "product:3"}
    assert find("ong", languages=("vi",)).total == 1
    assert find("ong").total == 3


@pytest.mark.usefixtures("village")
def test_two_words_must_both_be_there_and_the_nearest_come_when_nothing_has_both() -> None:
    both = find("đậu rừng")
    assert keys(both) == ["product:3"]  # folded, "dâu" is "đậu"
    assert nearest(both) == []
    neither = find("mật xyzxyz")
    assert keys(neither) == []
    assert set(nearest(neither)) == {"product:1", "product:4", "lesson:1", "lesson:2"}
    assert find("xyzxyz abcabc").nearest == []


@pytest.mark.usefixtures("village")
def test_three_words_all_first_and_the_nearest_behind_them() -> None:
    found = find("mật ong rừng")
    assert keys(found) == ["product:1"]
    assert nearest(found)[0] == "lesson:1"
    assert "product:1" not in nearest(found)


@pytest.mark.usefixtures("village")
def test_a_whole_question_is_answered_by_what_is_nearest() -> None:
    found = find("làm thế nào để đóng chai mật ong cho đẹp")
    assert keys(found) == []
    assert nearest(found)[:2] == ["lesson:1", "product:1"]
    assert counts(found)["lesson"] >= 1
    only = find("làm thế nào để đóng chai mật ong cho đẹp", of_kind("product"))
    assert nearest(only)[0] == "product:1"
    assert not any(key.startswith("lesson") for key in nearest(only))


@pytest.mark.usefixtures("village")
def test_highlights_and_excerpt() -> None:
    hit = find("mật ong").hits[1]
    assert [(piece.text, piece.is_match) for piece in hit.excerpt] == [
        ("Rửa chai, rót ", False),
        ("mật ong", True),
        (", dán nhãn có ngày", False),
    ]


@pytest.mark.usefixtures("village")
@pytest.mark.parametrize("asked", ["mặt nạ đồ choi dưới 50k", "mặt nạ đồ chơii dưới 50k"])
def test_words_of_a_price_are_not_marked_also_when_others_are_repaired(
    asked: str, site_engine: Engine, products: ShelfSource
) -> None:
    toy = replace(good(4, "Mặt nạ gỗ", "Đồ chơi cho trẻ dưới 5 tuổi"), price_vnd=40_000)
    products.put(toy)
    write(site_engine, list(products.public()))
    found = find(asked)
    marked = [piece.text for piece in (found.hits or found.nearest)[0].excerpt if piece.is_match]
    assert marked == ["Đồ chơi"]


def test_pages_follow_each_other_without_loss_or_repeat(site_engine: Engine, products: ShelfSource) -> None:
    number = 2 * PAGE_SIZE + 1
    products.put(*(good(pk, f"Rau {pk}", boost=1 + pk / 100) for pk in range(number)))
    write(site_engine, list(products.public()))
    seen: list[str] = []
    cursor, sizes = "", []
    while True:
        page = find("rau", Chosen(cursor=cursor))
        sizes.append(len(page.hits))
        seen += keys(page)
        if not (cursor := page.next_cursor):
            break
    assert sizes == [PAGE_SIZE, PAGE_SIZE, 1]
    assert seen == [f"product:{pk}" for pk in reversed(range(number))]


@pytest.mark.parametrize(
    "question", ["rau nhà trồng", "rau nhà trồng sạch", "rau của nhà tôi trồng trên nương"]
)
def test_what_was_on_an_earlier_page_is_not_near_on_the_last(
    site_engine: Engine, products: ShelfSource, question: str
) -> None:
    number = 2 * PAGE_SIZE + 3
    products.put(*(good(pk, f"Rau {pk}", "Nhà trồng, sạch", boost=1 + pk / 100) for pk in range(number)))
    write(site_engine, list(products.public()))
    seen: list[str] = []
    cursor = ""
    while True:
        page = find(question, Chosen(cursor=cursor))
        seen += [*keys(page), *nearest(page)]
        if not (cursor := page.next_cursor):
            break
    assert sorted(seen) == sorted(f"product:{pk}" for pk in range(number))


def test_a_whole_question_counts_nothing_that_it_does_not_know(
    site_engine: Engine, products: ShelfSource
) -> None:
    products.put(*(good(pk, f"Rau {pk}", "Nhà trồng") for pk in range(3)))
    write(site_engine, list(products.public()))
    found = find("rau của nhà tôi trồng trên nương")
    assert (len(found.nearest), found.total, found.is_counted) == (3, 0, False)
    for question in ("rau nhà trồng", "rau nhà trồng giá từ 1k đến 100 nghìn"):
        short = find(question)
        assert (len(short.hits), short.total, short.is_counted) == (3, 3, True), question


def test_writing_again_replaces_and_deleting_removes(village: Engine, products: ShelfSource) -> None:
    products.put(good(2, "Đậu tương"))
    write(village, [*products.public(["2"]), *products.public(["2"])])
    assert keys(find("đậu tương")) == ["product:2"]
    assert keys(find("đậu đỏ")) == []
    assert village.count() == 6
    write(village, [], [Key("product", "2"), Key("product", "none such")])
    assert village.count() == 5
    assert find("tương").total == 0


def test_what_is_no_longer_public_is_not_shown_even_while_it_is_in_the_index(
    village: Engine, products: ShelfSource
) -> None:
    products.take(1)
    assert keys(find("mật ong")) == ["lesson:1"]
    assert village.count() == 6


def test_a_kind_that_nobody_registers_any_more_is_not_shown(village: Engine) -> None:
    write(village, [SearchDocument("ghost", 1, "Mật ong ma")])
    found = find("mật ong")
    assert keys(found) == ["product:1", "lesson:1"]
    assert found.total == 2


def test_rebuild_replaces_everything_and_can_be_repeated(village: Engine, products: ShelfSource) -> None:
    write(village, [good(99, "Cũ kỹ")])
    for _ in range(2):
        assert village.rebuild(list(products.public()), lambda keys: Changes([], keys)) == 4
    assert find("cũ kỹ").total == 0
    assert keys(find("mật ong")) == ["product:1"]


def test_what_is_written_during_a_rebuild_is_in_the_new_index(village: Engine, products: ShelfSource) -> None:
    def documents() -> list[SearchDocument]:
        stale = list(products.public())
        # Now, between the builder's reading and its swap, one is changed, one withdrawn and one added.
        products.put(good(2, "Đậu đen"), good(50, "Gừng tươi"))
        if "3" in products.shelf:  # a site with Elasticsearch builds two indexes
            products.take(3)
        write(village, list(products.public(["2", "50"])), [Key("product", "3")])
        return stale

    class Late:  # read when the builder begins, as rows of a database are
        def __iter__(self) -> Iterator[SearchDocument]:
            return iter(documents())

    def read_again(changed: Sequence[Key]) -> Changes:
        found = list(products.public([key.object_id for key in changed]))
        return Changes(found, [key for key in changed if key not in {document.key for document in found}])

    village.rebuild(Late(), read_again)
    assert keys(find("den")) == ["product:2"]
    assert keys(find("gừng")) == ["product:50"]
    assert find("hái sớm").total == 0
    assert village.count() == 4


def test_a_rebuild_that_fails_leaves_the_live_index_as_it_was(village: Engine) -> None:
    def broken() -> Iterator[SearchDocument]:
        yield good(1, "Mới")
        raise RuntimeError("the database went away")

    with pytest.raises(RuntimeError, match="went away"):
        village.rebuild(broken(), lambda keys: Changes([], keys))
    assert village.count() == 6
    assert keys(find("đậu đỏ")) == ["product:2"]
    assert village.rebuild([good(1, "Mới")], lambda keys: Changes([], keys)) == 1


OPERATORS = [
    '"', "*", "mat*", "title_folded:mat", "kind:product", "(mat OR ong) AND NOT x", "+mat -ong", "mat~2", "mat^9",
    "[a TO z]", "/.*/", "\\", "{!lucene}", "_id:1", "mat\x00ong", "\ud800", "%00", "ong" * 9999, "<script>",
    "'; DROP TABLE x; --", "{{ 7*7 }}",
]  # fmt: skip


@pytest.mark.usefixtures("village")
def test_hostile_strings_never_raise_and_reach_no_engine_syntax() -> None:
    strings = list(OPERATORS)
    if SHARED is not None:
        for path in sorted((SHARED / "data" / "hostile-input").glob("*.json")):
            strings += json.loads(path.read_text(encoding="utf-8"))[:250]
    for string in strings:
        found = find(string, of_kind("product"))
        for hit in (*found.hits, *found.nearest):
            assert "".join(piece.text for piece in hit.title) == hit.card.title
    assert find("*").total == 0
    assert find("kind:product").total == 0
    assert find("_id:1").total == 0


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.text(max_size=300), st.text(max_size=30), st.text(max_size=5))
def test_any_text_gives_an_answer(village: Engine, raw: str, cursor: str, kind: str) -> None:
    found = find(raw, Chosen(filters=Filters({KIND: (kind,)} if kind else {}), cursor=cursor))
    assert len(found.hits) + len(found.nearest) <= PAGE_SIZE


@pytest.mark.usefixtures("products")
def test_an_index_that_was_never_written_finds_nothing(engine: Engine, site_engine: Engine) -> None:
    if engine.name == "embedded":  # Elasticsearch without an index counts as away, see test_fallback.py
        assert find("ong").total == 0
    assert site_engine.count() == 0
