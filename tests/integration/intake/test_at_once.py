"""Many requests at once, and servers killed in the middle: each entry is taken once, none is lost."""

from __future__ import annotations

import http.client
import itertools
import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore

import services
from base.accounts.models import User
from base.intake.models import Chunk, Entry, Upload
from learning.models import Answer, Attempt, Enrolment, LessonProgress
from marketplace.catalogue.models import ListingState, Product
from marketplace.partner.models import StockRecord
from tests.factories import pages
from tests.factories.market import make_good_in, make_member, make_photo
from tests.factories.orders import make_cooperative, make_household
from tests.integration.intake.conftest import Notes
from tests.integration.intake.phone import HERE, Phone
from tests.integration.intake.test_answers import body as answers
from tests.integration.intake.test_answers import shown
from tests.integration.orders.concurrency import at_once

pytestmark = pytest.mark.django_db(transaction=True)
ROOT = Path(__file__).resolve().parents[3]
PHOTO = random.Random(6).randbytes(200_000)


def the_same(phone: Phone, times: int, entries: list[Any]) -> list[Any]:
    """Send the same entries many times at once, each from a client of its own with the same sign-in."""
    cookie = phone.client.cookies[settings.SESSION_COOKIE_NAME].value

    def send() -> Any:
        other = Phone()
        other.client.cookies[settings.SESSION_COOKIE_NAME] = cookie
        return other.send(*entries)

    return at_once([send] * times)


def test_the_same_entry_from_many_threads_is_taken_once(mai: User, notes: Notes) -> None:
    phone = Phone(mai)
    entry = phone.entry("note", {"text": "một"})
    outcomes = the_same(phone, 12, [entry])
    assert [outcome[0]["state"] for outcome in outcomes] == ["taken"] * 12
    assert sorted(outcome[0].get("again", False) for outcome in outcomes) == [False] + [True] * 11
    assert len({json.dumps({**outcome[0], "again": True}, sort_keys=True) for outcome in outcomes}) == 1
    assert Entry.objects.count() == 1


def test_batches_with_the_same_entries_in_another_order_do_not_hold_each_other_up(mai: User) -> None:
    phone, lesson = Phone(mai), pages.lesson(pages.course(), "Ảnh", pages.question("a"), pages.question("b"))
    entries = [
        phone.entry("answers", answers(lesson, **{f"q{number % 2}": number % 2})) for number in range(8)
    ]
    cookie = phone.client.cookies[settings.SESSION_COOKIE_NAME].value

    def send(seed: int) -> Callable[[], Any]:
        mixed = random.Random(seed).sample(entries, len(entries))

        def run() -> Any:
            other = Phone()
            other.client.cookies[settings.SESSION_COOKIE_NAME] = cookie
            return other.states(*mixed)

        return run

    outcomes = at_once([send(seed) for seed in range(6)])
    assert outcomes == [["taken"] * 8] * 6
    assert (Entry.objects.count(), Attempt.objects.count(), Answer.objects.count()) == (8, 8, 8)
    assert (Enrolment.objects.count(), LessonProgress.objects.count(), len(shown(lesson, mai))) == (1, 1, 2)


def test_an_entry_that_fails_at_the_commit_costs_the_others_nothing(mai: User, notes: Notes) -> None:
    phone = Phone(mai)
    bad = phone.entry("note", {"text": "hỏng", "then": "dangle"})
    good = [phone.entry("note", {"text": text}) for text in ("a", "b", "c")]
    assert phone.states(good[0], bad, good[1]) == ["taken", "waits", "taken"]
    assert phone.states(bad, good[1], good[2]) == ["waits", "taken", "taken"]
    kept = Entry.objects.values_list("client_id", flat=True)
    assert sorted(map(str, kept)) == sorted(entry["id"] for entry in good)


def test_two_changes_of_one_line_at_once_are_one_change_and_one_told(mai: User) -> None:
    home = make_household(make_cooperative())
    home.users.add(mai)
    product = make_good_in(ListingState.DRAFT, home, cover=make_photo(mai))
    one, two = Phone(mai), Phone(mai)

    def change(phone: Phone, now: str) -> Callable[[], Any]:
        body = {
            "key": str(product.key),
            "fields": {"title": {"was": product.title, "now": now}},
            "then": "draft",
        }
        return lambda: phone.send(phone.entry("listing-change", body))[0]

    first, second = at_once([change(one, "Gừng ta"), change(two, "Gừng tây")])
    assert sorted(len(outcome["errors"]) for outcome in (first, second)) == [0, 1]
    product.refresh_from_db()
    assert product.title == ("Gừng tây" if first["errors"] else "Gừng ta")


