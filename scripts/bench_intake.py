"""The intake part of `make bench ARGS="--intake"`: entries a second at /gui/ while phones send part of them again.

On SQLite and on PostgreSQL (its own server, durable, reached by its socket), each an empty site with one lesson and
240 people; gunicorn with two workers, the phones in threads of this process, on the same machine. An entry is one
answer in that lesson, one in a request or ten. A quarter of the requests are sent twice, as when the answer was lost;
only entries taken for the first time count. Prints a table and writes var/bench/intake.json.
"""

import contextlib
import datetime as dt
import http.client
import itertools
import json
import os
import random
import sys
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

import services
from environment import ROOT, commit, machine

PEOPLE: Final = 240
AT_ONCE: Final = 6
SENT_TWICE: Final = 0.25
WANTED: Final = {"PostgreSQL": 300, "SQLite": 100}
PREPARE: Final = """
import json
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from base.accounts.models import User
from base.intake.authors import author_key
from learning.parts import questions_of
from tests.factories import pages
lesson = pages.lesson(pages.course(), "Chụp ảnh", pages.question(), pages.question())
asked = next(iter(questions_of(lesson).values()))
people = []
for number in range(%d):
    user = User.objects.create_user(phone=f"+8491{number:07}", password=None)
    store = SessionStore()
    store.update({SESSION_KEY: str(user.pk), BACKEND_SESSION_KEY: settings.AUTHENTICATION_BACKENDS[0],
                  HASH_SESSION_KEY: user.get_session_auth_hash()})
    store.save()
    people.append([f"{settings.SESSION_COOKIE_NAME}={store.session_key}", author_key(user)])
choices = [str(choice.id) for choice in asked.choices]
print("prepared:" + json.dumps({"people": people, "lesson": lesson.pk, "question": str(asked.id), "choices": choices}))
"""

Manage = Callable[[list[str], dict[str, str]], str]
Served = Callable[[str, dict[str, str]], AbstractContextManager[str]]


@dataclass
class Figure:
    """What came through on one engine with so many entries in a request."""

    engine: str
    entries_in_a_request: int
    entries_per_s: float
    requests_per_s: float
    sent_again: int
    failed: int
    p95_ms: float
    processor_ms: float  # of server and database for one entry taken


def run(manage: Manage, served: Served, seconds: int) -> int:
    """Measure both engines; returns 1 when something failed or less came through than is wanted."""
    folder = ROOT / "var/bench/intake"
    folder.mkdir(parents=True, exist_ok=True)
    figures: list[Figure] = []
    for engine, database in (("SQLite", _sqlite), ("PostgreSQL", _postgres)):
        with database(folder) as url:
            environment = {
                "LANGSO_VAR": str(folder),
                "DATABASE_URL": url,
                "DJANGO_SETTINGS_MODULE": "config.settings.dev",
                "DEBUG": "0",
                "LOG_LEVEL": "ERROR",
                "TRUSTED_PROXY_COUNT": "1",  # each phone has an address of its own
            }
            print(f"  {engine}: migrate …", file=sys.stderr, flush=True)
            manage(["scripts/migrate.py"], environment)
            manage(["collectstatic", "--no-input", "-v0"], environment)
            said = manage(["shell", "-c", PREPARE % PEOPLE], environment)
            site = json.loads(said.partition("prepared:")[2].splitlines()[0])
            with served("config.wsgi", environment) as host:
                _load(engine, host, site, 1, 2)  # warm
                figures += [_load(engine, host, site, size, seconds) for size in (1, 10)]
    _report(figures, seconds)
    reached = all(max(_of(figures, engine)) >= wanted for engine, wanted in WANTED.items())
    return 0 if reached and not any(figure.failed for figure in figures) else 1


def _of(figures: list[Figure], engine: str) -> list[float]:
    return [figure.entries_per_s for figure in figures if figure.engine == engine]


@contextlib.contextmanager
def _sqlite(folder: Path) -> Iterator[str]:
    for old in folder.glob("intake.sqlite3*"):
        old.unlink()
    yield f"sqlite:///{folder / 'intake.sqlite3'}"


@contextlib.contextmanager
def _postgres(folder: Path) -> Iterator[str]:
    with services.postgres(is_as_served=True) as url:
        yield url


