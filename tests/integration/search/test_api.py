"""The read API: what it answers, that its description is true, and that nothing it is sent breaks it."""

import json
from typing import Any

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings, strategies
from jsonschema import Draft202012Validator
from openapi_spec_validator import OpenAPIV31SpecValidator
from pytest_django import DjangoAssertNumQueries

from base import outbox
from base.access import rates
from marketplace.catalogue.models import Product
from search import indexing, narrowing
from search.engines import current_engine
from search.engines.base import Changes
from search.openapi import MOST_A_MINUTE, MOST_RESULTS, SIZE
from tests.factories.market import make_photo
from tests.factories.orders import make_goods
from tests.integration.search.sources import ShelfSource, good, lesson

pytestmark = pytest.mark.django_db
API = "/api/v1/tim"


@pytest.fixture
def village(index_dir: object, products: ShelfSource, lessons: ShelfSource) -> ShelfSource:
    """Honey, and a lesson about it."""
    products.put(good(1, "Mật ong bạc hà", "Nhà bác Páo"), good(2, "Rau cải mèo"))
    lessons.put(lesson(1, "Đóng chai mật ong"))
    current_engine().write(Changes([*products.public(), *lessons.public()], []))
    return products


@pytest.fixture
def market(index_dir: object) -> list[Product]:
    """Real goods of a real household, indexed by the outbox."""
    goods = [make_goods() for _ in range(3)]
    photo = make_photo()
    for one in goods:
        type(one).objects.filter(pk=one.pk).update(cover=photo)
        indexing.changed("product", one.pk)
    outbox.drain()
    return goods


def ask(client: Client, **query: object) -> Any:
    response = client.get(API, query)
    assert response.status_code == 200
    return response.json()


def schema_of(client: Client, name: str) -> Draft202012Validator:
    described = client.get("/api/v1/openapi.json").json()
    return Draft202012Validator(described | {"$ref": f"#/components/schemas/{name}"})


@pytest.mark.usefixtures("village")
def test_it_answers_like_the_page(client: Client) -> None:
    answer = ask(client, q="mat ong")
    answer["facets"][0]["values"].sort(
        key=lambda value: value["value"], reverse=True
    )  # as frequent as each other
    assert answer == {
        "question": "mat ong",
        "meant": "",
        "total": 2,
        "results": [
            {
                "kind": kind,
                "id": "1",
                "title": title,
                "url": f"http://testserver{url}",
                "summary": "",
                "language": "vi",
            }
            for kind, title, url in (
                ("product", "Mật ong bạc hà", "/cho/1/"),
                ("lesson", "Đóng chai mật ong", "/hoc/1/"),
            )
        ],
        "nearest": [],
        "facets": [
            {
                "parameter": "loai",
                "label": "Loại",
                "values": [
                    {"value": "product", "label": "Hàng", "count": 1, "is_chosen": False},
                    {"value": "lesson", "label": "Bài học", "count": 1, "is_chosen": False},
                ],
            }
        ],
        "next": None,
        "engine": "embedded",
    }


@pytest.mark.usefixtures("village")
def test_filters_are_those_of_the_page(client: Client) -> None:
    assert [one["kind"] for one in ask(client, q="mat ong", loai="lesson")["results"]] == ["lesson"]
    assert ask(client, q="mat ong", loai="none-such")["total"] == 2
    assert ask(client, q="mật ong -đóng")["total"] == 1
    assert [one["title"] for one in ask(client, q="mat ong den")["nearest"]]


def test_next_leads_through_all_results_once(
    client: Client, index_dir: object, products: ShelfSource
) -> None:
    products.put(*(good(pk, f"Rau {pk}") for pk in range(7)))
    current_engine().write(Changes(list(products.public()), []))
    address, seen = f"{API}?q=rau&{SIZE}=3", []
    while address:
        answer = client.get(address).json()
        seen.append([one["id"] for one in answer["results"]])
        address = answer["next"]
    assert [len(page) for page in seen] == [3, 3, 1]
    assert sorted(pk for page in seen for pk in page) == [str(pk) for pk in range(7)]


def test_the_description_is_openapi_and_names_every_parameter(client: Client) -> None:
    response = client.get("/api/v1/openapi.json")
    described = response.json()
    OpenAPIV31SpecValidator(described).validate()
    named = [one["name"] for one in described["paths"][API]["get"]["parameters"]]
    assert named == [*narrowing.NAMES, SIZE]
    assert response["Access-Control-Allow-Origin"] == "*"


