"""The page of results with filters: what is offered, what the links lead to, what it costs, what is kept."""

import html as escaped
import re
from pathlib import Path
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoAssertNumQueries

from marketplace.catalogue.models import Category
from search import indexing
from search.choices import price_words
from search.engines import current_engine
from search.engines.base import Changes
from tests.factories.orders import make_cooperative, make_household, make_product
from tests.integration.search.sources import ShelfSource, good

pytestmark = pytest.mark.django_db
BUDGET = 6


def page(client: Client, query: dict[str, object]) -> str:
    response = client.get(f"/tim/?{urlencode(query, doseq=True)}")
    assert response.status_code == 200
    return response.content.decode()


def links(html: str) -> dict[str, str]:
    """Return where the chips lead, by what they say."""
    found = re.findall(r'<a class="chip" href="([^"]+)"[^>]*>(.*?)</a>', html, re.DOTALL)
    return {
        " ".join(re.sub("<[^>]+>", " ", words).replace("Bỏ:", "").split()): escaped.unescape(url)
        for url, words in found
    }


@pytest.fixture
def market(index_dir: Path) -> None:
    """Three kinds of tea of two cooperatives, and honey."""
    first = make_household(make_cooperative("Hợp tác xã Bản Mây", slug="hop-tac-xa-ban-may"))
    second = make_household(make_cooperative("Hợp tác xã Suối Lạnh", slug="hop-tac-xa-suoi-lanh"))
    make_product(first, "Chè cổ thụ", price=90_000)
    make_product(first, "Chè xanh", price=20_000)
    make_product(second, "Chè vàng", price=40_000)
    make_product(second, "Mật ong", price=150_000)
    indexing.rebuild()


@pytest.mark.usefixtures("market")
def test_what_is_chosen_can_be_taken_away_one_by_one(client: Client) -> None:
    query = {
        "q": "chè",
        "loai": "product",
        "htx": ["hop-tac-xa-ban-may"],
        "gia-den": 50_000,
        "san": 1,
        "sap": "re",
    }
    html = page(client, query)
    assert "Chè xanh" in html.replace("<mark>", "").replace("</mark>", "")
    assert html.count('class="card"') == 1
    chips = links(html)
    for name, label in (
        ("htx", "Hợp tác xã Bản Mây"),
        ("gia-den", "dưới 50.000 ₫".replace(" ₫", "\u00a0₫").replace("\u00a0", " ")),
        ("san", "Có hàng ngay"),
        ("sap", "Rẻ nhất trước"),
    ):
        rest = {key: value for key, value in query.items() if key != name}
        assert chips[label] == f"?{urlencode(rest, doseq=True)}"


@pytest.mark.usefixtures("market")
def test_the_form_offers_what_makes_a_difference_with_counts_and_keeps_what_is_chosen(client: Client) -> None:
    html = page(client, {"q": "chè", "loai": "product", "gia-tu": 10_000})
    assert '<input type="hidden" name="q" value="chè">' in html
    assert '<input type="hidden" name="loai" value="product">' in html
    assert re.search(r'name="htx" value="hop-tac-xa-ban-may"><span>Hợp tác xã Bản Mây <small>2</small>', html)
    assert re.search(
        r'name="htx" value="hop-tac-xa-suoi-lanh"><span>Hợp tác xã Suối Lạnh <small>1</small>', html
    )
    assert 'name="nhom"' not in html  # all are of one kind
    assert 'name="gia-tu" inputmode="numeric" maxlength="12" value="10000"' in html
    assert "<script>" not in html


@pytest.mark.usefixtures("market")
def test_a_value_that_is_gone_is_not_shown(client: Client) -> None:
    Category.objects.update(is_public=False)
    indexing.rebuild()
    html = page(client, {"q": "chè", "nhom": "rau-cu"})
    assert "Rau củ</" not in html


@pytest.mark.usefixtures("market")
def test_nothing_found_says_what_was_understood_and_what_would_be_found_without_it(client: Client) -> None:
    html = page(client, {"q": "chè dưới 10k", "loai": "product", "htx": "hop-tac-xa-ban-may"})
    assert "Chưa tìm thấy gì với “chè dưới 10k”." in html
    chips = links(html)
    assert (
        chips["dưới 10.000 ₫ 2 kết quả"]
        == f"?{urlencode({'q': 'chè', 'loai': 'product', 'htx': 'hop-tac-xa-ban-may'})}"
    )
    assert (
        "Hợp tác xã Bản Mây 1 kết quả" not in chips
    )  # without the cooperative there is still nothing so cheap
    assert {"Hợp tác xã Bản Mây", "Hợp tác xã Suối Lạnh"} <= chips.keys()  # whom to ask
    assert chips["Hợp tác xã Suối Lạnh"] == "/cho/htx/hop-tac-xa-suoi-lanh/"
    assert 'href="/cho/"' in html
    assert 'href="/hoc/"' in html


@pytest.mark.usefixtures("market")
def test_a_price_in_words_is_shown_and_can_be_taken_away(client: Client) -> None:
    html = page(client, {"q": "chè dưới 50k"})
    assert html.count('class="card"') == 2
    assert links(html)["dưới 50.000 ₫"] == "?" + urlencode({"q": "chè"})


