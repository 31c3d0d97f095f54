"""The search page as a person sees it."""

import re
from pathlib import Path
from urllib.parse import unquote

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from base import outbox, pagecache
from search import indexing
from search.documents import SearchDocument
from search.engines import current_engine
from search.engines.base import Changes
from tests.integration.search.sources import ShelfSource, good, lesson

pytestmark = pytest.mark.django_db


@pytest.fixture
def village(index_dir: Path, products: ShelfSource, lessons: ShelfSource) -> ShelfSource:
    """Honey, a lesson about it, and a hostile name."""
    products.put(good(1, "Mật ong bạc hà"), good(2, "<img src=x onerror=alert(1)> ong"))
    lessons.put(lesson(1, "Đóng chai mật ong"))
    current_engine().write(Changes([*products.public(), *lessons.public()], []))
    return products


def shelve(products: ShelfSource, *goods: SearchDocument) -> None:
    """Put these goods on the shelf and into the index."""
    products.put(*goods)
    current_engine().write(Changes(list(products.public()), []))


def page(client: Client, **query: str) -> str:
    response = client.get(reverse("search_pages:results"), query)
    assert response.status_code == 200
    return response.content.decode().replace("\n</a>", "</a>")  # templates end in a line break


def test_the_address_is_the_one_printed_on_paper() -> None:
    assert reverse("search_pages:results") == "/tim/"


@pytest.mark.usefixtures("village")
def test_one_list_with_counts_per_kind(client: Client) -> None:
    html = page(client, q="mat ong")
    assert '<a class="chip" href="?q=mat+ong" aria-current="true">Tất cả 2</a>' in html
    assert '<a class="chip" href="?q=mat+ong&amp;loai=product">Hàng 1</a>' in html
    assert '<a href="/cho/1/"><mark>Mật ong</mark> bạc hà</a>' in html
    assert '<a href="/hoc/1/">Đóng chai <mark>mật ong</mark></a>' in html


@pytest.mark.usefixtures("village")
def test_a_kind_can_be_chosen(client: Client) -> None:
    html = page(client, q="mat ong", loai="lesson")
    assert '<a class="chip" href="?q=mat+ong&amp;loai=lesson" aria-current="true">Bài học 1</a>' in html
    assert "/hoc/1/" in html
    assert "/cho/1/" not in html


@pytest.mark.usefixtures("village")
def test_names_and_questions_are_escaped(client: Client) -> None:
    html = page(client, q='"><script>ong')
    assert "<script>ong" not in html
    assert "<img src=x" not in html
    assert "&lt;img src=x onerror=alert(1)&gt; <mark>ong</mark>" in html


@pytest.mark.usefixtures("village")
def test_the_form_keeps_what_was_typed(client: Client) -> None:
    assert 'value="Mật ong &quot;rừng&quot;"' in page(client, q='Mật ong "rừng"')


@pytest.mark.usefixtures("village")
def test_nothing_found_says_so_and_leads_on(client: Client) -> None:
    html = page(client, q="xyzxyz")
    assert "Chưa tìm thấy gì với “xyzxyz”." in html
    assert 'href="/cho/"' in html
    assert 'class="chips"' not in html


@pytest.mark.usefixtures("village")
def test_without_a_question_the_page_offers_examples(client: Client) -> None:
    html = page(client)
    assert "Bạn tìm gì?" in html
    assert "?q=m%E1%BA%ADt%20ong" in html


@pytest.mark.usefixtures("village")
@pytest.mark.parametrize("query", [
    {"q": "\u200b"}, {"q": "ong", "tiep": "1.99999999999999999999.0.0x1p+0"}, {"q": "ong", "tiep": "1.0.0.nan"},
    {"q": "ong", "tiep": "1.².zz.inf"}, {"q": "ong", "loai": "'; --"}, {"q": "x" * 5000}, {"q": "ong", "loai": "a b"},
])  # fmt: skip
def test_bad_input_gives_a_page(client: Client, query: dict[str, str]) -> None:
    page(client, **query)


