"""Reads the sample content (TOML files of ``content/``) into checked, typed records for the seed command."""

import csv
import datetime as dt
import tomllib
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from config.seed.records import (
    Article,
    Block,
    Callout,
    Category,
    Choice,
    Cooperative,
    Course,
    Household,
    Lesson,
    Market,
    Person,
    PhotoBlock,
    PickupPoint,
    Picture,
    Product,
    Question,
    Steps,
    Text,
    Window,
)

CONTENT = Path(__file__).resolve().parent / "content"
UNITS = frozenset({"kg", "bunch", "piece", "box", "bag", "bottle", "jar", "dozen", "set"})
STATES = frozenset({"draft", "submitted", "approved", "returned"})
TOPICS = frozenset({"chinh-sach", "suc-khoe", "nong-nghiep"})
CALLOUTS = frozenset({"tip", "warning"})

Row = Mapping[str, Any]


class ContentError(ValueError):
    """A content file says something that cannot be seeded; the message names the place."""


def _read(name: str) -> Row:
    text = (CONTENT / name).read_text(encoding="utf-8")
    if not unicodedata.is_normalized("NFC", text):
        raise ContentError(f"{name}: not in Unicode form NFC")
    return tomllib.loads(text)


def _text(row: Row, field: str, *, blank: bool = False) -> str:
    value = row.get(field, "")
    if not isinstance(value, str) or not (blank or value.strip()):
        raise ContentError(f"{field} is missing in {_where(row)}")
    return value.strip()


def _whole(row: Row, field: str, *, least: int | None = None) -> int:
    value = row.get(field)
    if not isinstance(value, int) or isinstance(value, bool) or (least is not None and value < least):
        raise ContentError(f"{field} is no whole number that fits in {_where(row)}")
    return value


def _flag(row: Row, field: str) -> bool:
    value = row.get(field)
    if not isinstance(value, bool):
        raise ContentError(f"{field} must be true or false in {_where(row)}")
    return value


def _one_of(row: Row, field: str, allowed: Iterable[str]) -> str:
    value = _text(row, field)
    if value not in allowed:
        raise ContentError(f"{field} = {value!r} is not known in {_where(row)}")
    return value


def _where(row: Row) -> str:
    return str(row.get("slug") or row.get("title") or row.get("text") or row.get("name") or dict(row))[:80]


def _unique(values: Iterable[str], what: str) -> None:
    twice = [value for value, count in Counter(values).items() if count > 1]
    if twice:
        raise ContentError(f"{what} used twice: {', '.join(twice)}")


@cache
def load_pictures() -> dict[str, Picture]:
    """All pictures by key: the file name of a photograph, ``emoji:<name>`` of an illustration."""
    pictures: dict[str, Picture] = {}
    for row in _read("pictures.toml")["picture"]:
        path = CONTENT / _text(row, "file")
        drawn = _flag(row, "is_illustration")
        key = f"emoji:{path.stem}" if drawn else path.name
        if not path.is_file():
            raise ContentError(f"{path.name}: no such picture")
        if key in pictures:
            raise ContentError(f"{key}: picture named twice")
        pictures[key] = Picture(
            key, path, _text(row, "alt"), _text(row, "source"), _text(row, "licence"), drawn
        )
    return pictures


def _picture(row: Row, field: str) -> Picture:
    key = _text(row, field)
    try:
        return load_pictures()[key]
    except KeyError as missing:
        raise ContentError(f"picture {key!r} is not in pictures.toml ({_where(row)})") from missing


def _picture_or_none(row: Row, field: str) -> Picture | None:
    return _picture(row, field) if row.get(field) else None


def _person(row: Row) -> Person:
    return Person(_text(row, "last_name"), _text(row, "first_name"))


def _steps(row: Row) -> Steps:
    items = tuple(str(item).strip() for item in row.get("items", ()))
    if not items or not all(items):
        raise ContentError(f"steps without items: {dict(row)}")
    return Steps(items)


def _callout(row: Row) -> Callout:
    return Callout(_one_of(row, "kind", CALLOUTS), _text(row, "value"))


def _photo_block(row: Row) -> PhotoBlock:
    picture = _picture(row, "file")
    return PhotoBlock(
        picture, _text(row, "alt", blank=True) or picture.alt, _text(row, "caption", blank=True)
    )


def _question(row: Row) -> Question:
    choices = tuple(
        Choice(_text(choice, "text"), bool(choice.get("correct", False)), _text(choice, "feedback"))
        for choice in row.get("choices", ())
    )
    if not 2 <= len(choices) <= 4 or sum(choice.correct for choice in choices) != 1:
        raise ContentError(f"a question needs 2 to 4 choices and one right one: {_where(row)}")
    return Question(_text(row, "text"), _text(row, "explanation"), choices)


_BLOCKS: dict[str, Callable[[Row], Block]] = {
    "text": lambda row: Text(_text(row, "value")),
    "steps": _steps,
    "callout": _callout,
    "photo": _photo_block,
    "question": _question,
}


def _blocks(row: Row) -> tuple[Block, ...]:
    blocks = tuple(_BLOCKS[_one_of(block, "type", _BLOCKS)](block) for block in row.get("block", ()))
    if not any(isinstance(block, Text | Steps) for block in blocks):
        raise ContentError(f"{_where(row)} has neither text nor steps")
    return blocks