def test_both_what_was_typed_and_what_was_meant_are_one_tap_away(
    client: Client, index_dir: Path, products: ShelfSource
) -> None:
    products.put(*(good(pk, "Mật ong rừng") for pk in range(3)))
    current_engine().write(Changes(list(products.public()), []))
    html = escaped.unescape(page(client, {"q": "mật onng"}))
    assert "Có phải bạn tìm “mật ong”?" in html
    assert f'href="?{urlencode({"q": "mật ong"})}">Chỉ tìm “mật ong”' in html
    assert f'href="?{urlencode({"q": "mật onng", "dung": "1"})}">Đúng chữ “mật onng”' in html
    exact = page(client, {"q": "mật onng", "dung": "1"})
    assert "Có phải" not in exact
    assert "<mark>Mật ong</mark>" not in exact  # only what is near it is left


def test_filters_survive_turning_the_page(client: Client, index_dir: Path) -> None:
    home = make_household(make_cooperative("Hợp tác xã Bản Mây", slug="hop-tac-xa-ban-may"))
    for number in range(14):
        make_product(home, f"Chè {number}")
    indexing.rebuild()
    chosen = {"q": "chè", "loai": "product", "htx": "hop-tac-xa-ban-may", "gia-den": 50_000, "sap": "moi"}
    first = page(client, chosen)
    following = re.search(r'rel="next" href="([^"]+)"', first)
    assert following is not None
    assert escaped.unescape(following[1]).startswith(f"?{urlencode(chosen)}&tiep=")
    second = client.get("/tim/" + escaped.unescape(following[1])).content.decode()
    assert (first.count('class="card"'), second.count('class="card"')) == (12, 2)
    titles = re.findall(r'<a href="(/cho/[^"]+-\d+/)"', first + second)
    assert len(set(titles)) == 14


@pytest.mark.parametrize("number", [1, 3])
def test_a_page_of_goods_with_filters_costs_the_same_queries_whatever_their_number(
    client: Client, index_dir: Path, number: int
) -> None:
    for each in range(number):
        make_product(make_household(make_cooperative(f"Hợp tác xã {each}")), f"Chè {each}")
    indexing.rebuild()
    page(client, {"q": "khác", "loai": "product", "o": "00004"})  # synonyms are read once a process
    with CaptureQueriesContext(
        connection,
    ) as queries:
        html = page(client, {"q": "chè", "loai": "product", "gia-den": 50_000, "sap": "re"})
    assert html.count('class="card"') == number
    assert len(queries) == 2, [query["sql"] for query in queries]  # names of values, goods


def test_an_empty_page_is_within_the_budget(
    client: Client, market: None, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    page(client, {"q": "khác"})
    with django_assert_num_queries(2):  # names of values, cooperatives
        page(client, {"q": "chè", "loai": "product", "gia-den": 1, "htx": "hop-tac-xa-ban-may"})


@pytest.mark.usefixtures("market")
@pytest.mark.parametrize(("query", "is_kept"), [
    ({"q": "chè", "loai": "product", "gia-den": 50_000}, True),
    ({"q": "chè", "htx": "hop-tac-xa-ban-may"}, True),
    ({"q": "chè", "gia-tu": "", "sap": ""}, True),
    ({"q": "chè", "htx": "khong-co"}, False),
    ({"q": "chè", "sap": "xyz"}, False),
    ({"q": "chè", "gia-den": "050000"}, False),
    ({"q": "chè", "tinh": "zz"}, False),
    ({"q": "chè", "chung-nhan": "gi-cung-duoc"}, False),
])  # fmt: skip
def test_only_addresses_that_the_site_itself_makes_are_kept(
    client: Client, query: dict[str, object], is_kept: bool
) -> None:
    page(client, query)
    with CaptureQueriesContext(connection) as queries:
        page(client, query)
    assert (not queries.captured_queries) is is_kept


@pytest.mark.usefixtures("market")
@pytest.mark.parametrize("name", ["loai", "nhom", "tinh", "xa", "htx", "chung-nhan", "cap", "dai", "chu-de", "hieu-luc",
                                  "tieng", "gia-tu", "gia-den", "san", "sap", "o", "tiep", "dung"])  # fmt: skip
def test_hostile_values_give_a_page(client: Client, name: str) -> None:
    hostile = ['"><script>alert(1)</script>', "' OR 1=1 --", "*", "-1", "9" * 400, "\ud7ff", "٣", "{{7*7}}"]
    for value in hostile:
        html = page(client, {"q": "chè", name: [value, *["x"] * 50]})
        assert "<script>alert" not in html
    page(client, {name: hostile})


@pytest.mark.parametrize(("bounds", "words"), [
    ((None, 50_000), "dưới 50.000\u00a0₫"), ((20_000, None), "từ 20.000\u00a0₫"),
    ((20_000, 50_000), "20.000 đến 50.000\u00a0₫"), ((0, 50_000), "dưới 50.000\u00a0₫"), ((None, None), ""),
])  # fmt: skip
def test_bounds_are_said_as_people_say_them(bounds: tuple[int | None, int | None], words: str) -> None:
    assert price_words(*bounds) == words
