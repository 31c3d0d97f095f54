"""Fill a site with a small, believable market and library; the same seed gives the same site."""

from __future__ import annotations

import random
from functools import cache
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.db.models import Max, Model
from wagtail.models import Page

from base.accounts.models import User
from cms.models import PolicyPage, SectionPage
from config.seed.content import load_articles, load_courses, load_market
from config.seed.library import make_articles, make_courses
from config.seed.market import MarketMaker, PhotoOf
from config.seed.people import EDITOR_PHONE, LEARNER_PHONE, REVIEWER_PHONE, STAFF_PHONE, People, sign_ins
from config.seed.places import load_places
from config.seed.progress import Progress
from config.seed.records import Picture
from config.seed.scale import grow
from learning.models import CourseIndexPage, CoursePage
from marketplace.catalogue.models import Product
from marketplace.order.models import Purchase
from media.models import Photo
from media.photos import add_photo


class Command(BaseCommand):
    """``manage.py seed --seed 4 [--scale N] [--add | --if-empty]``."""

    help = "Fill the site with sample data (demo sites only: all sample people share one known password)."

    def add_arguments(self, parser: CommandParser) -> None:
        """Read the options."""
        parser.add_argument("--seed", type=int, default=4, help="the same number gives the same site")
        parser.add_argument(
            "--scale", type=int, default=0, metavar="N", help="make N more products, for benchmarks"
        )
        parser.add_argument(
            "--add",
            action="store_true",
            help="add what is missing of the sample, and --scale, to a site with data",
        )
        parser.add_argument("--if-empty", action="store_true", help="do nothing on a site that is not empty")

    def handle(self, *args: Any, **options: Any) -> None:
        """Seed in one transaction, or refuse and change nothing."""
        if not settings.IS_DEMO:
            raise CommandError(
                "Sample people have a known password: set LANGSO_DEMO=1 on a demo site, never elsewhere."
            )
        is_empty = not User.objects.exists() and not Product.objects.exists()
        if not is_empty and options["if_empty"]:
            self.stdout.write("The site has data already; nothing was added.")
            return
        if not is_empty and not options["add"]:
            raise CommandError("The site is not empty. Use --add to add sample data to it.")
        with transaction.atomic():
            before = _counts()
            self._seed(options["seed"], options["scale"])
            added = [
                f"{number - before[what]} {what}"
                for what, number in _counts().items()
                if number > before[what]
            ]
        self.stdout.write(
            f"Added {', '.join(added) or 'nothing, the whole sample is there: --scale N adds N goods'}."
        )
        text = sign_ins()
        (settings.VAR / "demo-sign-ins.txt").write_text(text, encoding="utf-8")
        self.stdout.write(text)

    def _seed(self, seed: int, scale: int) -> None:
        """Make what is not there yet: the market with its people as a whole, courses and articles one by one."""
        market = load_market()
        articles = [each for each in load_articles() if not _is_taken(SectionPage, "chinh-sach", each.slug)]
        courses = [each for each in load_courses() if not _is_taken(CourseIndexPage, "hoc", each.slug)]
        people, photo_of = People(), _photos()
        maker = MarketMaker(people, _chance(seed), photo_of)
        is_new = not maker.find(market)
        wanted = len(market.products) * is_new + len(courses) + len(articles) + scale
        progress = Progress(self.stdout, wanted)
        load_places()
        if is_new:
            maker.make(market, progress.step)
            maker.make_orders()
            _make_people(people)
        make_articles(articles, photo_of, progress.step)
        make_courses(courses, photo_of, progress.step)
        if scale:
            grow(scale, maker.rng, people, maker, progress.step)
        progress.done()


def _counts() -> dict[str, int]:
    """Return how many there are of what the command makes, by what it is called."""
    counted: dict[str, type[Model]] = {
        "goods": Product, "purchases": Purchase, "courses": CoursePage, "articles": PolicyPage, "people": User,
    }  # fmt: skip
    return {what: model._default_manager.count() for what, model in counted.items()}


def _is_taken(parent: type[Page], below: str, slug: str) -> bool:
    """Whether there is a page with this name already, ours or somebody's own."""
    return any(page.get_children().filter(slug=slug).exists() for page in parent.objects.filter(slug=below))


def _chance(seed: int) -> random.Random:
    """Return the chance of this run: what was drawn for goods that are there must not be drawn for others again."""
    last = Product.objects.aggregate(last=Max("pk"))["last"]
    return random.Random(f"{seed} {last}" if last else seed)


def _photos() -> PhotoOf:
    """Return what gives the photo of a picture, uploaded once."""

    @cache
    def photo_of(picture: Picture) -> Photo:
        with picture.path.open("rb") as file:
            return add_photo(
                upload=file,
                owner=None,
                title=picture.alt,
                alt=picture.alt,
                source=picture.source,
                licence=picture.licence,
            )

    return photo_of


def _make_people(people: People) -> None:
    """Make those who are neither of a household nor of a cooperative."""
    people.make("Cầm Thị", "Duyên", LEARNER_PHONE)
    people.make("Lường Văn", "Thịnh", EDITOR_PHONE, groups=("Biên tập viên",))
    people.make("Hà Thị", "Biên", REVIEWER_PHONE, groups=("Người duyệt",))
    people.make(
        "Quàng Văn", "Dũng", STAFF_PHONE, groups=("Nhân viên nền tảng",), is_staff=True, is_superuser=True
    )