def _load(engine: str, host: str, site: dict[str, Any], size: int, seconds: int) -> Figure:
    people = itertools.cycle(site["people"])
    taken: set[str] = set()
    times: list[float] = []
    again, failed = [0], [0]
    lock, end = threading.Lock(), time.monotonic() + seconds

    def send(seed: int) -> None:
        dice = random.Random(seed)
        while time.monotonic() < end:
            with lock:
                cookie, author = next(people)
            entries = [_entry(site, author, dice) for _ in range(size)]
            for _ in range(2 if dice.random() < SENT_TWICE else 1):
                began = time.monotonic()
                results = _post(host, cookie, entries)
                with lock:
                    times.append(time.monotonic() - began)
                    again[0] += sum(1 for one in results if one.get("again"))
                    failed[0] += size - sum(1 for one in results if one["state"] == "taken")
                    taken.update(one["id"] for one in results if one["state"] == "taken")

    used_before = _processor_s()
    began = time.monotonic()
    threads = [threading.Thread(target=send, args=(seed,)) for seed in range(AT_ONCE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    took = time.monotonic() - began
    used_ms = round((_processor_s() - used_before) * 1000 / max(len(taken), 1), 1)
    p95 = sorted(times)[int(len(times) * 0.95)] * 1000
    figure = Figure(
        engine,
        size,
        round(len(taken) / took),
        round(len(times) / took),
        again[0],
        failed[0],
        round(p95, 1),
        used_ms,
    )
    print(f"  {engine}, {size} in a request: {figure.entries_per_s:.0f}/s", file=sys.stderr, flush=True)
    return figure


def _processor_s() -> float:
    """Return the processor time that all processes begun by this one have used, in seconds."""
    parents, used = {}, {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            fields = stat.read_text().rpartition(")")[2].split()
            parents[int(stat.parent.name)] = int(fields[1])
            used[int(stat.parent.name)] = int(fields[11]) + int(fields[12])

    def is_ours(pid: int) -> bool:
        while pid in parents and parents[pid] != os.getpid():
            pid = parents[pid]
        return pid in parents

    return sum(ticks for pid, ticks in used.items() if is_ours(pid)) / os.sysconf("SC_CLK_TCK")


def _entry(site: dict[str, Any], author: str, dice: random.Random) -> dict[str, Any]:
    body = {
        "lesson": site["lesson"],
        "answers": {site["question"]: dice.choice(site["choices"])},
        "finished": False,
    }
    made_at = int(time.time() * 1000) - dice.randrange(48 * 3600 * 1000)
    return {"id": str(uuid.uuid4()), "kind": "answers", "author": author, "made_at": made_at, "body": body}


def _post(host: str, cookie: str, entries: list[dict[str, Any]]) -> list[dict[str, Any]]:
    connection = http.client.HTTPConnection(host, timeout=60)
    headers = {
        "Content-Type": "application/json",
        "Cookie": cookie,
        "Sec-Fetch-Site": "same-origin",
        "X-Forwarded-For": f"10.0.{hash(cookie) % 250}.{hash(cookie[::-1]) % 250}",
    }
    try:
        sent = {"sent_at": int(time.time() * 1000), "entries": entries}
        connection.request("POST", "/gui/", json.dumps(sent), headers)
        answer = json.loads(connection.getresponse().read())
        results: list[dict[str, Any]] = answer.get("results", [])
        return results
    finally:
        connection.close()


def _report(figures: list[Figure], seconds: int) -> None:
    heads = ("in a request", "entries/s", "requests/s", "again", "failed", "p95 ms", "CPU ms an entry")
    print("\n" + " ".join(f"{head:>15}" for head in ("", *heads)))
    for one in figures:
        print(" ".join(f"{value:>15}" for value in asdict(one).values()))
    result = {
        "date": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
        "commit": commit(),
        "machine": machine(),
        "load_before": os.getloadavg()[2],
        "seconds": seconds,
        "phones_at_once": AT_ONCE,
        "sent_twice": SENT_TWICE,
        "wanted": WANTED,
        "figures": [asdict(figure) for figure in figures],
    }
    path = ROOT / "var/bench/intake.json"
    path.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    print(f"\n{result['machine']}; load {result['load_before']:.1f}\nas JSON: {path.relative_to(ROOT)}")
