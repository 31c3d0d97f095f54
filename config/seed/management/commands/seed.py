"""Fill a site with a small, believable market and library; the same seed gives the same site."""

from __future__ import annotations

import random
from functools import cache
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from base.accounts.models import User
from config.seed.content import load_articles, load_courses, load_market
from config.seed.library import make_articles, make_courses
from config.seed.market import MarketMaker
from config.seed.people import EDITOR_PHONE, LEARNER_PHONE, REVIEWER_PHONE, STAFF_PHONE, People, sign_ins
from config.seed.places import load_places
from config.seed.progress import Progress
from config.seed.records import Picture
from config.seed.scale import grow
from marketplace.catalogue.models import Product
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
            "--add", action="store_true", help="add to a site that already has people or goods"
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
            self._seed(options["seed"], options["scale"])
        text = sign_ins()
        (settings.VAR / "demo-sign-ins.txt").write_text(text, encoding="utf-8")
        self.stdout.write(text)

    def _seed(self, seed: int, scale: int) -> None:
        rng, people = random.Random(seed), People()
        courses, articles, market = load_courses(), load_articles(), load_market()
        progress = Progress(self.stdout, len(market.products) + len(courses) + len(articles) + scale)

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

        load_places()
        maker = MarketMaker(people, rng, photo_of)
        maker.make(market, progress.step)
        maker.make_orders()
        people.make("Cầm Thị", "Duyên", LEARNER_PHONE)
        people.make("Lường Văn", "Thịnh", EDITOR_PHONE, groups=("Biên tập viên",))
        people.make("Hà Thị", "Biên", REVIEWER_PHONE, groups=("Người duyệt",))
        people.make(
            "Quàng Văn", "Dũng", STAFF_PHONE, groups=("Nhân viên nền tảng",), is_staff=True, is_superuser=True
        )
        make_articles(articles, photo_of, progress.step)
        make_courses(courses, photo_of, progress.step)
        if scale:
            grow(scale, rng, people, maker, progress.step)
        progress.done()
