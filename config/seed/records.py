"""What the sample content consists of, once read and checked: plain records without behaviour."""

import datetime as dt
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Picture:
    """A photograph or an illustration with its origin."""

    key: str
    path: Path
    alt: str
    source: str
    licence: str
    is_illustration: bool


@dataclass(frozen=True, slots=True)
class Text:
    """Paragraphs parted by a blank line; ``**bold**`` and ``- `` lists are allowed."""

    value: str


@dataclass(frozen=True, slots=True)
class Steps:
    """Things to do one after the other."""

    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Callout:
    """A tip or a warning set apart from the text."""

    kind: str
    value: str


@dataclass(frozen=True, slots=True)
class PhotoBlock:
    """A picture between the text."""

    picture: Picture
    alt: str
    caption: str


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer of a question, with what the learner is told after choosing it."""

    text: str
    correct: bool
    feedback: str


@dataclass(frozen=True, slots=True)
class Question:
    """A question with exactly one right choice."""

    text: str
    explanation: str
    choices: tuple[Choice, ...]


Block = Text | Steps | Callout | PhotoBlock | Question


@dataclass(frozen=True, slots=True)
class Lesson:
    """One lesson of a course."""

    slug: str
    title: str
    summary: str
    minutes: int
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Course:
    """A course and its lessons in order."""

    slug: str
    title: str
    summary: str
    level: str
    photo: Picture | None
    lessons: tuple[Lesson, ...]


@dataclass(frozen=True, slots=True)
class Article:
    """A policy, health or farming article; the document fields are empty unless one was read."""

    slug: str
    title: str
    topic: str
    summary: str
    document_number: str
    issuer: str
    in_force_from: dt.date | None
    sources: tuple[str, ...]
    photo: Picture | None
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Person:
    """A name as Vietnamese people write it: last name (with the middle one) before the first name."""

    last_name: str
    first_name: str


@dataclass(frozen=True, slots=True)
class Category:
    """A shelf of the market."""

    slug: str
    name: str
    icon: str


@dataclass(frozen=True, slots=True)
class Window:
    """When orders are taken and goods handed over, in days from the day of seeding."""

    opens_in_days: int
    closes_in_days: int
    collection_in_days: int


@dataclass(frozen=True, slots=True)
class PickupPoint:
    """A place where buyers collect."""

    name: str
    commune_code: str
    address: str
    hours: str


@dataclass(frozen=True, slots=True)
class Cooperative:
    """A cooperative with its places and order windows."""

    slug: str
    name: str
    about: str
    commune_code: str
    address: str
    registration_number: str
    always_open: bool
    manager: Person
    windows: tuple[Window, ...]
    pickups: tuple[PickupPoint, ...]


@dataclass(frozen=True, slots=True)
class Product:
    """Something a household sells; the picture may be an illustration."""

    title: str
    household: str
    category: str
    unit: str
    price_vnd: int
    quantity: int
    ready_in_days: int
    description: str
    photo: Picture
    state: str
    return_reason: str


@dataclass(frozen=True, slots=True)
class Household:
    """A household, the member who signs in, and its goods."""

    slug: str
    name: str
    cooperative: str
    village: str
    commune_code: str
    member: Person
    products: tuple[Product, ...]


@dataclass(frozen=True, slots=True)
class Market:
    """Everything of ``market.toml``."""

    categories: tuple[Category, ...]
    cooperatives: tuple[Cooperative, ...]
    households: tuple[Household, ...]

    @property
    def products(self) -> tuple[Product, ...]:
        """All goods, household by household."""
        return tuple(product for household in self.households for product in household.products)
