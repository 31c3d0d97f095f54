"""Filters, counts and orders, on both engines alike."""

import datetime as dt
import random
from collections import Counter
from dataclasses import replace

import pytest
from django.utils import timezone

from search.documents import Results, SearchDocument, Stock
from search.engines.base import Changes, Clause, Engine, Filters, Query, Sort
from search.finding import Chosen, find, how_many
from tests.integration.search.sources import ShelfSource, lesson

pytestmark = pytest.mark.django_db
HERE, NEXT_DOOR, FAR_AWAY = "02001", "02002", "09009"
TODAY = timezone.localdate()


def tea(
    pk: int,
    *,
    price: int | None = 50_000,
    stock: Stock = Stock.PLENTY,
    ready: dt.date | None = None,
    commune: str = HERE,
    topic: str = "farming",
    approved: int = 1,
) -> SearchDocument:
    return SearchDocument(
        "product",
        pk,
        f"Chè {pk}",
        url=f"/cho/{pk}/",
        facets={"chu-de": topic},
        price_vnd=price,
        stock=stock,
        ready_on=ready,
        commune=commune,
        province=commune[:2],
        published_at=dt.datetime(2026, 1, approved, tzinfo=dt.UTC),
    )


@pytest.fixture
def shelf(site_engine: Engine, products: ShelfSource, lessons: ShelfSource) -> ShelfSource:
    products.put(
        tea(1, price=90_000, commune=FAR_AWAY, approved=3),
        tea(2, price=20_000, stock=Stock.NONE, commune=NEXT_DOOR, approved=1),
        tea(3, price=50_000, ready=TODAY + dt.timedelta(days=3), commune=HERE, approved=2),
        tea(4, price=None, stock=Stock.FEW, ready=TODAY, commune=NEXT_DOOR, topic="health", approved=4),
    )
    lessons.put(lesson(1, "Sao chè"))
    site_engine.write(Changes([*products.public(), *lessons.public()], []))
    return products


def keys(results: Results) -> list[str]:
    return [str(hit.key) for hit in results.hits]


def counts(results: Results, name: str) -> dict[str, int]:
    return {value.value: value.count for value in results.facets[name]}


def asked(filters: Filters | None = None, **more: object) -> Results:
    return find("chè", Chosen(filters=filters or Filters(), **more))  # type: ignore[arg-type]  # fields by name


@pytest.mark.usefixtures("shelf")
def test_each_facet_is_counted_without_its_own_filter_and_with_the_others() -> None:
    found = asked(Filters({"chu-de": ("farming",), "tinh": ("02",)}), facets=("loai", "chu-de", "tinh"))
    assert counts(found, "chu-de") == {"farming": 2, "health": 1}
    assert counts(found, "loai") == {"product": 2}
    assert [value.value for value in found.facets["chu-de"] if value.is_chosen] == ["farming"]
    assert found.total == 2


def test_of_equally_frequent_values_the_first_by_name_are_offered(
    site_engine: Engine, products: ShelfSource
) -> None:
    products.put(*(tea(pk, commune=f"{pk % 60:05}") for pk in range(120)))
    site_engine.rebuild(list(products.public()), lambda keys: Changes([], []))
    query = Query(groups=((Clause("text_folded", "che", 1.0),),), limit=0)
    for filters in (Filters(), Filters({"loai": ("product",)}), Filters({"loai": ()})):
        found = site_engine.search(replace(query, filters=filters), ["loai", "xa"]).counts["xa"]
        assert sorted(found) == (
            [f"{code:05}" for code in range(24)] if filters.values.get("loai", True) else []
        )


def test_counts_are_those_of_the_documents_whatever_is_chosen(
    site_engine: Engine, products: ShelfSource, lessons: ShelfSource
) -> None:
    chance = random.Random(4)
    places, topics, odd = (HERE, NEXT_DOOR, FAR_AWAY), ("farming", "health"), 'a"b\\ OR x:y'
    products.put(
        *(tea(pk, commune=chance.choice(places), topic=chance.choice((*topics, odd))) for pk in range(60))
    )
    lessons.put(*(lesson(pk, "Sao chè") for pk in range(9)))
    everything = [*products.public(), *lessons.public()]
    site_engine.write(Changes(everything, []))
    values = {
        "loai": ("product", "lesson"),
        "tinh": ("02", "09"),
        "xa": places,
        "chu-de": (*topics, odd, "none"),
    }
    for _ in range(40):
        chosen = {
            name: tuple(chance.sample(of, chance.randint(1, 2)))
            for name, of in values.items()
            if chance.random() < 0.5
        }
        query = Query(groups=((Clause("text_folded", "che", 1.0),),), filters=Filters(chosen), limit=0)
        found = site_engine.search(query, list(values)).counts
        for name in values:
            others = {other: of for other, of in chosen.items() if other != name}
            passing = [
                document.facet_values()
                for document in everything
                if all(set(of) & set(document.facet_values().get(other, ())) for other, of in others.items())
            ]
            expected = Counter(value for facets in passing for value in facets.get(name, ()))
            assert {value: count for value, count in found[name].items() if count} == dict(expected), chosen


@pytest.mark.usefixtures("shelf")
def test_a_price_keeps_out_what_has_none() -> None:
    assert set(keys(asked(Filters(least_vnd=50_000)))) == {"product:1", "product:3"}
    assert set(keys(asked(Filters(most_vnd=50_000)))) == {"product:2", "product:3"}
    assert keys(asked(Filters(least_vnd=20_001, most_vnd=50_000))) == ["product:3"]