def test_every_described_field_is_in_a_real_answer(
    client: Client, market: list[Product], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of the optional ones, the picture is put there by hand: nothing renders photos in this test."""
    pictures = "search.finding.pictures_of"
    monkeypatch.setattr(pictures, lambda cards: dict.fromkeys(cards, "/media/a.webp"))
    answer = ask(client, q=market[0].title, so=1)
    schema_of(client, "Answer").validate(answer)
    described = client.get("/api/v1/openapi.json").json()["components"]["schemas"]
    assert answer.keys() == described["Answer"]["properties"].keys()
    assert answer["results"][0].keys() == described["Result"]["properties"].keys()
    assert answer["facets"][0].keys() == described["Facet"]["properties"].keys()
    assert answer["facets"][0]["values"][0].keys() == described["Value"]["properties"].keys()
    assert answer["next"]


def test_an_answer_that_is_not_as_described_is_noticed(client: Client) -> None:
    """The guard itself: a field more, and one of another type."""
    validator = schema_of(client, "Value")
    value = {"value": "a", "label": "A", "count": 1, "is_chosen": False}
    assert validator.is_valid(value)
    assert not validator.is_valid(value | {"secret": 1})
    assert not validator.is_valid(value | {"count": "1"})


@pytest.mark.parametrize("size", ["0", "49", "-1", "", "1.5", "²", "9" * 5000, "a", "012", "00019999"])
def test_a_page_size_that_is_none_is_said(client: Client, size: str) -> None:
    response = client.get(API, {"q": "mat", SIZE: size})
    assert response.status_code == 400
    schema_of(client, "Error").validate(response.json())
    assert response.json() == {
        "error": {
            "code": "page_size",
            "message": f"“{SIZE}” là số kết quả muốn xem: một số từ 1 đến {MOST_RESULTS}.",
        }
    }
    assert response["Access-Control-Allow-Origin"] == "*"


@pytest.mark.usefixtures("village")
def test_anybodys_program_may_read_it_and_keep_it(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(1):  # the count of this address; the shelves ask no database
        answer = client.get(API, {"q": "mat ong"}, headers={"Origin": "https://example.org"})
    with django_assert_num_queries(0):
        again = client.get(API, {"q": "mat ong"}, headers={"If-None-Match": answer["ETag"]})
        kept = client.get(API, {"q": "mat ong"})
    assert again.status_code == 304
    for one in (answer, kept):
        assert one["Access-Control-Allow-Origin"] == "*"
        assert "Access-Control-Allow-Credentials" not in one
        assert one["RateLimit-Policy"] == '"address";q=300;w=60'
        assert one["Cache-Control"] == "no-cache"
        assert not one.cookies


def test_goods_cost_four_queries_however_many(
    client: Client, market: list[Product], django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    """The count of this address, goods (always open), names of filters, pictures."""
    for size in (1, 3):
        with django_assert_num_queries(4):
            assert len(client.get(API, {"q": "đậu", SIZE: size}).json()["results"]) == size


@pytest.mark.usefixtures("village")
def test_an_address_that_asks_too_often_waits(client: Client) -> None:
    for _ in range(MOST_A_MINUTE - 1):
        rates.hit("api.found", "127.0.0.1", MOST_A_MINUTE, 60)
    assert client.get(API, {"q": "mat ong"}).status_code == 200
    answer = client.get(API, {"q": "mat"})
    assert answer.status_code == 429
    assert answer["Retry-After"] == "60"
    assert answer.json()["error"]["code"] == "too_many"
    assert client.get(API, {"q": "mat ong"}).status_code == 200  # kept: costs nothing
    assert client.get(API, {"q": "mat"}, REMOTE_ADDR="192.0.2.7").status_code == 200


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_other_methods_are_refused_in_json(method: str) -> None:
    response = getattr(Client(enforce_csrf_checks=True), method)(API)
    assert response.status_code == 405
    assert response["Allow"] == "GET, HEAD"
    assert response.json()["error"]["code"] == "method"


@pytest.mark.usefixtures("village")
def test_what_is_not_public_any_more_is_not_answered(client: Client, village: ShelfSource) -> None:
    village.take(1)  # and the index is late
    assert "Mật ong bạc hà" not in json.dumps(ask(client, q="mat ong bac ha"), ensure_ascii=False)


@pytest.mark.usefixtures("village")
def test_addresses_without_sense_are_answered_but_not_kept(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for query, again in (({"q": "mat ong", "loai": "<b>"}, 1), ({"q": "mat ong", SIZE: "5"}, 0)):
        client.get(API, query)
        with django_assert_num_queries(again):
            assert client.get(API, query).status_code == 200


def test_every_filter_at_once_is_one_query_for_all_names(client: Client, index_dir: object) -> None:
    """Value and name may be the same column: the hostile test met that as a server error."""
    assert ask(client, q="a", cap="0", nhom="0", htx="0", tinh="01", xa="00001")["results"] == []


@pytest.mark.usefixtures("village")
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    strategies.dictionaries(
        strategies.sampled_from([*narrowing.NAMES, SIZE, "x"]), strategies.text(max_size=300)
    )
)
def test_nothing_that_is_sent_breaks_it(query: dict[str, str]) -> None:
    response = Client().get(API, query)
    assert response.status_code in (200, 400)
    if b"\x00" not in "".join(query.values()).encode(errors="replace") and response.status_code == 200:
        assert len(response.json()["question"]) <= 200


@pytest.mark.parametrize("address", ["/api/v1/khong-co", "/api/v2/tim", "/api/v1/tim/"])
def test_an_unknown_address_of_the_api_is_said_as_json(address: str, client: Client) -> None:
    response = client.get(address)
    assert (response.status_code, response.json()["error"]["code"]) == (404, "not_found")