def test_nul_is_refused(client: Client) -> None:
    assert client.get("/tim/", {"q": "mat\x00ong"}).status_code == 400


def test_pages_of_twelve_keep_question_and_kind(
    client: Client, index_dir: Path, products: ShelfSource
) -> None:
    shelve(products, *(good(pk, f"Rau {pk}") for pk in range(13)))
    first = page(client, q="rau", loai="product")
    assert first.count('class="card"') == 12
    cursor = re.search(r'rel="next" href="\?q=rau&amp;loai=product&amp;tiep=([^"&]+)"', first)
    assert cursor is not None
    last = page(client, q="rau", loai="product", tiep=unquote(cursor[1]))
    assert last.count('class="card"') == 1
    assert 'rel="next"' not in last


@pytest.mark.parametrize("cursor", ["1.12.0.-0x1p+9", "1.12.0.inf"])
def test_a_page_behind_the_last_one_leads_to_the_first(
    client: Client, index_dir: Path, products: ShelfSource, cursor: str
) -> None:
    shelve(products, *(good(pk, f"Rau {pk}") for pk in range(2)))
    answer = client.get("/tim/", {"q": "rau", "tiep": cursor})
    assert (answer.status_code, answer["Location"]) == (302, "?q=rau")


@pytest.mark.parametrize("cursor", ["1.0.0.-inf", "1.0.0.nan"])
def test_a_cursor_that_is_no_place_is_none(
    client: Client, index_dir: Path, products: ShelfSource, cursor: str
) -> None:
    shelve(products, *(good(pk, f"Rau {pk}") for pk in range(2)))
    assert page(client, q="rau", tiep=cursor).count('class="card"') == 2


def test_words_in_quotes_that_are_mistyped_lead_to_what_was_meant(
    client: Client, index_dir: Path, products: ShelfSource
) -> None:
    shelve(products, good(1, "Mật ong rừng"))
    empty = page(client, q='"mat onng" -bạc')
    assert "Có phải bạn tìm “&quot;mật ong&quot; -bạc”?" in empty
    assert 'href="?q=%22m%E1%BA%ADt+ong%22+-b%E1%BA%A1c"' in empty


def test_save_data_gets_eight(client: Client, index_dir: Path, products: ShelfSource) -> None:
    shelve(products, *(good(pk, f"Rau {pk}") for pk in range(13)))
    response = client.get("/tim/", {"q": "rau"}, headers={"Save-Data": "on"})
    assert response.content.decode().count('class="card"') == 8


def test_search_itself_asks_the_database_nothing(
    client: Client, village: ShelfSource, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(0):
        page(client, q="mat ong")


def test_a_kept_page_changes_as_soon_as_the_index_does(client: Client, village: ShelfSource) -> None:
    assert "/cho/3/" not in page(client, q="mat ong")
    village.put(good(3, "Mật ong rừng"))
    indexing.changed("product", 3)
    assert "/cho/3/" not in page(client, q="mat ong")  # kept anew before the index was written
    outbox.drain()
    assert "/cho/3/" in page(client, q="mat ong")
    village.take(3)
    indexing.changed("product", 3)
    outbox.drain()
    assert "/cho/3/" not in page(client, q="mat ong")


def test_a_picture_that_is_rendered_later_comes_into_a_kept_page(
    client: Client, village: ShelfSource, monkeypatch: pytest.MonkeyPatch
) -> None:
    rendered: dict[str, str] = {}
    monkeypatch.setattr(village, "pictures", lambda cards: rendered, raising=False)
    monkeypatch.setattr(village, "template_name", "market/search_card.html", raising=False)
    assert "<img" not in page(client, q="mat ong", loai="product").partition("<main")[2]
    rendered["1"] = "/media/anh/1.webp"
    pagecache.bump("photos")
    outbox.drain()
    assert 'src="/media/anh/1.webp"' in page(client, q="mat ong", loai="product")


def test_other_methods_are_refused(client: Client) -> None:
    assert client.delete("/tim/").status_code == 405
