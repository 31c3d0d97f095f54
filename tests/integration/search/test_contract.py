"""What both engines must do alike: every test runs on tantivy and on a real Elasticsearch."""

import json
import unicodedata
from collections.abc import Iterator, Sequence
from typing import Literal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from search.documents import Key, Results, SearchDocument
from search.engines.base import Changes, Engine
from search.queries import PAGE_SIZE, search
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


@pytest.mark.usefixtures("village")
@pytest.mark.parametrize("asked", ["mật ong", "mat ong", "MẬT ONG", "Mat Ong!", "  mật\u00a0ong "])
@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_marks_capitals_and_composition_are_optional(asked: str, form: Literal["NFC", "NFD"]) -> None:
    assert keys(search(unicodedata.normalize(form, asked))) == ["product:1", "lesson:1"]


@pytest.mark.usefixtures("village")
@pytest.mark.parametrize("asked", ["đậu đỏ", "dau do", "ĐẬU ĐỎ", "ðậu ðỏ"])
def test_d_with_a_bar_is_found_as_d(asked: str) -> None:
    assert keys(search(asked)) == ["product:2"]


def test_text_stored_without_marks_is_found_by_a_question_with_marks(
    site_engine: Engine, products: ShelfSource
) -> None:
    products.put(good(1, unicodedata.normalize("NFD", "Mận hậu")), good(2, "Man hau Moc Chau"))
    write(site_engine, list(products.public()))
    assert keys(search("mận hậu")) == ["product:1", "product:2"]


@pytest.mark.usefixtures("village")
def test_as_written_ranks_before_folded() -> None:
    assert keys(search("đậu")) == ["product:2", "product:3"]
    assert keys(search("dâu")) == ["product:3", "product:2"]
    assert keys(search("mặt"))[0] in ("product:4", "lesson:2")
    assert keys(search("mật"))[0] in ("product:1", "lesson:1")


def test_neighbouring_words_rank_before_words_apart(site_engine: Engine, products: ShelfSource) -> None:
    products.put(
        good(1, "A", "đăng bài rồi ký tên vào sổ"),
        good(2, "B", "nơi đăng ký tên vào sổ rồi"),
    )
    write(site_engine, list(products.public()))
    assert keys(search("dang ky")) == ["product:2", "product:1"]


def test_a_word_in_the_title_ranks_before_one_in_the_body(site_engine: Engine, products: ShelfSource) -> None:
    products.put(good(1, "Rau rừng", "có măng"), good(2, "Măng khô", "rau rừng"))
    write(site_engine, list(products.public()))
    assert keys(search("mang")) == ["product:2", "product:1"]


def test_boost_multiplies_the_score(site_engine: Engine, products: ShelfSource) -> None:
    products.put(good(1, "Ong khoái", boost=0.5), good(2, "Ong khoái"), good(3, "Ong khoái", boost=2))
    write(site_engine, list(products.public()))
    found = search("ong")
    assert keys(found) == ["product:3", "product:2", "product:1"]
    top, middle, last = (hit.score for hit in found.hits)
    assert (top / middle, last / middle) == pytest.approx((2, 0.5), rel=1e-3)


@pytest.mark.usefixtures("village")
def test_counts_are_per_kind_whatever_kind_was_chosen() -> None:
    everything = search("chai")
    lessons_only = search("chai", kind="lesson")
    assert [(count.kind, count.count) for count in everything.counts] == [("product", 1), ("lesson", 1)]
    assert lessons_only.counts == everything.counts
    assert (everything.total, lessons_only.total, lessons_only.total_all) == (2, 1, 2)
    assert keys(lessons_only) == ["lesson:1"]
    assert search("chai", kind="nobody").kind is None


def test_language_filters(site_engine: Engine, products: ShelfSource) -> None:
    products.put(good(1, "Ong", language="vi"), good(2, "Ong", language="en"), good(3, "Ong", language="hmn"))
    write(site_engine, list(products.public()))
    assert set(keys(search("ong", languages=("vi", "hmn")))) == {"product:1", "product:3"}
    assert search("ong", languages=("vi",)).total_all == 1
    assert search("ong").total_all == 3


@pytest.mark.usefixtures("village")
def test_short_questions_need_all_words_and_say_so_when_none_has_them() -> None:
    assert keys(search("đậu rừng")) == ["product:3"]  # folded, "dâu" is "đậu"
    relaxed = search("mật xyzxyz")
    assert relaxed.is_relaxed
    assert "product:1" in keys(relaxed)
    assert search("xyzxyz abcabc").total_all == 0
    assert not search("xyzxyz abcabc").is_relaxed