@pytest.mark.usefixtures("shelf")
@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("từ 20k đến 50k", ["product:2", "product:3"]),
        ("chè dưới 50k trên 21k", ["lesson:1", "product:3", "product:4"]),
        ("bài học dưới 50k", ["lesson:1"]),
    ],
)
def test_a_price_without_other_words_is_a_question(
    question: str, expected: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("search.registry.names", lambda: {"lesson": ("bai hoc",)})
    assert sorted(keys(find(question))) == expected


@pytest.mark.usefixtures("shelf")
def test_a_price_in_words_leaves_what_has_none() -> None:
    cheap = Filters(most_vnd=50_000, priced_only=False)
    assert set(keys(asked(cheap))) == {"product:2", "product:3", "product:4", "lesson:1"}
    between = Filters(least_vnd=20_001, most_vnd=50_000, priced_only=False)
    assert set(keys(asked(between))) == {"product:3", "product:4", "lesson:1"}


@pytest.mark.usefixtures("shelf")
def test_ready_now_is_what_is_there_and_ripe() -> None:
    assert set(keys(asked(Filters(ready_by=TODAY)))) == {"product:1", "product:4"}
    later = asked(Filters(ready_by=TODAY + dt.timedelta(days=3)), facets=("loai", "chu-de"))
    assert set(keys(later)) == {"product:1", "product:3", "product:4"}
    assert counts(later, "chu-de") == {"farming": 2, "health": 1}
    assert later.total == 3


@pytest.mark.usefixtures("shelf")
def test_cheapest_first_leaves_out_what_has_no_price() -> None:
    assert keys(asked(sort=Sort.CHEAPEST)) == ["product:2", "product:3", "product:1"]


@pytest.mark.usefixtures("shelf")
def test_newest_first() -> None:
    assert keys(asked(sort=Sort.NEWEST))[:4] == ["product:4", "product:1", "product:3", "product:2"]


@pytest.mark.usefixtures("shelf")
def test_nearest_first_is_the_commune_then_the_province_then_the_rest() -> None:
    near = keys(asked(sort=Sort.NEAREST, commune=HERE, province="02"))
    assert near[0] == "product:3"
    assert set(near[1:3]) == {"product:2", "product:4"}
    assert near[1] == "product:4"  # by relevance inside: nearly gone before gone
    assert set(near[3:]) == {"product:1", "lesson:1"}


@pytest.mark.usefixtures("shelf")
def test_nearest_without_words_orders_all_there_is() -> None:
    found = find("", Chosen(Filters({"chu-de": ("farming",)}), Sort.NEAREST, commune=FAR_AWAY, province="09"))
    assert keys(found)[0] == "product:1"
    assert set(keys(found)) == {"product:1", "product:2", "product:3"}


@pytest.mark.usefixtures("shelf")
def test_how_many_would_be_found_is_what_is_found() -> None:
    questions = [
        ("chè", Chosen()),
        ("chè", Chosen(Filters({"loai": ("product",)}, most_vnd=50_000))),
        ("chè", Chosen(Filters(ready_by=TODAY))),
        ("chè dưới 30k", Chosen(sort=Sort.CHEAPEST)),
        ("xyzxyz", Chosen()),
        ("", Chosen()),
    ]
    assert how_many(questions) == [5, 2, 2, 1, 0, 0]
    assert [find(raw, chosen).total for raw, chosen in questions] == [5, 2, 2, 1, 0, 0]


def test_nearest_first_reaches_past_what_an_engine_ranks_at_a_time(
    site_engine: Engine, products: ShelfSource
) -> None:
    products.put(*(tea(pk, commune=FAR_AWAY) for pk in range(100)), tea(100, stock=Stock.NONE, commune=HERE))
    site_engine.write(Changes(list(products.public()), []))
    first = asked(sort=Sort.NEAREST, commune=HERE, province="02")
    assert keys(first)[0] == "product:100"
    second = asked(sort=Sort.NEAREST, commune=HERE, province="02", cursor=first.next_cursor)
    assert len(second.hits) == 12
    assert not set(keys(first)) & set(keys(second))


@pytest.mark.parametrize(
    ("question", "meant"),
    [
        ("mật ong từ 200k", ""),
        ("mat ong duoi 300k", ""),
        ("mật onng từ 200k", "mật ong từ 200k"),
        ("mật onng trở lại", "mật ong trở lại"),
        ("mat onng", "mật ong"),
        ("mat onng -bac", "mật ong -bac"),
        ('"mat onng", -hà!', '"mật ong", -hà!'),
    ],
)
def test_what_was_meant_leaves_prices_and_words_with_marks_as_they_were_typed(
    site_engine: Engine, products: ShelfSource, question: str, meant: str
) -> None:
    products.put(
        SearchDocument(
            "product", 1, "Mật ong rừng", "Chai 200g, 300g. Tử tế, có trợ giá, lái xe giao tận nơi", url="/"
        ),
        SearchDocument("product", 2, "Mật ong bạc hà", "Tử tế, trợ giá, lái xe", url="/"),
    )
    site_engine.write(Changes(list(products.public()), []))
    assert find(question).meant == meant


def test_as_typed_repairs_nothing(site_engine: Engine, products: ShelfSource) -> None:
    products.put(*(SearchDocument("product", pk, "Mật ong rừng", url="/") for pk in range(3)))
    site_engine.write(Changes(list(products.public()), []))
    repaired = find("mật onng")
    assert len(repaired.hits) == 3
    assert repaired.meant == "mật ong"
    exact = find("mật onng", Chosen(is_as_typed=True))
    assert (exact.hits, exact.meant) == ([], "")
