"""Synonyms from what staff write to what is found, on both engines; what was not found, from the page to the list."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.cache import caches
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings

from base.pagecache import generations
from search import dictionary, missed
from search.engines import current_engine
from search.engines.base import Changes, Engine
from search.finding import Chosen, find
from search.models import MissedSearch, Synonym
from search.synonyms import NO_RULES, Rules
from tests.integration.search.sources import ShelfSource, good

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop(site_engine: Engine, products: ShelfSource) -> Engine:
    """Goods under their northern names, and neighbours that differ only in marks."""
    products.put(
        good(1, "Ngô nếp"),
        good(2, "Sắn lát khô"),
        good(3, "Dứa chín", "Xã Kon Braih, Tỉnh Quảng Ngãi"),
        good(4, "Dưa muối chín"),
        good(5, "Đậu đỏ"),
        good(6, "Dâu đỏ"),
        good(7, "Đỗ đỏ"),
        good(8, "Làm giấy chứng nhận quyền sử dụng đất"),
        good(9, "Khoai lang, mì tôm"),
    )
    site_engine.write(Changes(list(products.public()), []))
    return site_engine


def found(question: str, rules: Rules | None = None) -> list[str]:
    return [hit.key.object_id for hit in find(question, rules=rules).hits]


@pytest.mark.usefixtures("shop")
@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("bắp nếp", ["1"]),
        ("bap nep", ["1"]),
        ("khoai mì", ["9", "2"]),  # khoai and mì apart in a name weigh more here than the other word
        ("khoai mi kho", ["2"]),
        ("thơm chín", ["3"]),
        ("thom chin", ["3"]),
        ("trái thơm chín", ["3"]),
        ("đậu đỏ", ["5", "6", "7"]),  # the same word, the same letters, another word for it
        ("dâu đỏ", ["6", "5"]),
        ("sổ hồng", ["8"]),
        ("dứa huyện Kon Rẫy", ["3"]),
        ("dứa Kon Tum", ["3"]),
        ("mỳ tôm", ["9"]),
        ("my tom", ["9"]),
    ],
)
def test_people_find_things_under_their_own_words(question: str, expected: list[str]) -> None:
    assert found(question) == expected


@pytest.mark.usefixtures("site_synonyms")
def test_a_word_that_a_rule_explains_is_not_taken_for_a_slip(
    site_engine: Engine, products: ShelfSource
) -> None:
    products.put(good(1, "Sắn lát khô"), good(2, "Khoai lang mới đào"))
    site_engine.write(Changes(list(products.public()), []))
    results = find("khoai mi kho")
    assert ([hit.key.object_id for hit in results.hits], results.meant) == (["1"], "")
    assert find("khoai mi kho", rules=NO_RULES).meant == "khoai mới khô"


@pytest.mark.usefixtures("shop")
def test_without_rules_they_do_not() -> None:
    assert [found(question, NO_RULES) for question in ("bắp nếp", "thơm chín", "sổ hồng")] == [[], [], []]


@pytest.mark.usefixtures("shop")
def test_who_asks_for_exactly_what_was_typed_gets_no_synonyms() -> None:
    assert not find("bắp nếp", Chosen(is_as_typed=True)).hits


@pytest.mark.usefixtures("shop")
def test_the_synonym_is_lit_up_where_it_stands() -> None:
    (hit,) = find("bắp nếp").hits
    assert [(piece.text, piece.is_match) for piece in hit.title] == [("Ngô nếp", True)]


@pytest.mark.usefixtures("shop")
@pytest.mark.parametrize(
    "question",
    ["bắp " * 60, "_ngô_ bắp", "-bắp", '"bắp"', "bắp\x00", "b̷ắp ngô heo lợn trái", "trái", "trái trái"],
)
def test_hostile_words_are_words(question: str) -> None:
    find(question)


# --- the list, and what staff make of it


def rows() -> dict[str, Synonym]:
    return {row.shipped_as: row for row in Synonym.objects.exclude(shipped_as=None)}  # type: ignore[misc]


def test_the_list_stands_in_the_database_after_migrating() -> None:
    call_command("migrate", "site_search", verbosity=0)
    assert set(rows()) == {entry.key for entry in dictionary.shipped_entries()}
    assert dictionary.load_shipped(Synonym) == 0


def test_what_staff_changed_stays_when_the_list_is_loaded_again() -> None:
    dictionary.load_shipped(Synonym)  # the list may be newer than the kept database of the tests
    corn, pork, gone = (rows()[f"same:{word}"] for word in ("ngô", "lợn", "vừng"))
    corn.words, corn.is_active, corn.changed_at = "ngô, bẹ", False, timezone.now()
    corn.save()
    Synonym.objects.filter(pk=pork.pk).update(words="lợn, ỉn")
    gone.delete()
    Synonym.objects.create(shipped_as="same:left the list", words="a, b")
    assert dictionary.load_shipped(Synonym) == 3
    now = rows()
    assert (now["same:ngô"].words, now["same:ngô"].is_active) == ("ngô, bẹ", False)
    assert now["same:lợn"].words == "lợn, heo"
    assert "same:vừng" in now
    assert "same:left the list" not in now


@pytest.mark.usefixtures("site_synonyms")
def test_rules_are_read_once_and_again_when_the_stamp_says_so(
    django_assert_num_queries: DjangoAssertNumQueries, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = [1000.0]
    monkeypatch.setattr("search.dictionary.time.monotonic", lambda: clock[0])
    with django_assert_num_queries(2):  # synonyms, communes
        before = dictionary.current_rules()
    clock[0] += 10
    with django_assert_num_queries(0):
        assert dictionary.current_rules() is before
    Synonym.objects.create(words="bẹ, ngô")
    generations.bump_now(
        [dictionary.STAMP], generations.new_token()
    )  # as another process does after its commit
    with django_assert_num_queries(0):
        assert dictionary.current_rules() is before
    clock[0] += dictionary.REST_S
    assert len(dictionary.current_rules()) == len(before) + 2


@pytest.mark.usefixtures("site_synonyms", "shop")
def test_a_search_without_the_table_goes_on_with_the_list(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Synonym._meta, "db_table", "not_migrated_yet")
    assert found("bắp nếp") == ["1"]


# --- what was not found


@pytest.fixture
def page(settings: Settings, tmp_path: Path, index_dir: Path, products: ShelfSource) -> Callable[..., None]:
    """Asks the page of results of a shop with honey; notes go to a folder of this test."""
    settings.MISSED_SEARCHES_DIR = tmp_path / "missed"
    caches["default"].clear()
    products.put(good(1, "Mật ong rừng"))
    current_engine().write(Changes(list(products.public()), []))
    client = Client()

    def ask(question: str, **more: str) -> None:
        assert client.get("/tim/", {"q": question, **more}).status_code == 200

    return ask


def counted() -> dict[str, tuple[int, int]]:
    missed.count_noted()
    missed.count_noted()  # what was put aside the first time
    return {row.words: (row.count, row.nothing_count) for row in MissedSearch.objects.all()}


def test_words_that_found_nothing_are_counted_and_others_are_not(page: Callable[[str], None]) -> None:
    for question in ("mật ong", "Ba Kích tím", "mật ongg", "", "!!!"):
        page(question)
    assert counted() == {"ba kích tím": (1, 1), "mật ongg": (1, 0)}
    assert counted() == {"ba kích tím": (1, 1), "mật ongg": (1, 0)}


def test_what_an_order_by_price_leaves_out_was_not_missing(page: Callable[..., None]) -> None:
    page("mật ong", sap="re")
    assert counted() == {}


@pytest.mark.parametrize(
    "question",
    [
        "0912345678",
        "gọi 0912 345 678",
        "so 09.12.34.56.78",
        "hoa@example.com",
        "https://example.com/x",
        "cccd 001099012345",
        "một hai ba bốn năm sáu bảy tám chín",
        "x" * 81,
        "12",
    ],
)
def test_what_may_tell_of_a_person_is_not_kept(question: str) -> None:
    assert missed.kept_words(question) == ""


def test_prices_and_years_may_stay() -> None:
    assert missed.kept_words("Ba kích dưới 50k năm 2026") == "ba kích dưới 50k năm 2026"


def test_the_page_answers_when_nothing_can_be_noted(
    page: Callable[[str], None], settings: Settings, tmp_path: Path
) -> None:
    (tmp_path / "file").touch()
    settings.MISSED_SEARCHES_DIR = tmp_path / "file" / "folder"
    page("ba kích")


def test_a_page_without_result_writes_nothing_into_the_database(
    page: Callable[[str], None], django_assert_max_num_queries: Callable[[int], object]
) -> None:
    with django_assert_max_num_queries(6) as queries:  # type: ignore[attr-defined]  # a context manager
        page("ba kích tím")
    assert not [one["sql"] for one in queries.captured_queries if not one["sql"].startswith("SELECT")]


def test_a_flood_of_words_fills_neither_the_disk_nor_the_table(
    page: Callable[[str], None], settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(missed, "MOST_A_DAY", 3)
    monkeypatch.setattr(missed, "MOST_BYTES", 200)
    for number in range(40):
        page(f"kích {'abcdefghij'[number % 10] * (2 + number // 10)}")
    assert (Path(settings.MISSED_SEARCHES_DIR) / "noted").stat().st_size < 300
    assert len(counted()) == 3
    page("ba kích")
    assert "ba kích" not in counted()


def test_words_are_deleted_after_ninety_days() -> None:
    today = timezone.localdate()
    for days in (0, 89, 91, 200):
        MissedSearch.objects.create(words=f"{days}", day=today - dt.timedelta(days=days), count=1)
    old = missed.old_searches(timezone.now() - dt.timedelta(days=90))
    assert sorted(old.values_list("words", flat=True)) == ["200", "91"]


def test_the_list_sums_days_most_often_first() -> None:
    today = timezone.localdate()
    for words, days, count in (("ba kích", 0, 2), ("ba kích", 1, 3), ("chè dây", 0, 4)):
        MissedSearch.objects.create(words=words, day=today - dt.timedelta(days=days), count=count)
    assert [(row["words"], row["times"], row["last"]) for row in MissedSearch.objects.summed()] == [
        ("ba kích", 5, today),
        ("chè dây", 4, today),
    ]
