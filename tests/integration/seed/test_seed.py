"""The seed command: the same number gives the same site, a site with data is left alone, a real site is refused."""

from __future__ import annotations

from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from base.accounts.models import User
from base.places.models import Commune, Province
from cms.models import PolicyPage
from config.seed.content import load_courses
from learning.models import CoursePage, LessonPage
from marketplace.catalogue.models import Product
from marketplace.order.models import Order, Purchase
from marketplace.partner.models import Partner
from tests.factories import pages
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def demo(settings: Any, tmp_path: Path) -> None:
    settings.IS_DEMO = True
    settings.VAR = tmp_path


class Undone(Exception):
    """Undoes a seed, so that the next starts from the same site."""


def seeded(**options: Any) -> dict[str, list[tuple[Any, ...]]]:
    """Return what the seed command made, and undo it."""
    made: dict[str, list[tuple[Any, ...]]] = {}
    try:
        with transaction.atomic():
            call_command("seed", seed=4, verbosity=0, **options)
            made = {
                "people": list(
                    User.objects.order_by("phone").values_list("phone", "last_name", "first_name")
                ),
                "households": list(Partner.objects.order_by("slug").values_list("slug", "name", "village")),
                "goods": list(
                    Product.objects.order_by("key").values_list(
                        "key", "title", "listing_state", "stockrecords__price", "stockrecords__num_allocated"
                    )
                ),
                "purchases": list(Purchase.objects.order_by("code").values_list("code", "contact_name")),
                "orders": list(
                    Order.objects.order_by("number").values_list("number", "status", "total_incl_tax")
                ),
                "lessons": list(LessonPage.objects.order_by("url_path").values_list("url_path", "title")),
                "courses": list(CoursePage.objects.order_by("url_path").values_list("url_path", "title")),
                "articles": list(PolicyPage.objects.order_by("url_path").values_list("url_path", "title")),
            }
            assert (Province.objects.count(), Commune.objects.count()) == (34, 3321)
            raise Undone
    except Undone:
        return made


@pytest.mark.usefixtures("demo")
def test_seed_gives_the_same_site_twice() -> None:
    first, second = seeded(), seeded()
    assert first == second
    counts = {name: len(rows) for name, rows in first.items()}
    assert counts["households"] == 12
    assert counts["goods"] == 60
    assert (counts["courses"], counts["articles"]) == (4, 12)
    assert counts["lessons"] >= 16
    grown = seeded(scale=120)
    assert (len(grown["goods"]), len(grown["orders"]) - len(first["orders"])) == (180, 12)
    assert {status for _number, status, _total in first["orders"]} == {
        "placed",
        "packed",
        "handed_over",
        "cancelled",
    }


@pytest.mark.usefixtures("demo")
def test_seed_refuses_a_site_with_data_unless_told() -> None:
    UserFactory.create()
    with pytest.raises(CommandError, match="--add"):
        call_command("seed", verbosity=0)
    call_command("seed", verbosity=0, if_empty=True)
    assert User.objects.count() == 1


def test_seed_refuses_a_real_site() -> None:
    with pytest.raises(CommandError, match="password"):
        call_command("seed", verbosity=0)
    assert not User.objects.exists()


@pytest.mark.usefixtures("demo")
@pytest.mark.parametrize("seed", [4, 9])
def test_add_leaves_the_sample_that_is_there_and_adds_only_what_scale_asks_for(seed: int) -> None:
    call_command("seed", seed=4, verbosity=0)
    people = User.objects.count()
    said = [added("--seed", str(seed), *wanted) for wanted in ((), ("--scale", "20"), ("--scale", "20"))]
    assert said == [
        "Added nothing, the whole sample is there: --scale N adds N goods.",
        "Added 20 goods, 2 purchases, 1 people.",
        "Added 20 goods, 2 purchases, 1 people.",
    ]
    assert (Product.objects.count(), User.objects.count(), Partner.objects.count()) == (100, people + 2, 14)


@pytest.mark.usefixtures("demo")
def test_add_gives_the_same_goods_on_the_same_site() -> None:
    call_command("seed", seed=4, verbosity=0)
    first, second = seeded(add=True, scale=20), seeded(add=True, scale=20)
    assert (len(first["goods"]), first) == (80, second)


@pytest.mark.usefixtures("demo")
def test_add_brings_the_sample_to_a_site_with_people_and_pages_of_its_own() -> None:
    UserFactory.create()
    own = pages.course("Khóa của xã", slug=load_courses()[0].slug)
    assert added() == "Added 60 goods, 5 purchases, 3 courses, 12 articles, 18 people."
    assert CoursePage.objects.get(slug=own.slug).title == "Khóa của xã"


def added(*options: str) -> str:
    """Return what the command says it did."""
    out = StringIO()
    call_command("seed", "--add", *options, stdout=out)
    return out.getvalue().splitlines()[0]
