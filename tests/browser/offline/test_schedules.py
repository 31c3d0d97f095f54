"""Seeded schedules on a line that cuts, delays, drops and duplicates: nothing lost, nothing doubled, one end.

30 in `make check`; `make soak` sets OFFLINE_SCHEDULES=1000 (OFFLINE_SEED for others). Each schedule: a household with
goods, a photo and changes, a learner on two phones, and managers on two phones who note the same order.
"""

from __future__ import annotations

import io
import os
import random
import time
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.core.cache import caches
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page

from base.intake.authors import author_key
from base.intake.models import Entry
from config.seed.people import HOUSEHOLD_PHONE, LEARNER_PHONE, MANAGER_PHONE
from learning.learners import Learner
from learning.models import Attempt, LessonPage
from learning.parts import questions_of
from learning.progress import latest_answers
from marketplace.catalogue.models import Category, Product
from marketplace.order.placement import place_purchase
from tests.browser.conftest import PHONE
from tests.browser.offline.conftest import CONTROLLED, entries, keep, send, settled, sign_in
from tests.browser.offline.machines import OnDisk, Server
from tests.browser.offline.proxy import Line, seeded
from tests.factories.orders import BUYER, make_basket

pytestmark = [pytest.mark.usefixtures("seeded"), pytest.mark.sqlite]
SCHEDULES = int(os.environ.get("OFFLINE_SCHEDULES", "30"))
FIRST = int(os.environ.get("OFFLINE_SEED", "1"))
SHARED = 15  # schedules on the same phones
APART_MS = 2_000  # between two answers of a person: more than a bad line can hide from the server's clock


@dataclass
class Phone:
    """One phone: its open page, and what was kept on it."""

    page: Page
    person: str
    kept: list[str] = field(default_factory=list)

    def keep(
        self, kind: str, body: dict[str, Any], photo: bytes = b"", instead: str = "", **more: Any
    ) -> str:
        """Keep an entry, as a form does."""
        author = author_key(get_user_model().objects.get(phone=self.person))
        entry = {"kind": kind, "author": author, "name": "", "language": "vi", "title": kind}
        made = keep(self.page, {**entry, "page": "/", "body": body, **more}, photo, instead)
        self.kept.append(made)
        return made


@dataclass
class People:
    """Who is on the line."""

    household: Phone
    disk: OnDisk
    learners: tuple[Phone, Phone]
    managers: tuple[Phone, Phone]

    def battery_dies(self) -> None:
        """Kill the browser of the household and start it again."""
        self.disk.kill()
        self.household.page = self.disk.start()
        settle_in(self.household.page, self.household.person, self.disk.url)

    def phones(self) -> list[Phone]:
        """Return all their phones."""
        return [self.household, *self.learners, *self.managers]


def noise(seed: int, side: int = 300) -> bytes:
    """Return a JPEG of more than one chunk."""
    luck = random.Random(seed)
    picture = Image.frombytes("RGB", (side, side), luck.randbytes(side * side * 3))
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=92)
    return out.getvalue()


def settle_in(page: Page, person: str, url: str) -> None:
    """Sign the person in, have the worker installed, and open a page that is light."""
    sign_in(page.context, person, url)
    page.goto("/tai-khoan/")
    page.evaluate(CONTROLLED)
    page.wait_for_load_state("networkidle")
    page.goto("/ngoai-mang/")


@pytest.fixture
def phones(browser: Browser, line: Line) -> Iterator[Callable[[str], Phone]]:
    """Return a maker of phones, their worker installed and their person signed in."""
    contexts: list[BrowserContext] = []

    def make(person: str) -> Phone:
        context = browser.new_context(base_url=line.url, **PHONE)
        contexts.append(context)
        page = context.new_page()
        settle_in(page, person, line.url)
        return Phone(page, person)

    yield make
    for context in contexts:
        context.close()


def household(phone: Phone, luck: random.Random, seed: int) -> Callable[[], list[str]]:
    """Keep goods, some with a photo, and changes of them; return what checks the site at the end."""
    category = str(Category.objects.filter(depth=1, is_public=True).first().pk)
    expected: dict[str, int] = {}
    bodies: dict[str, tuple[str, dict[str, str]]] = {}
    for number in range(luck.randint(1, 3)):
        title = f"Lịch {seed} món {number}"
        price = luck.randint(5, 90) * 1000
        body = {
            "title": title,
            "category": category,
            "price_vnd": str(price),
            "unit": "kg",
            "left": "5",
            "then": "draft",
        }
        photo = noise(seed) if number == 0 and luck.random() < 0.4 else b""
        bodies[title] = phone.keep("listing", body, photo), body
        expected[title] = price
    for title in luck.sample(sorted(bodies), luck.randint(0, len(bodies))):
        phone.page.wait_for_timeout(luck.choice((0, 30, 150)))
        price = luck.randint(5, 90) * 1000
        first, body = bodies[title]
        made = phone.keep("listing", {**body, "price_vnd": str(price)}, instead=first)
        if first not in {entry["id"] for entry in entries(phone.page)}:  # replaced before it was ever sent
            phone.kept.remove(first)
            bodies[title] = made, body
        expected[title] = price

    def check() -> list[str]:
        found = Product.objects.filter(title__startswith=f"Lịch {seed} món ")
        prices = Counter((one.title, int(one.stockrecords.get().price or 0)) for one in found)
        return [] if prices == Counter(expected.items()) else [f"goods {dict(prices)}, wanted {expected}"]

    return check