def _lesson(row: Row) -> Lesson:
    blocks = _blocks(row)
    if not any(isinstance(block, Question) for block in blocks):
        raise ContentError(f"lesson {_where(row)} asks nothing")
    return Lesson(
        _text(row, "slug"),
        _text(row, "title"),
        _text(row, "summary"),
        _whole(row, "minutes", least=1),
        blocks,
    )


def load_courses() -> tuple[Course, ...]:
    """The courses of ``courses.toml`` in order."""
    courses = tuple(
        Course(
            slug=_text(row, "slug"),
            title=_text(row, "title"),
            summary=_text(row, "summary"),
            level=_text(row, "level"),
            photo=_picture_or_none(row, "photo"),
            lessons=tuple(_lesson(lesson) for lesson in row["lesson"]),
        )
        for row in _read("courses.toml")["course"]
    )
    _unique((course.slug for course in courses), "course slug")
    for course in courses:
        _unique((lesson.slug for lesson in course.lessons), f"lesson slug in {course.slug}")
    return courses


def _article(row: Row) -> Article:
    day = row.get("in_force_from") or None
    if day is not None and not isinstance(day, dt.date):
        raise ContentError(f"in_force_from must be a date in {_where(row)}")
    blocks = _blocks(row)
    if any(isinstance(block, Question) for block in blocks):
        raise ContentError(f"article {_where(row)} may not ask questions")
    return Article(
        slug=_text(row, "slug"),
        title=_text(row, "title"),
        topic=_one_of(row, "topic", TOPICS),
        summary=_text(row, "summary"),
        document_number=_text(row, "document_number", blank=True),
        issuer=_text(row, "issuer", blank=True),
        in_force_from=day,
        sources=tuple(row.get("sources", ())),
        photo=_picture_or_none(row, "photo"),
        blocks=blocks,
    )


def load_articles() -> tuple[Article, ...]:
    """The articles of ``articles.toml`` in order."""
    articles = tuple(_article(row) for row in _read("articles.toml")["article"])
    _unique((article.slug for article in articles), "article slug")
    return articles


@cache
def commune_codes() -> frozenset[str]:
    """The codes of all communes that ship with the project."""
    with (CONTENT / "places/communes.csv").open(encoding="utf-8", newline="") as file:
        return frozenset(row["code"] for row in csv.DictReader(file))


def _cooperative(row: Row) -> Cooperative:
    return Cooperative(
        slug=_text(row, "slug"),
        name=_text(row, "name"),
        about=_text(row, "about"),
        commune_code=_one_of(row, "commune_code", commune_codes()),
        address=_text(row, "address"),
        registration_number=_text(row, "registration_number", blank=True),
        always_open=_flag(row, "always_open"),
        manager=_person(row["manager"]),
        windows=tuple(
            Window(
                _whole(window, "opens_in_days"),
                _whole(window, "closes_in_days"),
                _whole(window, "collection_in_days"),
            )
            for window in row.get("window", ())
        ),
        pickups=tuple(
            PickupPoint(
                _text(point, "name"),
                _one_of(point, "commune_code", commune_codes()),
                _text(point, "address"),
                _text(point, "hours"),
            )
            for point in row["pickup"]
        ),
    )


def _product(row: Row, household: str) -> Product:
    state = _one_of(row, "state", STATES)
    reason = _text(row, "return_reason", blank=True)
    if (state == "returned") != bool(reason):
        raise ContentError(f"a return reason belongs to returned goods only: {_where(row)}")
    return Product(
        title=_text(row, "title"),
        household=household,
        category=_text(row, "category"),
        unit=_one_of(row, "unit", UNITS),
        price_vnd=_whole(row, "price_vnd", least=1000),
        quantity=_whole(row, "quantity", least=0),
        ready_in_days=_whole(row, "ready_in_days", least=0),
        description=_text(row, "description"),
        photo=_picture(row, "photo"),
        state=state,
        return_reason=reason,
    )


def _household(row: Row) -> Household:
    products = tuple(_product(product, _text(row, "slug")) for product in row["product"])
    _unique((product.title for product in products), f"title in {_where(row)}")
    return Household(
        slug=_text(row, "slug"),
        name=_text(row, "name"),
        cooperative=_text(row, "cooperative"),
        village=_text(row, "village"),
        commune_code=_one_of(row, "commune_code", commune_codes()),
        member=_person(row["member"]),
        products=products,
    )


def load_market() -> Market:
    """Categories, cooperatives, households and their goods of ``market.toml``."""
    content = _read("market.toml")
    market = Market(
        categories=tuple(
            Category(_text(row, "slug"), _text(row, "name"), _text(row, "icon"))
            for row in content["category"]
        ),
        cooperatives=tuple(_cooperative(row) for row in content["cooperative"]),
        households=tuple(_household(row) for row in content["household"]),
    )
    _unique((category.slug for category in market.categories), "category slug")
    _unique((cooperative.slug for cooperative in market.cooperatives), "cooperative slug")
    _unique((household.slug for household in market.households), "household slug")
    known = {category.slug for category in market.categories}
    lost = [product.title for product in market.products if product.category not in known]
    cooperatives = {cooperative.slug for cooperative in market.cooperatives}
    lost += [household.name for household in market.households if household.cooperative not in cooperatives]
    if lost:
        raise ContentError(f"unknown category or cooperative: {', '.join(lost)}")
    return market
