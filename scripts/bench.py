"""`make bench`: requests a second of kept, uncached and personal pages beside a bare Django view, in the same run.

Makes a site of its own under var/bench (--scale N goods, kept for the next run), starts gunicorn for it and for the
bare view, and asks with wrk where that is installed, otherwise with a slower client of our own. Prints a table, and
writes the same as JSON to var/bench/figures.json. `make soak` asks each page for minutes instead of seconds.
"""

import argparse
import contextlib
import datetime as dt
import http.client
import json
import os
import re
import shutil
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import asdict, dataclass

import bench_intake

import found
import paint
import services
from environment import ROOT, commit, machine

FOLDER = ROOT / "var/bench"
LONG = "x=" + "a" * 600  # too long a query to keep a page for: this is how an uncached page is asked for
PAGES = ("/", "/cho/", "/hoc/", "/chinh-sach/", "/tim/?q=mat+ong")
PRODUCT = re.compile(r'href="(/cho/[^/"]+-\d+/)"')
SIGN_IN = """
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY, get_user_model
from django.contrib.sessions.backends.db import SessionStore
from django.conf import settings
from config.seed.people import HOUSEHOLD_PHONE
user = get_user_model().objects.get(phone=HOUSEHOLD_PHONE)
store = SessionStore()
store.update({SESSION_KEY: str(user.pk), BACKEND_SESSION_KEY: settings.AUTHENTICATION_BACKENDS[0],
              HASH_SESSION_KEY: user.get_session_auth_hash()})
store.save()
print(f"cookie:{settings.SESSION_COOKIE_NAME}={store.session_key}")
"""


@dataclass
class Figure:
    """What one page did under load."""

    what: str
    address: str
    per_s: float
    alone_ms: float  # one request at a time, mean
    errors: int
    of_bare: float = 0.0


def main() -> int:
    options = _options()
    if options.intake:
        return bench_intake.run(_manage, _served, options.seconds)
    environment = _make_site(options.scale)
    if options.search:
        return _search(environment, options)
    with (
        _served("tests.benchmarks.bare:application", {}) as bare,
        _served("config.wsgi", environment) as site,
    ):
        figures = [_measure("bare view, 14 KB", bare, "/", options.seconds, "")]
        with urllib.request.urlopen(f"http://{site}/cho/") as page:
            product = PRODUCT.search(page.read().decode())
        for address in (*PAGES, *([product[1]] if product else [])):
            figures.append(_measure("kept", site, address, options.seconds, ""))
        for address in (*PAGES, *([product[1]] if product else [])):
            longer = f"{address}{'&' if '?' in address else '?'}{LONG}"
            figures.append(_measure("uncached", site, longer, options.seconds, ""))
        cookie = _sign_in(environment)
        figures.append(_measure("signed in, kept", site, "/cho/", options.seconds, cookie))
        figures.append(_measure("signed in, personal", site, "/ban/", options.seconds, cookie))
        paints = _paints(site, environment, [*PAGES, *([product[1]] if product else [])])
        soon = found.measure(site, environment)
    for figure in figures:
        figure.of_bare = round(figure.per_s / figures[0].per_s, 2)
    _report(figures, paints, soon, options)
    return 1 if any(figure.errors for figure in figures) else 0


def _search(environment: dict[str, str], options: argparse.Namespace) -> int:
    """Run bench_search.py, which needs Django, with the site's environment and beside the running site."""
    command = [sys.executable, str(ROOT / "scripts/bench_search.py")]
    command += ["--sizes", options.sizes] if options.sizes else []
    command += ["--million"] if options.million else []
    everything = {**os.environ, **environment, "PYTHONPATH": str(ROOT)}
    with _served("config.wsgi", environment) as site:
        return subprocess.run([*command, "--host", site], cwd=ROOT, env=everything, check=False).returncode


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--scale", type=int, default=10_000, help="goods beside the sample's 60 (10000)")
    parser.add_argument("--seconds", type=int, default=0, help="of load for each page (4; 300 with --soak)")
    parser.add_argument("--soak", action="store_true", help="minutes of load for each page, to see errors")
    parser.add_argument(
        "--search", action="store_true", help="only the search, for 1,000 to 100,000 documents"
    )
    parser.add_argument("--intake", action="store_true", help="only the intake of entries from devices")
    parser.add_argument("--sizes", default="", help="with --search: other numbers of documents")
    parser.add_argument("--million", action="store_true", help="with --search: 1,000,000 documents, too")
    options = parser.parse_args()
    options.seconds = options.seconds or (300 if options.soak else 4)
    return options