def learner(both: tuple[Phone, Phone], luck: random.Random, lesson: LessonPage) -> Callable[[], list[str]]:
    """Answer the same question on two phones in turn: the answer given last counts, whatever arrives first."""
    question = next(iter(questions_of(lesson).values()))
    last = ""
    times = luck.randint(2, 4)
    now_ms = int(time.time() * 1000)
    for number in range(times):
        last = str(luck.choice(question.choices).id)
        body = {"lesson": lesson.pk, "answers": {str(question.id): last}, "finished": False}
        made_at = now_ms - (times - number) * APART_MS
        luck.choice(both).keep("answers", body, made_at=made_at)

    def check() -> list[str]:
        user = get_user_model().objects.get(phone=both[0].person)
        given = latest_answers(Learner(user_id=user.pk), lesson)[question.id].choice_id
        sent = {uuid.UUID(one) for phone in both for one in phone.kept}
        attempts = Attempt.objects.filter(user=user, client_id__in=sent).count()
        wrong = [] if str(given) == last else [f"answer {given}, wanted {last}"]
        return wrong + ([] if attempts == len(sent) else [f"{attempts} attempts, wanted {len(sent)}"])

    return check


def unsettled(phone: Phone) -> list[str]:
    """Send until nothing waits; return what is wrong with what became of the entries."""
    rows = [row for row in settled(phone.page) if row["id"] in phone.kept]
    told = [
        row["id"] for row in rows if row["kind"] == "handover" and row["state"] == "refused" and row["words"]
    ]
    wrong = [f"{row['kind']}: {row['state']} {row['words']}" for row in rows if row["state"] != "taken"]
    wrong = [words for words in wrong if not (told and words.startswith("handover: refused"))]
    taken = Entry.objects.filter(client_id__in=[uuid.UUID(one) for one in phone.kept])
    counts = Counter(str(entry.client_id) for entry in taken)
    lost = [one for one in phone.kept if counts[one] != (0 if one in told else 1)]
    return wrong + ([f"taken not once: {[(one, counts[one]) for one in lost]}"] if lost else [])


def managers(both: tuple[Phone, Phone], luck: random.Random) -> Callable[[], list[str]]:
    """Note the same orders on two phones: the first counts, the second is told, and the cash is noted once."""
    goods = Product.objects.listed().in_stock()
    own = goods.filter(household__cooperative__memberships__user__phone=MANAGER_PHONE)
    product = own.filter(stockrecords__num_in_stock__gt=3).order_by("pk").first()
    stock = product.stockrecords.get()
    stock.num_in_stock += 1  # a long run must not sell it out
    stock.save()
    cooperative = product.household.cooperative
    points = {cooperative.pk: cooperative.pickup_points.first()}
    purchase = place_purchase(
        basket=make_basket({product: 1}), contact=BUYER, pickup_points=points, user=None
    )
    order = purchase.orders.get()
    body = {"order": order.number, "is_handed_over": True, "is_paid": True, "is_missed": False}
    notes = [phone.keep("handover", body) for phone in luck.sample(both, luck.randint(1, 2))]

    def check() -> list[str]:
        order.refresh_from_db()
        is_done = order.status == "handed_over" and order.paid_at is not None
        counted = Entry.objects.filter(client_id__in=[uuid.UUID(note) for note in notes]).count()
        told = f"order {order.number} {order.status}, paid at {order.paid_at}, {counted} notes counted"
        return [] if is_done and counted == 1 else [told]

    return check


def run(seed: int, line: Line, people: People, lesson: LessonPage, database_url: str) -> list[str]:
    """Run one schedule; return what is wrong at its end."""
    caches["default"].clear()  # the limits of a minute are not what is tried here
    luck = random.Random(f"schedule:{seed}")
    everyone = people.phones()
    for phone in everyone:
        phone.kept.clear()
    line.decide = seeded(seed)
    checks = [
        household(people.household, luck, seed),
        learner(people.learners, luck, lesson),
        managers(people.managers, luck),
    ]
    server = Server(database_url) if seed % 10 == 7 else None
    if server:  # the line leads to a server that is about to die
        server.start()
        before, line.upstream = line.upstream, ("127.0.0.1", server.port)
    if seed % 10 == 3:
        send(people.household.page)
        people.household.page.wait_for_timeout(luck.randint(0, 200))
        people.battery_dies()
    for _ in range(luck.randint(1, 3)):
        line.is_down = luck.random() < 0.3
        for phone in luck.sample(everyone, len(everyone)):
            send(phone.page)
        people.household.page.wait_for_timeout(luck.randint(20, 300))
    if server:
        server.kill()
        line.upstream = before
    line.is_down = False
    line.decide = None
    wrong = [words for phone in luck.sample(everyone, len(everyone)) for words in unsettled(phone)]
    return wrong + [words for check in checks for words in check()]


def test_schedules_lose_nothing_double_nothing_and_end_in_the_same_state(
    phones: Callable[[str], Phone], line: Line, on_disk: OnDisk, database_url: str
) -> None:
    lessons = [lesson for lesson in LessonPage.objects.live().order_by("pk") if questions_of(lesson)]
    wrong: list[str] = []
    for number in range(SCHEDULES):
        if number % SHARED == 0:
            line.decide = None
            on_disk.kill()
            on_disk.profile = on_disk.profile.with_name(f"profile-{number}")
            house = on_disk.start()
            settle_in(house, HOUSEHOLD_PHONE, line.url)
            people = People(
                Phone(house, HOUSEHOLD_PHONE),
                on_disk,
                (phones(LEARNER_PHONE), phones(LEARNER_PHONE)),
                (phones(MANAGER_PHONE), phones(MANAGER_PHONE)),
            )
        seed = FIRST + number
        found = run(seed, line, people, lessons[number % len(lessons)], database_url)
        wrong += [f"seed {seed}: {words}" for words in found]
    assert wrong == []
