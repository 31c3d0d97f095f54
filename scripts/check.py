"""`make check`: every check and test of the project, with what this machine has for them; CI runs the same.

What needs PostgreSQL, Elasticsearch or Chromium says in one line when it was left out, and is a failure under CI=true.
Standard library only; each check is a command, and all of them run even when one fails.
"""

import argparse
import contextlib
import os
import secrets
import signal
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

import environment
import services
from environment import ROOT, Problem

IN_CI = os.environ.get("CI", "").lower() in ("true", "1")
APPS = ["base", "cms", "config", "learning", "marketplace", "media", "search"]
WORKERS = "2"


@dataclass
class Check:
    """A command and its own environment ("" unsets a variable); it passes when it exits with 0."""

    name: str
    command: list[str]
    env: dict[str, str] = field(default_factory=dict)


@dataclass
class Outcome:
    failed: list[str] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)
    running: set[subprocess.Popen[bytes]] = field(default_factory=set)


def main() -> int:
    options = _options()
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _interrupt)
    outcome = Outcome()
    results = ROOT / "var/check"
    try:
        environment.ensure("dev")
        results.mkdir(parents=True, exist_ok=True)
        _run(Check("translations", [*_python(), "scripts/messages.py"]), outcome)
        with contextlib.ExitStack() as until_end:
            scratch = Path(until_end.enter_context(tempfile.TemporaryDirectory(prefix="langso-check-")))
            if options.quick or options.format:
                _run_all(_formatters() if options.format else _quick_checks(), outcome)
                return _conclude(outcome, results, tested=False)
            found = _services(until_end, outcome)
            statics = [] if options.tests else [*_quick_checks(), *_django_checks(scratch)]
            _run_all([*_templates(found), *statics], outcome)
            for test_run in _test_runs(found, results, options.rest):
                _run(test_run, outcome, shown=True)
    except KeyboardInterrupt:
        print("\nInterrupted; ending what was started.", flush=True)
        return 130
    except Problem as problem:
        print(problem, file=sys.stderr)
        return 1
    finally:
        for process in list(outcome.running):
            services.end(process)
    return _conclude(outcome, results, tested=True)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="format, lint, types, layers, templates only")
    parser.add_argument("--format", action="store_true", help="put code and templates into their format")
    parser.add_argument("--tests", action="store_true", help="the tests only; what follows goes to pytest")
    options, rest = parser.parse_known_args()
    options.rest = rest
    return options


def _interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


# --- what is checked --------------------------------------------------------------------------------------------------


def _python() -> list[str]:
    return [str(environment.python())]


def _tool(name: str, *arguments: str) -> list[str]:
    return [str(environment.venv_dir() / "bin" / name), *arguments]


def _quick_checks() -> list[Check]:
    return [
        Check("types (mypy)", _tool("mypy")),
        Check("format (ruff)", _tool("ruff", "format", "--check", "--quiet", ".")),
        Check("lint (ruff)", _tool("ruff", "check", "--quiet", "--output-format", "concise", ".")),
        Check("layers (import-linter)", _tool("lint-imports", "--no-cache")),
        Check("template format (djade)", _djade("--check")),
    ]


def _formatters() -> list[Check]:
    return [
        Check("code", _tool("ruff", "format", "--quiet", ".")),
        Check("imports and simple lint", _tool("ruff", "check", "--quiet", "--fix-only", ".")),
        Check(
            "templates", ["sh", "-c", '"$@" >/dev/null 2>&1; exit 0', "sh", *_djade()]
        ),  # it exits with 1 when it changed some
    ]


def _djade(*options: str) -> list[str]:
    templates = sorted(str(path.relative_to(ROOT)) for app in APPS for path in (ROOT / app).rglob("*.html"))
    return _tool("djade", "--target-version", "5.2", *options, *templates)


def _django_checks(scratch: Path) -> list[Check]:
    manage = [*_python(), "manage.py"]
    empty = {"DATABASE_URL": f"sqlite:///{scratch / 'empty.sqlite3'}", "LANGSO_VAR": str(scratch)}
    production = empty | {
        "DJANGO_SETTINGS_MODULE": "config.settings.production",
        "SECRET_KEY": secrets.token_urlsafe(60),
        "ALLOWED_HOSTS": "lang-so.example",
        "SITE_BASE_URL": "https://lang-so.example",
        "SMS_BACKEND": "base.accounts.sms.LogBackend",
    }
    return [
        Check("settings (manage.py check)", [*manage, "check", "--fail-level", "WARNING"], empty),
        Check("production settings", [*manage, "check", "--deploy", "--fail-level", "WARNING"], production),
        Check("missing migrations", [*manage, "makemigrations", "--check", "--dry-run"], empty),
    ]