# --- the site ---------------------------------------------------------------------------------------------------------


def _make_site(scale: int) -> dict[str, str]:
    """Migrate, seed and index a site of its own, unless the last run left one of this size; return its environment."""
    environment = {
        "LANGSO_VAR": str(FOLDER),
        "DATABASE_URL": f"sqlite:///{FOLDER / 'langso.sqlite3'}",
        "DJANGO_SETTINGS_MODULE": "config.settings.dev",
        "DEBUG": "0",
        "LANGSO_DEMO": "1",
        "LOG_LEVEL": "WARNING",
    }
    done = FOLDER / f"ready-{scale}"
    if not done.exists():
        shutil.rmtree(FOLDER, ignore_errors=True)
        FOLDER.mkdir(parents=True)
        for command in (
            ["scripts/migrate.py"],
            ["seed", "--seed", "4", "--scale", str(scale)],
            ["run_outbox", "--once"],
        ):
            print(f"  {' '.join(command)} …", file=sys.stderr, flush=True)
            started = time.monotonic()
            _manage(command, environment)
            print(f"  {time.monotonic() - started:.0f} s", file=sys.stderr, flush=True)
        done.touch()
    _manage(["collectstatic", "--no-input", "-v0"], environment)
    _manage(["forget_pages"], environment)
    return environment


