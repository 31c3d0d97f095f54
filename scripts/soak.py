"""`make soak`, the orders: concurrent buyers place 10,000 over goods with little stock, then everything is counted.

The real server (gunicorn) and the real outbox process on a fresh sample site, once on PostgreSQL and, with fewer, on
SQLite. Buyers come with addresses and phones of their own, fill a basket over both cooperatives, and send the form;
some send it twice at the same moment, as a slow phone does. Households put a few more on the table whenever goods are
gone, so that nearly every order meets somebody else's. What is checked stands in soak_count.py. Ends with 1 if it is
wrong.
"""

import argparse
import contextlib
import html
import http.client
import json
import os
import random
import re
import subprocess
import sys
import threading
import time
import urllib.parse
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import services
from environment import ROOT, commit

FOLDER = ROOT / "var/soak"
TWICE = 0.15  # of the forms are sent two times at once
MOST_TRIES = 4  # tries for each order wanted, before the count gives up
HIDDEN = re.compile(rb'<input type="hidden" name="(csrfmiddlewaretoken|entry_id|seen)" value="([^"]*)"')
SEEN = re.compile(r"(\d+)x(\d+)@\d+")  # what the form says that its reader saw: goods, how many, price
PICKUP = re.compile(rb'name="(pickup-\d+)" value="(\d+)"')


@dataclass
class Run:
    """What the buyers of one engine did; ``accepted``: code -> goods and how many of each."""

    wanted: int
    seed: int
    goods: list[int]
    address: str
    accepted: dict[str, dict[int, int]] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)
    tries: int = 0

    def next_try(self) -> int | None:
        """Return the number of the next try, or None when there are enough orders (or far too many tries)."""
        with self.lock:
            if len(self.accepted) >= self.wanted or self.tries >= self.wanted * MOST_TRIES:
                return None
            self.tries += 1
            return self.tries


class Browser:
    """One buyer's phone: cookies, and an address of her own behind the proxy."""

    def __init__(self, address: str, number: int) -> None:
        self.address = address
        self.headers = {
            "X-Forwarded-For": f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}",
            "Sec-Fetch-Site": "same-origin",
            "Origin": f"http://{address}",
        }
        self.cookies: dict[str, str] = {}

    def ask(self, path: str, form: dict[str, str] | None = None) -> tuple[int, str, bytes]:
        """Return status, where it leads, and the page."""
        connection = http.client.HTTPConnection(self.address, timeout=60)
        body = urllib.parse.urlencode(form) if form is not None else None
        headers = self.headers | {"Cookie": "; ".join(f"{k}={v}" for k, v in list(self.cookies.items()))}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        connection.request("GET" if body is None else "POST", path, body, headers)
        answer = connection.getresponse()
        page = answer.read()
        for line in answer.headers.get_all("Set-Cookie", []):
            name, _, rest = line.partition("=")
            self.cookies[name] = rest.partition(";")[0]
        connection.close()
        return answer.status, answer.headers.get("Location", ""), page


def main() -> int:
    options = _options()
    engines = {"postgresql": options.orders, "sqlite": options.sqlite_orders}
    results = [_soak(engine, orders, options) for engine, orders in engines.items() if orders]
    print(json.dumps(results, indent=1, ensure_ascii=False))
    FOLDER.mkdir(parents=True, exist_ok=True)
    (FOLDER / "orders.json").write_text(
        json.dumps(results, indent=1, ensure_ascii=False) + "\n", encoding="utf-8"
    )
    return 1 if any(result["wrong"] for result in results) else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--orders", type=int, default=10_000, help="placed on PostgreSQL (10000; 0: none)")
    parser.add_argument("--sqlite-orders", type=int, default=2_000, help="placed on SQLite (2000; 0: none)")
    parser.add_argument("--buyers", type=int, default=12, help="at the same time (12)")
    parser.add_argument("--seed", type=int, default=4)
    return parser.parse_args()


def _soak(engine: str, orders: int, options: argparse.Namespace) -> dict[str, object]:
    with contextlib.ExitStack() as until_end:
        folder = FOLDER / engine
        subprocess.run(["rm", "-rf", str(folder)], check=True)
        folder.mkdir(parents=True)
        url = f"sqlite:///{folder / 'langso.sqlite3'}"
        if engine == "postgresql":
            url = until_end.enter_context(services.postgres())
        environment = _environment(folder, url)
        for command in (
            ["scripts/migrate.py"],
            ["manage.py", "seed", "--seed", "4"],
            ["manage.py", "collectstatic", "--no-input", "-v0"],
            ["scripts/soak_count.py", "prepare"],
        ):
            said = _run(command, environment)
        goods = json.loads(said.splitlines()[-1])
        address = f"127.0.0.1:{services.free_port()}"
        until_end.enter_context(
            _process(["-m", "gunicorn", "config.wsgi", "-w", "3", "-b", address], environment, folder)
        )
        _wait_for(address)
        until_end.enter_context(_process(["manage.py", "run_outbox"], environment, folder))
        run = Run(orders, options.seed, goods, address)
        started = time.monotonic()
        with _process(["scripts/soak_count.py", "restock", str(options.seed)], environment, folder):
            _all_buy(run, options.buyers)
        took_s = time.monotonic() - started
        (folder / "accepted.json").write_text(json.dumps(run.accepted))
        counted = json.loads(_run(["scripts/soak_count.py", "count"], environment).splitlines()[-1])
    return {
        "engine": engine,
        "date": time.strftime("%Y-%m-%dT%H:%M:%S%z"),
        "commit": commit(),
        "seed": options.seed,
        "buyers": options.buyers,
        "seconds": round(took_s),
        "tries": run.tries,
        "orders": len(run.accepted),
        "answers": dict(sorted(run.counts.items())),
        **counted,
        "wrong": [*run.wrong, *counted["wrong"]][:20]
        + (
            [] if len(run.accepted) >= orders else [f"only {len(run.accepted)} of {orders} orders came about"]
        ),
    }


