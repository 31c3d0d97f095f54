"""The sample content: complete, in order, and free of anything that looks like a real person's contact."""

import re
import unicodedata
from collections import Counter

import pytest

from config.seed import content
from config.seed.records import Article, Callout, Lesson, PhotoBlock, Question, Steps, Text
from search import text
from search.synonyms import one_way

FILES = ("market.toml", "courses.toml", "articles.toml")
PHONE = re.compile(r"(?<![\d.])(?:\+84|0)\d[\d .-]{6,}\d")


def every_lesson() -> list[Lesson]:
    return [lesson for course in content.load_courses() for lesson in course.lessons]


def test_market_has_what_the_demo_promises() -> None:
    market = content.load_market()
    assert (len(market.cooperatives), len(market.households), len(market.products)) == (2, 12, 60)
    assert set(Counter(household.cooperative for household in market.households).values()) == {6}
    assert sorted(cooperative.always_open for cooperative in market.cooperatives) == [False, True]
    assert {product.state for product in market.products} == content.STATES
    assert sum(not product.photo.is_illustration for product in market.products) >= 30


def test_households_live_in_their_cooperatives_province() -> None:
    market = content.load_market()
    with (content.CONTENT / "places/communes.csv").open(encoding="utf-8") as file:
        province = {line.split(",")[0]: line.split(",")[4] for line in file}
    home = {cooperative.slug: province[cooperative.commune_code] for cooperative in market.cooperatives}
    assert set(home.values()) == {"14", "51"}
    for household in market.households:
        assert province[household.commune_code] == home[household.cooperative]


def test_order_windows_open_before_they_close_and_close_before_collection() -> None:
    for cooperative in content.load_market().cooperatives:
        assert bool(cooperative.windows) is not cooperative.always_open
        for window in cooperative.windows:
            assert window.opens_in_days < window.closes_in_days <= window.collection_in_days


def test_courses_have_at_least_four_lessons_with_questions() -> None:
    courses = content.load_courses()
    assert len(courses) == 4
    for course in courses:
        assert len(course.lessons) >= 4
        for lesson in course.lessons:
            assert 1 <= sum(isinstance(block, Question) for block in lesson.blocks) <= 3


def test_right_answer_is_not_always_in_the_same_place() -> None:
    places = Counter(
        [choice.correct for choice in block.choices].index(True)
        for lesson in every_lesson()
        for block in lesson.blocks
        if isinstance(block, Question)
    )
    assert max(places.values()) < 0.7 * places.total()


def test_articles_cover_three_topics() -> None:
    articles = content.load_articles()
    assert len(articles) == 12
    topics = Counter(article.topic for article in articles)
    assert set(topics) == content.TOPICS
    assert min(topics.values()) >= 3
    assert all(article.sources for article in articles)
    assert all(bool(a.document_number) == bool(a.issuer) == bool(a.in_force_from) for a in articles)


def test_honey_is_found_as_product_lesson_and_article() -> None:
    assert any("mật ong" in product.title.lower() for product in content.load_market().products)
    assert any("mật ong" in lesson.title.lower() for lesson in every_lesson())
    assert any("mật ong" in article.title.lower() for article in content.load_articles())


def test_every_picture_file_is_named_and_small() -> None:
    pictures = content.load_pictures()
    files = {
        path for folder in ("photos", "illustrations") for path in (content.CONTENT / folder).glob("*.jpg")
    }
    assert files == {picture.path for picture in pictures.values()}
    assert all(path.stat().st_size <= 40_000 for path in files)
    assert all(
        picture.alt.startswith("Hình minh họa") == picture.is_illustration for picture in pictures.values()
    )
    for folder in ("photos", "illustrations", "places"):
        assert (content.CONTENT / folder / "LICENSE").is_file()


@pytest.mark.parametrize("name", FILES)
def test_tones_stand_where_the_interface_places_them(name: str) -> None:
    words = text.words((content.CONTENT / name).read_text(encoding="utf-8"))
    assert {word for word in words if one_way(word) != word} <= {"đắk"}


@pytest.mark.parametrize("name", FILES)
def test_texts_are_composed_and_name_no_contact(name: str) -> None:
    text = (content.CONTENT / name).read_text(encoding="utf-8")
    assert unicodedata.is_normalized("NFC", text)
    assert "@" not in text
    assert PHONE.findall(text) == []


@pytest.mark.parametrize("number", ["0912 345 678", "0912345678", "+84912345678", "024.3825.1234"])
def test_phone_pattern_sees_phone_numbers(number: str) -> None:
    assert PHONE.search(f"Gọi {number} nhé")


def test_bold_marks_come_in_pairs() -> None:
    pages: list[Lesson | Article] = [*every_lesson(), *content.load_articles()]
    for page in pages:
        for block in page.blocks:
            texts: tuple[str, ...] = ()
            if isinstance(block, Text | Callout):
                texts = (block.value,)
            elif isinstance(block, Steps):
                texts = block.items
            elif isinstance(block, PhotoBlock):
                texts = (block.alt, block.caption)
            assert all(text.count("**") % 2 == 0 for text in texts), page.slug


def test_question_with_two_right_choices_is_refused() -> None:
    choice = {"text": "a", "correct": True, "feedback": "b"}
    row = {"type": "question", "text": "x?", "explanation": "y", "choices": [choice, choice]}
    with pytest.raises(content.ContentError, match="one right one"):
        content._question(row)


def test_unknown_unit_is_refused() -> None:
    row = {"title": "Mận", "category": "trai-cay", "unit": "thúng", "price_vnd": 20000, "state": "approved"}
    with pytest.raises(content.ContentError, match="unit"):
        content._product(row, "nha-a")