def _manage(command: list[str], environment: dict[str, str]) -> str:
    done = subprocess.run(
        [sys.executable, *([] if command[0].endswith(".py") else ["manage.py"]), *command],
        cwd=ROOT,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        sys.exit(f"{command[0]} failed:\n{done.stderr[-3000:]}")
    return done.stdout


def _sign_in(environment: dict[str, str]) -> str:
    found = re.search(r"cookie:(\S+)", _manage(["shell", "-c", SIGN_IN], environment))
    return found[1] if found else ""


@contextlib.contextmanager
def _served(application: str, environment: dict[str, str]) -> Iterator[str]:
    """Start gunicorn with two plain workers on a free port and yield ``host:port``."""
    address = f"127.0.0.1:{services.free_port()}"
    command = [
        sys.executable,
        "-m",
        "gunicorn",
        application,
        "-w",
        "2",
        "-b",
        address,
        "--log-level",
        "warning",
    ]
    FOLDER.mkdir(parents=True, exist_ok=True)
    with (FOLDER / "gunicorn.log").open("ab") as log:
        process = subprocess.Popen(
            command, cwd=ROOT, env=os.environ | environment, stdout=log, stderr=log, start_new_session=True
        )
    try:
        _wait_for(address, process)
        yield address
    finally:
        services.end(process)


def _wait_for(address: str, process: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + 60
    while time.monotonic() < end and process.poll() is None:
        with contextlib.suppress(OSError):
            urllib.request.urlopen(f"http://{address}/", timeout=20).read()
            return
        time.sleep(0.3)
    sys.exit(f"gunicorn did not answer at {address}; see {FOLDER / 'gunicorn.log'}")


# --- load -------------------------------------------------------------------------------------------------------------


def _measure(what: str, host: str, address: str, seconds: int, cookie: str) -> Figure:
    """Warm the page up, then ask for it four at a time, then one at a time."""
    headers = {"Accept-Encoding": "br", **({"Cookie": cookie} if cookie else {})}
    for _ in range(4):
        _ask_once(host, address, headers)
    ask = _with_wrk if shutil.which("wrk") else _with_threads
    per_s, errors = ask(host, address, headers, 4, seconds)
    alone_per_s, more_errors = ask(host, address, headers, 1, max(2, seconds // 2))
    shown = address.replace(LONG, "…")
    figure = Figure(what, shown, round(per_s), round(1000 / alone_per_s, 2), errors + more_errors)
    print(f"  {what}, {shown}: {per_s:.0f}/s", file=sys.stderr, flush=True)
    return figure


def _ask_once(host: str, address: str, headers: dict[str, str]) -> bool:
    connection = http.client.HTTPConnection(host, timeout=30)
    connection.request("GET", address, headers=headers)
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer.status == 200


def _with_wrk(
    host: str, address: str, headers: dict[str, str], at_once: int, seconds: int
) -> tuple[float, int]:
    wanted = [part for name, value in headers.items() for part in ("-H", f"{name}: {value}")]
    command = [
        "wrk",
        "-t1",
        f"-c{at_once}",
        f"-d{seconds}s",
        "--timeout",
        "30s",
        *wanted,
        f"http://{host}{address}",
    ]
    text = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    found = re.search(r"Requests/sec:\s+([\d.]+)", text)
    bad = re.search(r"Non-2xx or 3xx responses: (\d+)", text)
    return (float(found[1]) if found else 0.001), (int(bad[1]) if bad else 0)


def _with_threads(
    host: str, address: str, headers: dict[str, str], at_once: int, seconds: int
) -> tuple[float, int]:
    """Ask from Python threads: the client itself limits what fast pages show, so compare within one run only."""
    end = time.monotonic() + seconds
    counts, errors = [0] * at_once, [0] * at_once

    def ask(number: int) -> None:
        while time.monotonic() < end:
            counts[number] += 1
            errors[number] += not _ask_once(host, address, headers)

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(at_once)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return max(sum(counts) / seconds, 0.001), sum(errors)


def _paints(site: str, environment: dict[str, str], addresses: list[str]) -> list[paint.Paint]:
    try:
        with _served("tests.benchmarks.photo_page:application", environment) as with_photo:
            return paint.measure(site, with_photo, addresses)
    except services.Absent as absent:
        print(f"  paint times left out: {absent}", file=sys.stderr)
        return []


# --- report -----------------------------------------------------------------------------------------------------------


def _report(
    figures: list[Figure], paints: list[paint.Paint], soon: found.Found, options: argparse.Namespace
) -> None:
    print(f"\n{'':22} {'address':34} {'req/s':>7} {'of bare':>8} {'alone ms':>9} {'errors':>7}")
    for figure in figures:
        print(
            f"{figure.what:22} {figure.address:34} {figure.per_s:7.0f} {figure.of_bare:8.2f} "
            f"{figure.alone_ms:9.2f} {figure.errors:7}"
        )
    print(f"\n{'largest paint, 3G, slow phone':57} {'ms':>7} {'of empty':>9} {'of empty with the photo':>24}")
    for shown in paints:
        of_photo = "" if shown.of_photo is None else f"{shown.of_photo:24.2f}"
        print(f"{shown.address:57} {shown.largest_ms:7.0f} {shown.of_empty:9.2f} {of_photo}")
    print(f"\n{f'from approval to found, {found.TIMES} times':48} {'median ms':>10} {'worst ms':>10}")
    print(f"{'found in /tim/, outbox process running':48} {soon.median_ms:10.0f} {soon.worst_ms:10.0f}")
    print(f"{'the same loop, found already':48} {soon.empty_median_ms:10.0f} {soon.empty_worst_ms:10.0f}")
    result = {
        "date": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
        "commit": commit(),
        "command": " ".join(["scripts/bench.py", *sys.argv[1:]]),
        "machine": machine(),
        "load_before": os.getloadavg()[2],
        "client": "wrk" if shutil.which("wrk") else "threads",
        "scale": options.scale,
        "figures": [asdict(figure) for figure in figures],
        "paints": [asdict(shown) for shown in paints],
        "found": asdict(soon),
    }
    (FOLDER / "figures.json").write_text(
        json.dumps(result, indent=1, ensure_ascii=False) + "\n", encoding="utf-8"
    )
    print(
        f"\n{result['machine']}; load {result['load_before']:.1f}; {result['client']}; goods {options.scale}"
    )
    print(f"as JSON: {(FOLDER / 'figures.json').relative_to(ROOT)}")


if __name__ == "__main__":
    sys.exit(main())