def test_the_same_piece_of_a_file_from_many_threads_is_put_on_once(mai: User) -> None:
    phone = Phone(mai)
    cookie = phone.client.cookies[settings.SESSION_COOKIE_NAME].value

    def whole() -> list[int]:
        other = Phone()
        other.client.cookies[settings.SESSION_COOKIE_NAME] = cookie
        found, offset = [], 0
        while offset < len(PHOTO):
            answer = other.put(PHOTO, offset, min(offset + 32_768, len(PHOTO)) - 1)
            found.append(answer.status_code)
            offset = int(answer["Upload-Offset"])
        return found

    outcomes = at_once([whole] * 6)
    assert {status for outcome in outcomes for status in outcome} <= {200, 201, 409}, outcomes
    upload = Upload.objects.get()
    assert (upload.received, Chunk.objects.count()) == (len(PHOTO), 7)
    assert b"".join(bytes(chunk.data) for chunk in upload.chunks.order_by("begins_at")) == PHOTO


# --- killed -----------------------------------------------------------------------------------------------------------


@contextmanager
def served(tmp_path: Path) -> Iterator[tuple[str, Callable[[], None]]]:
    """Run the real server; yields its address and a function that kills its workers, as a crash would."""
    address = f"127.0.0.1:{services.free_port()}"
    command = [
        sys.executable,
        "-m",
        "gunicorn",
        "config.wsgi",
        "-w",
        "2",
        "-b",
        address,
        "--log-level",
        "error",
    ]
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "config.settings.test", "PYTHONPATH": str(ROOT), "LOG_LEVEL": "ERROR",
    }  # fmt: skip
    with (tmp_path / "gunicorn.log").open("wb") as log:
        process = subprocess.Popen(
            command, cwd=ROOT, env=environment, stdout=log, stderr=log, start_new_session=True
        )

    def kill() -> None:
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
        for child in children:
            os.kill(int(child), signal.SIGKILL)

    try:
        yield address, kill
    finally:
        services.end(process)


def ask(address: str, body: bytes, cookie: str) -> Any:
    """Send a batch; returns status and JSON, None when the line broke."""
    connection = http.client.HTTPConnection(address, timeout=20)
    cookies = f"{settings.SESSION_COOKIE_NAME}={cookie}"
    try:
        connection.request(
            "POST", "/gui/", body, {**HERE, "Cookie": cookies, "Content-Type": "application/json"}
        )
        answer = connection.getresponse()
        return answer.status, json.loads(answer.read())
    except (OSError, http.client.HTTPException, ValueError):
        return None
    finally:
        connection.close()


def sign_in(user: User) -> str:
    """Return the session cookie of a new sign-in."""
    store = SessionStore()
    backend = settings.AUTHENTICATION_BACKENDS[0]
    store.update(
        {
            SESSION_KEY: str(user.pk),
            BACKEND_SESSION_KEY: backend,
            HASH_SESSION_KEY: user.get_session_auth_hash(),
        }
    )
    store.save()
    return str(store.session_key)


def test_workers_killed_again_and_again_lose_and_double_nothing(database_url: str, tmp_path: Path) -> None:
    home = make_household(make_cooperative())
    su = make_member(home)
    phone, cookie = Phone(), sign_in(su)
    phone.author = Phone(su).author
    entries = [
        phone.entry("listing", {"title": f"Gừng {number}", "price_vnd": "20.000", "then": "draft"})
        for number in range(40)
    ]
    lost: list[str] = []
    broken: list[str] = []
    answered = itertools.count(1)

    def send_all(mine: list[dict[str, Any]]) -> None:
        waiting, end = list(mine), time.monotonic() + 90
        while waiting and time.monotonic() < end:
            batch = {"sent_at": int(time.time() * 1000), "entries": waiting[:2]}
            said = ask(address, json.dumps(batch).encode(), cookie)
            if said is None or said[0] != 200:
                broken.append("")
                time.sleep(0.02)
                continue
            taken = {result["id"] for result in said[1]["results"] if result["state"] == "taken"}
            waiting = [entry for entry in waiting if entry["id"] not in taken]
            if next(answered) in (3, 8, 13, 18):  # the other sender is in the middle of something
                kill()
        lost.extend(entry["id"] for entry in waiting)

    with served(tmp_path) as (address, kill):
        end = time.monotonic() + 60
        while not _alive(address) and time.monotonic() < end:
            time.sleep(0.2)
        # the second sends some of what the first sends: the same entry may come from both at once
        senders = [threading.Thread(target=send_all, args=(mine,)) for mine in (entries[:25], entries[15:])]
        for sender in senders:
            sender.start()
        for sender in senders:
            sender.join(120)
    assert broken, "nobody was killed in the middle of a request"
    assert lost == []
    made = Product.objects.filter(household=home)
    assert sorted(made.values_list("title", flat=True)) == sorted(f"Gừng {number}" for number in range(40))
    assert (Entry.objects.count(), StockRecord.objects.filter(product__in=made).count()) == (40, 40)
    kept = {uuid.UUID(entry.result) for entry in Entry.objects.all()}
    assert kept == set(made.values_list("key", flat=True))


def _alive(address: str) -> bool:
    connection = http.client.HTTPConnection(address, timeout=5)
    try:
        connection.request("GET", "/song/")
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()