@dataclass
class Found:
    """What this machine has for tests: URLs, and the path of a browser."""

    postgres: str = ""
    elasticsearch: str = ""
    chromium: str = ""

    def environment(self) -> dict[str, str]:
        named = {
            "TEST_DATABASE_URL": self.postgres,
            "TEST_ELASTICSEARCH_URL": self.elasticsearch,
            "CHROMIUM": self.chromium,
        }
        return {name: value for name, value in named.items() if value}


def _services(until_end: contextlib.ExitStack, outcome: Outcome) -> Found:
    found = Found()
    starts: dict[str, Callable[[], str]] = {
        "postgres": lambda: until_end.enter_context(services.postgres()),
        "elasticsearch": lambda: until_end.enter_context(services.elasticsearch()),
        "chromium": services.chromium,
    }
    for name, start in starts.items():
        try:
            setattr(found, name, start())
        except services.Absent as absent:
            outcome.left_out.append(str(absent))
    return found


def _templates(found: Found) -> list[Check]:
    """Migrated databases for the tests to copy, made while the other checks run (tests/databases.py)."""
    make = [*_python(), "-m", "tests.databases"]
    checks = [Check("test database (SQLite)", make, {"DATABASE_URL": ""})]
    if found.postgres:
        checks.append(Check("test database (PostgreSQL)", make, {"DATABASE_URL": found.postgres}))
    return checks


def _test_runs(found: Found, results: Path, rest: list[str]) -> Iterator[Check]:
    """All tests on SQLite; then those that use the database on PostgreSQL."""
    pytest = [*_python(), "-m", "pytest", "-n", WORKERS, "--dist", "loadscope", "-p", "no:cacheprovider"]
    for stale in results.glob("tests-*.xml"):
        stale.unlink()
    on_sqlite = [*pytest, f"--junitxml={results / 'tests-sqlite.xml'}", *rest]
    yield Check("tests (SQLite)", on_sqlite, found.environment() | {"DATABASE_URL": ""})
    if found.postgres and not rest:
        on_postgres = [*pytest, f"--junitxml={results / 'tests-postgres.xml'}", "tests/integration"]
        yield Check("tests (PostgreSQL)", on_postgres, found.environment() | {"DATABASE_URL": found.postgres})


# --- running and telling ----------------------------------------------------------------------------------------------


def _run_all(checks: list[Check], outcome: Outcome) -> None:
    """Run checks two at a time, the first ones first."""
    with ThreadPoolExecutor(max_workers=2) as pool:
        try:
            list(pool.map(lambda check: _run(check, outcome), checks))
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            for process in list(outcome.running):
                services.end(process)
            raise


def _run(check: Check, outcome: Outcome, shown: bool = False) -> None:
    """Run one check; print what it says only when it fails, or all of it when `shown`."""
    started = time.monotonic()
    if shown:
        print(f"--- {check.name}", flush=True)
    env = {
        name: value for name, value in {**os.environ, **check.env}.items() if value or name not in check.env
    }
    process = subprocess.Popen(
        check.command, cwd=ROOT, env=env, stdin=subprocess.DEVNULL, start_new_session=True,
        stdout=None if shown else subprocess.PIPE, stderr=None if shown else subprocess.STDOUT,
    )  # fmt: skip
    outcome.running.add(process)
    try:
        said, _ = process.communicate()
    finally:
        services.end(process)
        outcome.running.discard(process)
    took_s = time.monotonic() - started
    verdict = "ok" if process.returncode == 0 else "FAILED"
    print(f"{verdict:<6} {check.name} ({took_s:.0f} s)", flush=True)
    if process.returncode:
        outcome.failed.append(check.name)
        if said:
            print(said.decode(errors="replace").rstrip(), flush=True)


def _conclude(outcome: Outcome, results: Path, tested: bool) -> int:
    """Say what failed and what was left out; last of all, the tests in one line."""
    for line in outcome.left_out:
        print(f"left out  {line}")
    if outcome.failed:
        print(f"FAILED: {', '.join(outcome.failed)}")
    if not tested:
        return 1 if outcome.failed else 0
    passed, failed, skipped = _counts(results)
    if not passed:
        print("No test passed.")
    print(f"{passed} passed, {failed} failed, {skipped} skipped")
    return 1 if outcome.failed or failed or not passed or (IN_CI and outcome.left_out) else 0


def _counts(results: Path) -> tuple[int, int, int]:
    """Return passed, failed, skipped over all test runs, read from what pytest wrote."""
    total = failed = skipped = 0
    for report in results.glob("tests-*.xml"):
        for suite in ET.parse(report).getroot().iter("testsuite"):
            total += int(suite.get("tests", 0))
            failed += int(suite.get("failures", 0)) + int(suite.get("errors", 0))
            skipped += int(suite.get("skipped", 0))
    return total - failed - skipped, failed, skipped


if __name__ == "__main__":
    sys.exit(main())
