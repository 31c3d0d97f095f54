"""By what each app's things can be narrowed, with names for people, from model to page."""

import datetime as dt

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from base.outbox.models import Entry
from base.places.models import Commune, Province
from cms.documents import PolicyDocuments, index_what_turned
from learning.documents import CourseDocuments, LessonDocuments, length_of
from search import facets, indexing
from search.finding import Chosen, find
from search.narrowing import place_of
from tests.factories import pages
from tests.factories.orders import make_cooperative, make_household, make_product

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()
DAY = dt.timedelta(days=1)


@pytest.mark.parametrize(
    ("begins", "ends", "state", "is_in_force"),
    [
        (None, None, None, True),
        (TODAY, None, "in_force", True),
        (TODAY + DAY, None, "coming", True),
        (TODAY - 9 * DAY, TODAY, "in_force", True),
        (TODAY - 9 * DAY, TODAY - DAY, "ended", False),
    ],
)
def test_an_article_has_a_topic_and_the_state_of_its_document_today(
    begins: dt.date | None, ends: dt.date | None, state: str | None, is_in_force: bool
) -> None:
    pages.article(topic="health", in_force_from=begins, in_force_until=ends)
    (document,) = PolicyDocuments().public()
    assert document.facet_values().get("chu-de", []) == ["health"]
    assert document.facet_values().get("hieu-luc", []) == ([state] if state else [])
    assert document.is_in_force is is_in_force


def test_an_article_is_indexed_anew_on_the_day_its_state_turns() -> None:
    begins = pages.article("Bắt đầu", in_force_from=TODAY)
    ended = pages.article("Hết", in_force_until=TODAY - DAY)
    pages.article("Còn", in_force_until=TODAY)
    pages.article("Chưa", in_force_from=TODAY + DAY)
    Entry.objects.all().delete()
    index_what_turned()
    told = set(Entry.objects.filter(topic=indexing.TOPIC).values_list("key", flat=True))
    assert told == {f"policy:{begins.pk}", f"policy:{ended.pk}"}


def test_a_course_has_a_level_and_a_lesson_a_length() -> None:
    course = pages.course(level="Người mới")
    lesson = pages.lesson(course)
    lesson.minutes = 12
    lesson.save_revision().publish()
    (document,) = CourseDocuments().public()
    assert document.facet_values() == {"loai": ["course"], "cap": ["Người mới"], "tieng": ["vi"]}
    (document,) = LessonDocuments().public()
    assert document.facet_values() == {"loai": ["lesson"], "dai": ["10-20"], "tieng": ["vi"]}


@pytest.mark.parametrize(
    ("minutes", "length"),
    [(0, "duoi-10"), (9, "duoi-10"), (10, "10-20"), (20, "10-20"), (21, "tren-20"), (32_767, "tren-20")],
)
def test_lengths_have_no_gap(minutes: int, length: str) -> None:
    assert length_of(minutes) == length


def test_names_of_every_facet_come_in_one_query_and_what_is_gone_has_none(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    pages.course(level="Người mới")
    cooperative = make_cooperative("Hợp tác xã Bản Mây", slug="ban-may")
    make_cooperative("Đã nghỉ", slug="da-nghi", is_active=False)
    product = make_product(make_household(cooperative))
    commune: Commune = cooperative.commune
    with django_assert_num_queries(1):
        found = facets.labels(
            {
                "nhom": [product.category.slug, "gone"],
                "tinh": [commune.province_id, "zz"],
                "xa": [commune.code, "99999", "1", "2", "3"],
                "htx": ["ban-may", "da-nghi"],
                "cap": ["Người mới", "Đã bỏ"],
                "dai": ["duoi-10", "x"],
                "chu-de": ["health", "x"],
                "hieu-luc": ["ended", "x"],
                "tieng": ["vi", "xx"],
                "loai": ["product", "x"],
            }
        )
    assert found == {
        "nhom": {product.category.slug: product.category.name},
        "tinh": {commune.province_id: commune.province.full_name},
        "xa": {commune.code: commune.full_name},
        "htx": {"ban-may": "Hợp tác xã Bản Mây"},
        "cap": {"Người mới": "Người mới"},
        "dai": {"duoi-10": "Dưới 10 phút"},
        "chu-de": {"health": "Sức khỏe"},
        "hieu-luc": {"ended": "Hết hiệu lực"},
        "tieng": {"vi": "Tiếng Việt"},
        "loai": {"product": "Hàng"},
    }


def test_a_commune_is_read_once_and_what_is_none_is_nobody(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    province = Province.objects.get_or_create(code="98", defaults={"name": "Thử", "full_name": "Tỉnh Thử"})[0]
    Commune.objects.create(code="98765", name="Thử", full_name="Xã Thử", kind="xã", province=province)
    for queries in (1, 0):
        with django_assert_num_queries(queries):
            assert place_of("98765") == ("Xã Thử", "98")
    assert place_of("98766") is None
    with django_assert_num_queries(0):
        assert place_of("x" * 5) is None


@pytest.mark.usefixtures("index_dir")
@pytest.mark.parametrize("number", [1, 3])
def test_a_page_of_every_kind_and_a_place_costs_six_queries_whatever_their_number(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries, number: int
) -> None:
    course = pages.course("Nuôi ong")
    for each in range(number):
        cooperative = make_cooperative(f"Hợp tác xã {each}", is_always_open=False)
        make_product(make_household(cooperative), f"Mật ong {each}")
        pages.lesson(course, f"Bài ong {each}")
        pages.article(f"Vay nuôi ong {each}")
    indexing.rebuild()
    find("khác", Chosen())  # synonyms are read once a process
    code = cooperative.commune.code
    place_of(code)
    with django_assert_num_queries(6):  # names of values, goods and their windows, courses, lessons, articles
        response = client.get("/tim/", {"q": "ong", "o": code, "sap": "gan"})
    assert response.content.decode().count('class="card"') == min(12, 3 * number + 1)
