"""Completion of half words: from titles, only of what is public now, as JSON for the script of the search box."""

import json

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings, strategies
from pytest_django import DjangoAssertNumQueries

from base import outbox
from base.access import rates
from search import indexing, text
from search.api import SUGGESTIONS_A_MINUTE
from search.engines import current_engine
from search.engines.base import Changes, EngineAway
from search.engines.fallback import FallbackEngine
from search.suggest import LONGEST, MOST, Suggestion, suggest
from tests.integration.search.sources import ShelfSource, good, lesson
from tests.shared import SHARED

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True, params=["listed", "read"])
def _both_ways(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Names that begin so are listed, or read off some things where they are many: the same comes out."""
    if request.param == "read":
        monkeypatch.setattr("search.suggest._COMMON", -1)


@pytest.fixture
def village(index_dir: object, products: ShelfSource, lessons: ShelfSource) -> ShelfSource:
    """Honey and other things; three households sell the same cabbage."""
    products.put(
        good(1, "Mật ong bạc hà"),
        good(2, "Đậu đỏ"),
        good(3, "Dâu tây"),
        good(4, "Rau cải mèo"),
        good(5, "Rau cải mèo"),
        good(6, "Rau cải mèo"),
        good(7, "Nấm hương rừng khô"),
        good(8, "Thịt trâu gác bếp <b>"),
    )
    lessons.put(lesson(1, "Đóng chai mật ong"), lesson(2, "Chụp ảnh rau quả"))
    write(products, lessons)
    return products


def write(*shelves: ShelfSource) -> None:
    current_engine().write(Changes([one for shelf in shelves for one in shelf.public()], []))


def texts(typed: str, **options: object) -> list[str]:
    return [one.text for one in suggest(typed, **options)]


@pytest.mark.usefixtures("village")
@pytest.mark.parametrize(("typed", "expected"), [
    ("mat o", ["Mật ong bạc hà", "Đóng chai mật ong"]),
    ("mật o", ["Mật ong bạc hà", "Đóng chai mật ong"]),
    ("MẬT  O", ["Mật ong bạc hà", "Đóng chai mật ong"]),
    ("mât o", ["Mật ong bạc hà", "Đóng chai mật ong"]),
    ("ong b", ["Mật ong bạc hà"]),
    ("gác b", ["Thịt trâu gác bếp <b>"]),
    ("kho nam", ["Nấm hương rừng khô"]),
    ("rừng khô nấ", ["Nấm hương rừng khô"]),
    ("mat ong", ["Mật ong bạc hà", "Đóng chai mật ong"]),
    ("ma ", []), ("m", []), ("", []), ("\u0300", []), ("zzzz", []), ("mat ogn", []),
    ("mật ong bạc hà của nhà bác Páo ở bản trên đồi xa tít mù tắp kia", []),
])  # fmt: skip
def test_words_so_far_are_completed(typed: str, expected: list[str]) -> None:
    assert texts(typed) == expected


@pytest.mark.usefixtures("village")
@pytest.mark.parametrize(("typed", "expected"), [
    ("da", {"Đậu đỏ", "Dâu tây"}),
    ("dau", {"Đậu đỏ", "Dâu tây"}),
    ("đau", {"Đậu đỏ"}),
    ("dâ", {"Dâu tây", "Đậu đỏ"}),
    ("đậ", {"Đậu đỏ"}),
    ("đậu", {"Đậu đỏ"}),
    ("dấu", {"Đậu đỏ", "Dâu tây"}),
])  # fmt: skip
def test_marks_that_were_typed_leave_out_what_has_others(typed: str, expected: set[str]) -> None:
    """A mark may still come, so few of them leave out nothing; marks that are in no title leave out nothing either."""
    assert set(texts(typed)) == expected


@pytest.mark.usefixtures("village")
def test_a_thing_leads_to_itself_and_a_name_of_several_to_a_search() -> None:
    assert suggest("mat ong b") == [Suggestion("Mật ong bạc hà", "Hàng", "/cho/1/", "search")]
    found = Suggestion("Rau cải mèo", "Tìm", "/tim/?q=Rau+c%E1%BA%A3i+m%C3%A8o", "search")
    assert suggest("rau ca") == [found]


def test_a_part_of_many_names_is_a_search(products: ShelfSource, index_dir: object) -> None:
    products.put(
        *(good(pk, f"{name} nương Mộc Châu") for pk, name in enumerate(("Ngô", "Lúa", "Chè", "Bông")))
    )
    write(products)
    search, *things = suggest("nuong m")
    url = "/tim/?q=n%C6%B0%C6%A1ng+M%E1%BB%99c+Ch%C3%A2u"
    assert search == Suggestion("nương Mộc Châu", "Tìm", url, "search")
    assert {thing.url for thing in things} <= {f"/cho/{pk}/" for pk in range(4)}
    assert "nương Mộc Châu" not in texts("nuong moc chau")  # that is what the button does


def test_no_more_than_six_and_long_titles_are_cut_between_words(
    products: ShelfSource, index_dir: object
) -> None:
    products.put(*(good(pk, f"Vải thiều loại {pk} " + "rất ngon " * 15) for pk in range(10)))
    write(products)
    found = texts("vai th")
    assert len(found) == MOST
    assert all(len(one) <= 82 and one.endswith(("rất …", "ngon …")) for one in found)


def test_the_most_frequent_names_come_first_where_there_are_very_many(
    products: ShelfSource, index_dir: object
) -> None:
    rare = [good(pk, f"Mật ong nhà số {pk}") for pk in range(150)]
    products.put(*rare, *(good(200 + pk, "Mật ong rừng già nguyên sáp") for pk in range(5)))
    products.put(*(good(300 + pk, "Rượu mật ong") for pk in range(3)))
    write(products)
    assert texts("mat o")[0] == "Mật ong rừng già nguyên sáp"
    assert "Rượu mật ong" in texts("mat ong")


def test_titles_that_begin_so_are_found_among_very_many_that_only_hold_such_words(
    products: ShelfSource, index_dir: object
) -> None:
    words = ("ca", "cam", "can", "cao", "cat", "cau", "cay", "canh", "cang")
    products.put(*(good(pk, f"Máy {pk} {words[pk % 9]} tốt") for pk in range(400)))
    products.put(good(500, "Camera hành trình"), good(501, "Camera an ninh"), good(502, "Cải ngọt"))
    write(products)
    assert {"Camera hành trình", "Camera an ninh", "Cải ngọt"} <= set(texts("ca"))


def test_marks_leave_six_where_the_letters_also_begin_other_words(
    products: ShelfSource, index_dir: object
) -> None:
    products.put(*(good(pk, f"Mật ong nhà {pk}") for pk in range(400)))
    products.put(*(good(1000 + pk, f"Hoa mai {pk} cành") for pk in range(400)))
    write(products)
    assert len(texts("mậ")) == MOST


def test_what_is_not_public_never_appears(village: ShelfSource) -> None:
    """The index is late on purpose: it still holds what was withdrawn, and what was renamed under its old name."""
    village.put(good(20, "Quẩy tấu hiếm"), good(21, "Quẩy tấu cũ"))
    write(village)
    assert set(texts("quay t")) == {"Quẩy tấu hiếm", "Quẩy tấu cũ"}
    village.take(20)
    village.put(good(21, "Gùi mây"))
    for typed in ("quay t", "quẩy", "tau hi", "hiem quay", "hiếm", "cũ"):
        assert texts(typed) == []
    indexing.changed("product", 20)
    indexing.changed("product", 21)
    outbox.drain()
    assert texts("quay t") == []
    assert texts("gui m") == ["Gùi mây"]


def test_other_languages_are_left_out_unless_asked_for(village: ShelfSource) -> None:
    village.put(good(30, "Matcha tea", language="en"))
    write(village)
    assert texts("matc", languages=("vi",)) == []
    assert texts("matc", languages=("vi", "en")) == ["Matcha tea"]


@pytest.mark.usefixtures("village")
def test_the_box_gets_small_json(client: Client, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(1):  # the count of this address; the shelves ask no database
        answer = client.get("/tim/goi-y/", {"q": "mat o"})
    assert answer.json() == {
        "label": "Gợi ý",
        "suggestions": [
            {"text": "Mật ong bạc hà", "kind": "Hàng", "url": "/cho/1/", "icon": "search"},
            {"text": "Đóng chai mật ong", "kind": "Bài học", "url": "/hoc/1/", "icon": "search"},
        ],
        "icons": {"search": "M4 10.5a6.5 6.5 0 1 0 13 0 6.5 6.5 0 0 0-13 0M15.5 15.5L21 21"},
    }
    assert answer["Content-Type"] == "application/json"
    assert "Access-Control-Allow-Origin" not in answer
    with django_assert_num_queries(0):
        again = client.get("/tim/goi-y/", {"q": "mat o"}, headers={"If-None-Match": answer["ETag"]})
    assert again.status_code == 304


def test_even_six_long_titles_are_small_on_the_wire(
    client: Client, products: ShelfSource, index_dir: object
) -> None:
    words = text.words("mật ong rừng hoa bạc hà nguyên chất cao nguyên đá Đồng Văn Hà Giang")
    products.put(*(good(pk, " ".join(["Mật", *words[pk:], *words[:pk]])) for pk in range(8)))
    write(products)
    answer = client.get("/tim/goi-y/", {"q": "mat"}, headers={"Accept-Encoding": "br"})
    assert answer["Content-Encoding"] == "br"
    assert len(answer.content) <= 1536
    assert len(client.get("/tim/goi-y/", {"q": "mat"}).json()["suggestions"]) == MOST


def test_a_kept_completion_changes_as_soon_as_the_index_does(client: Client, village: ShelfSource) -> None:
    def names() -> list[str]:
        return [one["text"] for one in client.get("/tim/goi-y/", {"q": "dau d"}).json()["suggestions"]]

    assert names() == ["Đậu đỏ"]
    village.take(2)
    indexing.changed("product", 2)
    outbox.drain()
    assert names() == []


@pytest.mark.usefixtures("village")
def test_an_address_that_asks_too_often_waits(client: Client) -> None:
    for _ in range(SUGGESTIONS_A_MINUTE - 1):
        rates.hit("api.suggestions", "127.0.0.1", SUGGESTIONS_A_MINUTE, 60)
    assert client.get("/tim/goi-y/", {"q": "mat ong"}).status_code == 200
    answer = client.get("/tim/goi-y/", {"q": "mat"})
    assert answer.status_code == 429
    assert answer["Retry-After"] == "60"
    assert answer.json()["error"]["code"] == "too_many"
    assert client.get("/tim/goi-y/", {"q": "mat ong"}).status_code == 200  # kept: costs nothing
    assert client.get("/tim/goi-y/", {"q": "mat"}, REMOTE_ADDR="192.0.2.7").status_code == 200


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_nothing_but_reading(client: Client, method: str) -> None:
    assert getattr(client, method)("/tim/goi-y/?q=mat").status_code == 405


def hostile() -> list[str]:
    if SHARED is None:
        return ["'; DROP TABLE x;--", '<script>"*:?~^', "\\u0000", "💣" * 99, "e\u0301" * 300]
    files = (SHARED / "data/hostile-input").glob("*.json")
    return [
        one for file in files for one in json.loads(file.read_text(encoding="utf-8")) if isinstance(one, str)
    ]


@pytest.mark.usefixtures("village")
def test_hostile_input_is_words_or_nothing(client: Client) -> None:
    for typed in hostile():
        for part in {typed, typed[: LONGEST // 2], f"mat {typed[:20]}"}:
            assert len(suggest(part, ("vi",))) <= MOST
    for typed in hostile()[::25]:
        assert client.get("/tim/goi-y/", {"q": typed}).status_code in (200, 400)  # 400: NUL


@pytest.mark.usefixtures("village")
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(strategies.text(max_size=80))
def test_any_text_can_be_typed(typed: str) -> None:
    assert len(suggest(typed, ("vi",))) <= MOST


class Away:
    """Elasticsearch that is not there."""

    name = "elasticsearch"

    def __getattr__(self, name: str) -> object:
        raise EngineAway(name)


@pytest.mark.usefixtures("village")
def test_completion_needs_no_elasticsearch(monkeypatch: pytest.MonkeyPatch) -> None:
    embedded = current_engine()
    monkeypatch.setattr("search.engines.current_engine", lambda: FallbackEngine(Away(), embedded))
    assert texts("mat o") == ["Mật ong bạc hà", "Đóng chai mật ong"]