# --- buyers -----------------------------------------------------------------------------------------------------------


def _all_buy(run: Run, buyers: int) -> None:
    threads = [threading.Thread(target=_buy_on, args=(run,)) for _ in range(buyers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        while thread.is_alive():
            thread.join(30)
            print(
                f"  {len(run.accepted)} of {run.wanted} orders, {run.tries} tries",
                file=sys.stderr,
                flush=True,
            )


def _buy_on(run: Run) -> None:
    while (number := run.next_try()) is not None:
        try:
            _buy(run, number)
        except Exception as error:  # a buyer that falls over must be seen, and not end the count
            with run.lock:
                run.wrong.append(f"try {number}: {type(error).__name__}: {error}"[:300])


def _buy(run: Run, number: int) -> None:
    """Fill a basket, read the form, send it (perhaps twice at once), and note what came of it."""
    luck = random.Random(f"{run.seed}:{number}")
    browser = Browser(run.address, number)
    for product in luck.sample(run.goods, luck.randint(1, 4)):
        quantity = luck.randint(1, 3)
        status, _, _ = browser.ask("/gio/them/", {"product": str(product), "quantity": str(quantity)})
        if status != 302:
            return _note(run, f"adding answered {status}", is_wrong=True)
    status, _, page = browser.ask("/dat-hang/")
    if status == 302:
        return _note(run, "basket empty or sold out")
    if status != 200:
        return _note(run, f"the form could not be read: {status}", is_wrong=True)
    form = {name.decode(): html.unescape(value.decode()) for name, value in HIDDEN.findall(page)}
    for name, value in PICKUP.findall(page):
        form.setdefault(name.decode(), value.decode())
    basket = {int(m[1]): int(m[2]) for m in SEEN.finditer(form["seen"])}
    form |= {"name": f"Người mua {number}", "phone": f"0912{number:06d}", "note": ""}
    answers: list[tuple[int, str, bytes]] = []
    senders = [threading.Thread(target=lambda: answers.append(browser.ask("/dat-hang/", form)))]
    if luck.random() < TWICE:
        senders.append(threading.Thread(target=lambda: answers.append(browser.ask("/dat-hang/", form))))
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join()
    _note_answers(run, number, basket, answers, len(senders))


def _note_answers(
    run: Run, number: int, basket: dict[int, int], answers: list[tuple[int, str, bytes]], sent: int
) -> None:
    codes = set()
    for status, leads_to, _ in answers:
        if found := re.fullmatch(r"/don/(\w+)/", leads_to):
            codes.add(found[1])
        elif status not in (302, 409, 200):
            _note(run, f"the form answered {status}", is_wrong=True)
    with run.lock:
        run.counts["sent twice"] += sent - 1
        if len(answers) != sent or len(codes) > 1:
            run.wrong.append(f"try {number}: {len(answers)} answers, codes {sorted(codes)}")
        for code in codes:
            run.counts["accepted"] += 1
            run.counts["accepted, sent twice"] += sent - 1
            run.accepted[code] = basket
    if not codes:
        _note(run, "sold out or changed at the end")


def _note(run: Run, what: str, *, is_wrong: bool = False) -> None:
    with run.lock:
        run.counts[what] += 1
        if is_wrong:
            run.wrong.append(what)


# --- processes --------------------------------------------------------------------------------------------------------


def _environment(folder: Path, url: str) -> dict[str, str]:
    return {
        **os.environ,
        "LANGSO_VAR": str(folder),
        "DATABASE_URL": url,
        "DJANGO_SETTINGS_MODULE": "config.settings.dev",
        "DEBUG": "0",
        "LANGSO_DEMO": "1",
        "LOG_LEVEL": "WARNING",
        "TRUSTED_PROXY_COUNT": "1",  # each buyer's address is in X-Forwarded-For
        "PYTHONPATH": str(ROOT),
    }


def _run(command: list[str], environment: dict[str, str]) -> str:
    done = subprocess.run(
        [sys.executable, *command], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        sys.exit(f"{' '.join(command)} failed:\n{done.stderr[-3000:]}")
    return done.stdout


@contextlib.contextmanager
def _process(command: list[str], environment: dict[str, str], folder: Path) -> Iterator[None]:
    with (folder / "processes.log").open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, *command],
            cwd=ROOT,
            env=environment,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    try:
        yield
    finally:
        services.end(process)


def _wait_for(address: str) -> None:
    end = time.monotonic() + 60
    while time.monotonic() < end:
        with contextlib.suppress(OSError):
            Browser(address, 0).ask("/song/")
            return
        time.sleep(0.3)
    sys.exit(f"gunicorn did not answer at {address}")


if __name__ == "__main__":
    sys.exit(main())