@pytest.mark.usefixtures("village")
def test_highlights_and_excerpt() -> None:
    hit = search("mật ong").hits[1]
    assert [(piece.text, piece.is_match) for piece in hit.excerpt] == [
        ("Rửa chai, rót ", False),
        ("mật ong", True),
        (", dán nhãn có ngày", False),
    ]


def test_pages_follow_each_other_without_loss_or_repeat(site_engine: Engine, products: ShelfSource) -> None:
    number = 2 * PAGE_SIZE + 1
    products.put(*(good(pk, f"Rau {pk}", boost=1 + pk / 100) for pk in range(number)))
    write(site_engine, list(products.public()))
    pages = [search("rau", page=page) for page in (1, 2, 3)]
    assert [len(page.hits) for page in pages] == [PAGE_SIZE, PAGE_SIZE, 1]
    assert [page.has_next for page in pages] == [True, True, False]
    assert len({key for page in pages for key in keys(page)}) == number
    assert (search("rau", page=999).page, search("rau", page=-5).page) == (3, 1)


def test_writing_again_replaces_and_deleting_removes(village: Engine, products: ShelfSource) -> None:
    products.put(good(2, "Đậu xanh"))
    write(village, [*products.public(["2"]), *products.public(["2"])])
    assert keys(search("đậu xanh")) == ["product:2"]
    assert search("đậu đỏ").is_relaxed
    assert village.count() == 6
    write(village, [], [Key("product", "2"), Key("product", "none such")])
    assert village.count() == 5
    assert search("xanh").total_all == 0


def test_what_is_no_longer_public_is_not_shown_even_while_it_is_in_the_index(
    village: Engine, products: ShelfSource
) -> None:
    products.take(1)
    assert keys(search("mật ong")) == ["lesson:1"]
    assert village.count() == 6


def test_a_kind_that_nobody_registers_any_more_is_not_shown(village: Engine) -> None:
    write(village, [SearchDocument("ghost", 1, "Mật ong ma")])
    found = search("mật ong")
    assert keys(found) == ["product:1", "lesson:1"]
    assert found.total_all == 2


def test_rebuild_replaces_everything_and_can_be_repeated(village: Engine, products: ShelfSource) -> None:
    write(village, [good(99, "Cũ kỹ")])
    for _ in range(2):
        assert village.rebuild(list(products.public()), lambda keys: Changes([], keys)) == 4
    assert search("cũ kỹ").total_all == 0
    assert keys(search("mật ong")) == ["product:1"]


def test_what_is_written_during_a_rebuild_is_in_the_new_index(village: Engine, products: ShelfSource) -> None:
    def documents() -> list[SearchDocument]:
        stale = list(products.public())
        # Now, between the builder's reading and its swap, one is changed, one withdrawn and one added.
        products.put(good(2, "Đậu đen"), good(50, "Gừng tươi"))
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
    assert keys(search("den")) == ["product:2"]
    assert keys(search("gừng")) == ["product:50"]
    assert search("hái sớm").total_all == 0
    assert village.count() == 4


def test_a_rebuild_that_fails_leaves_the_live_index_as_it_was(village: Engine) -> None:
    def broken() -> Iterator[SearchDocument]:
        yield good(1, "Mới")
        raise RuntimeError("the database went away")

    with pytest.raises(RuntimeError, match="went away"):
        village.rebuild(broken(), lambda keys: Changes([], keys))
    assert village.count() == 6
    assert keys(search("đậu đỏ")) == ["product:2"]
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
        for hit in search(string, kind="product").hits:
            assert "".join(piece.text for piece in hit.title) == hit.card.title
    assert search("*").total_all == 0
    assert search("kind:product").total_all == 0
    assert search("_id:1").total_all == 0


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.text(max_size=300), st.integers(), st.text(max_size=5))
def test_any_text_gives_an_answer(village: Engine, raw: str, page: int, kind: str) -> None:
    found = search(raw, kind=kind, page=page)
    assert found.total >= len(found.hits)


@pytest.mark.usefixtures("products")
def test_an_index_that_was_never_written_finds_nothing(engine: Engine, site_engine: Engine) -> None:
    if engine.name == "embedded":  # Elasticsearch without an index counts as away, see test_fallback.py
        assert search("ong").total_all == 0
    assert site_engine.count() == 0
