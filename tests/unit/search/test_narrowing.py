"""What was chosen on the search page: from the address and back into it."""

from urllib.parse import quote

import pytest
from django.http import QueryDict
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from search.engines.base import Sort
from search.facets import FACETS
from search.finding import Chosen
from search.narrowing import MOST_VALUES, NAMES, address, chosen_from, is_canonical

CURSOR = "1.0.ff.0x1.8p+1"


def read(query: str) -> Chosen:
    return chosen_from(QueryDict(query), page_size=12)


def test_everything_in_the_address_is_read() -> None:
    chosen = read(
        "q=x&loai=product&nhom=rau&nhom=mat-ong&htx=htx-muong-hum&gia-tu=10000&gia-den=50.000&san=1&sap=re&dung=1"
        f"&tiep={quote(CURSOR)}"
    )
    filters = chosen.filters
    assert filters.values == {"loai": ("product",), "nhom": ("mat-ong", "rau"), "htx": ("htx-muong-hum",)}
    assert (filters.least_vnd, filters.most_vnd) == (10_000, 50_000)
    assert filters.ready_by == timezone.localdate()
    assert (chosen.sort, chosen.is_as_typed, chosen.cursor) == (Sort.CHEAPEST, True, CURSOR)


@pytest.mark.parametrize("query", [
    "q=m%E1%BA%ADt+ong",
    "q=x&loai=lesson&loai=product&dai=duoi-10",
    "q=&nhom=rau&gia-tu=0&gia-den=50000&san=1&sap=moi",
    f"q=x&chu-de=health&dung=1&tiep={quote(CURSOR)}",
])  # fmt: skip
def test_an_address_reads_the_same_again(query: str) -> None:
    chosen = read(query)
    question = QueryDict(query)["q"]
    assert address(question, chosen, tiep=chosen.cursor) == f"?{query}"
    assert is_canonical(QueryDict(query), question, chosen)


@given(st.lists(st.tuples(st.sampled_from([name for name in NAMES if name != "o"]), st.text(max_size=70))))
def test_whatever_stands_in_an_address_is_read_and_reads_the_same_again(pairs: list[tuple[str, str]]) -> None:
    query = QueryDict(mutable=True)
    for name, value in pairs:
        query.appendlist(name, value)
    chosen = chosen_from(query, page_size=12)
    again = QueryDict(address("x", chosen, tiep=chosen.cursor)[1:])
    assert chosen_from(again, page_size=12) == chosen
    assert is_canonical(again, "x", chosen)


@pytest.mark.parametrize("query", [
    "loai=nobody", "nhom=%00", "nhom=" + "a" * 61, "nhom=%0A", "nhom=+a", "gia-tu=-1", "gia-tu=1e9", "gia-den=%C2%B2",
    "san=yes", "sap=xyz", "o=1", "o=abcde", "o=12345678901", "tiep=x", "tiep=1.0.0.nan.", "dung=0", "nhom=",
    "gia-den=1;2",
])  # fmt: skip
def test_what_makes_no_sense_is_left_out(query: str) -> None:
    chosen = read(query)
    assert address("x", chosen) == "?q=x"
    assert not chosen.cursor or chosen.cursor == QueryDict(query)["tiep"]


def test_values_are_bounded_in_number_and_amounts_in_size() -> None:
    query = QueryDict(mutable=True)
    query.setlist("nhom", [f"v{number}" for number in range(500)])
    query["gia-den"] = "9" * 20
    chosen = chosen_from(query, page_size=12)
    assert len(chosen.filters.values["nhom"]) == MOST_VALUES
    assert chosen.filters.most_vnd == 10**12  # a number that every column holds


@pytest.mark.parametrize(
    ("typed", "vnd"),
    [
        ("50k", 50_000),
        ("50.000đ", 50_000),
        ("1tr5", 1_500_000),
        ("2 triệu", 2_000_000),
        ("20k rau", None),
        ("x", None),
    ],
)
def test_an_amount_is_read_as_people_write_it(typed: str, vnd: int | None) -> None:
    query = QueryDict(mutable=True)
    query["gia-den"] = typed
    assert chosen_from(query, page_size=12).filters.most_vnd == vnd


def test_bounds_the_wrong_way_round_are_turned() -> None:
    filters = read("gia-tu=50000&gia-den=10000").filters
    assert (filters.least_vnd, filters.most_vnd) == (10_000, 50_000)


def test_one_choice_has_one_address() -> None:
    assert read("nhom=b&nhom=a&nhom=b") == read("nhom=a&nhom=b")
    assert not is_canonical(QueryDict("q=x&nhom=b&nhom=a"), "x", read("nhom=b&nhom=a"))


def test_what_a_form_sends_empty_does_not_count_but_what_is_made_up_does() -> None:
    assert is_canonical(QueryDict("q=x&gia-tu=&sap="), "x", read("gia-tu=&sap="))
    for made_up in ("q=x&loai=nobody", "q=x&sap=1", "q=x&tiep=zz", "q=x&gia-tu=007"):
        assert not is_canonical(QueryDict(made_up), "x", read(made_up))


def test_a_changed_address_begins_at_the_first_page() -> None:
    chosen = read(f"nhom=rau&gia-den=50000&tiep={quote(CURSOR)}")
    assert address("x", chosen, nhom=()) == "?q=x&gia-den=50000"
    assert address("x", chosen, **{"gia-den": "", "sap": "re"}) == "?q=x&nhom=rau&sap=re"


def test_what_is_counted_fits_the_kind_and_holds_what_is_chosen() -> None:
    assert set(read("loai=policy").facets) <= set(FACETS)
    assert "loai" in read("loai=product").facets
    assert "tieng" in read("tieng=vi").facets
    assert "tieng" not in read("").facets
