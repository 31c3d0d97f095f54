"""`make demo`: set up, fill and start the whole site on this machine; Ctrl-C ends all of it.

Standard library only. What takes long is done once and remembered in `var/demo.json`, keyed by what it was made from.
"""

import contextlib
import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from types import FrameType

if sys.version_info < (3, 11):  # noqa: UP036  (this line is for whoever starts it with an older one)
    sys.exit(
        f"Làng Số needs Python 3.11 or newer; this is {sys.version.split()[0]}. Name another: make demo PYTHON=…"
    )

from alone import Helper, alone

import environment
from environment import ROOT, Problem, fingerprint
from services import end

VAR = ROOT / "var"
REMEMBERED = VAR / "demo.json"
LOGS = VAR / "log"
LOCK = VAR / "demo.lock"
READY_LIMIT_S = 60
ENDINGS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
HOST = os.environ.get("HOST", "127.0.0.1")
PORT = int(os.environ.get("PORT", "8000"))
ADDRESS = f"http://localhost:{PORT}"


class Stop(Exception):
    """Somebody asked us to end: Ctrl-C, a signal, a closed terminal."""


def main() -> int:
    for number in ENDINGS:
        signal.signal(number, _stop)
    try:
        for folder in (VAR, LOGS):
            folder.mkdir(exist_ok=True)
        with alone(LOCK, ADDRESS) as helper:
            _refuse_taken_port()
            environment.ensure("base")
            _prepare()
            _serve(helper)
    except Stop:
        print("\nEnding.", flush=True)
    except (Problem, OSError) as problem:
        print(problem, file=sys.stderr)
        return 1
    return 0


def _serve(helper: Helper) -> None:
    """Run the site until somebody ends it."""
    children: list[subprocess.Popen[bytes]] = []
    try:
        _start(children, helper)
        _wait_until_ready(children)
        _greet()
        _watch(children)
    finally:
        for number in ENDINGS:
            signal.signal(number, signal.SIG_IGN)
        for child in reversed(children):
            end(child)


def _stop(number: int, frame: FrameType | None) -> None:
    raise Stop


def _refuse_taken_port() -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, PORT))
        except OSError as error:
            reason = f"Port {PORT} is not to be had here ({error.strerror})."
            raise Problem(f"{reason} Choose another: make demo PORT={PORT + 1}") from error


# --- what is done once ------------------------------------------------------------------------------------------------


def _prepare() -> None:
    """Bring messages, tables, static files, sample data and index to where they should be; do only what is missing."""
    if any(not _is_compiled(source) for source in ROOT.glob("locale/*/LC_MESSAGES/*.po")):
        _run("Compiling translations", ["scripts/messages.py"])
    done = _remembered()
    tables, static = _tables_key(), _static_key()
    # Two long jobs that do not touch each other: one core each.
    with contextlib.ExitStack() as together:
        if done.get("static") != static or not (VAR / "static").exists():
            together.enter_context(
                _beside("static files", ["manage.py", "collectstatic", "--no-input", "-v0"])
            )
        if done.get("tables") != tables:
            _run("Making the tables (a minute)", ["scripts/migrate.py"])
    done.update(static=static, tables=tables)
    _remember(done)
    if "seed" not in done:
        _run("Filling in sample data (half a minute)", ["manage.py", "seed", "--seed", "4", "--if-empty"])
        _remember(done | {"seed": "4"})
    index = fingerprint([ROOT / "search/analysis.py", ROOT / "search/text.py"])
    if done.get("index") != index or not any((VAR / "index").glob("*")):
        _run("Building the search index", ["manage.py", "rebuild_search"])
        _remember(_remembered() | {"index": index})


def _is_compiled(source: Path) -> bool:
    compiled = source.with_suffix(".mo")
    return compiled.exists() and compiled.stat().st_mtime >= source.stat().st_mtime


def _tables_key() -> str:
    migrations = [
        *ROOT.glob("*/migrations/*.py"),
        *ROOT.glob("*/*/migrations/*.py"),
        *ROOT.glob("*/*/*/migrations/*.py"),
    ]
    ours = [path for path in migrations if path.parts[len(ROOT.parts)] not in (".venv", "var")]
    return fingerprint([*ours, *_foundations()], os.environ.get("DATABASE_URL", ""))


def _static_key() -> str:
    files = [path for folder in ROOT.glob("*/**/static") for path in folder.rglob("*") if path.is_file()]
    ours = [path for path in files if path.parts[len(ROOT.parts)] not in (".venv", "var")]
    return fingerprint([*ours, *_foundations()])


def _foundations() -> list[Path]:
    return [ROOT / "requirements/base.txt", ROOT / "config/settings/base.py", ROOT / "config/settings/dev.py"]


def _remembered() -> dict[str, str]:
    """Return what was done before. A database that is gone, or another one, takes what is in it with it."""
    try:
        done: dict[str, str] = json.loads(REMEMBERED.read_text())
    except (OSError, ValueError):
        done = {}
    elsewhere = os.environ.get("DATABASE_URL", "")
    if done.get("database", "") != elsewhere or not (elsewhere or (VAR / "langso.sqlite3").exists()):
        done = {name: key for name, key in done.items() if name == "static"}
    return done | {"database": elsewhere}


def _remember(done: dict[str, str]) -> None:
    REMEMBERED.write_text(json.dumps(done, indent=1))


def _run(what: str, arguments: list[str]) -> None:
    """Run a job to its end; what it says is shown only where it fails (on its second channel)."""
    print(f"{what} …", flush=True)
    command = [str(environment.python()), *arguments]
    done = subprocess.run(
        command, cwd=ROOT, env=_environment(), start_new_session=True, check=False, stdout=subprocess.DEVNULL
    )
    if done.returncode:
        raise Problem(f"{what}: `{' '.join(arguments)}` failed; its message is above. {_space_hint()}")


@contextlib.contextmanager
def _beside(what: str, arguments: list[str]) -> Iterator[None]:
    """Run a job while the block runs, and see it through after."""
    print(f"Preparing {what} meanwhile …", flush=True)
    command = [str(environment.python()), *arguments]
    job = subprocess.Popen(command, cwd=ROOT, env=_environment(), start_new_session=True)
    try:
        yield
        if job.wait():
            raise Problem(f"Preparing {what} failed; its message is above. {_space_hint()}")
    finally:
        end(job)


def _space_hint() -> str:
    free_mb = shutil.disk_usage(ROOT).free // 1_000_000
    return f"Only {free_mb} MB of disk are free." if free_mb < 200 else ""


# --- what runs --------------------------------------------------------------------------------------------------------


def _environment() -> dict[str, str]:
    """Return the environment of every process of the demo: its settings, its address, its own secret key."""
    hosts = "localhost,127.0.0.1,[::1]" if HOST == "127.0.0.1" else "*"
    ours = {
        "DJANGO_SETTINGS_MODULE": "config.settings.dev",
        "SECRET_KEY": _secret_key(),
        "SITE_BASE_URL": ADDRESS,
        "LANGSO_DEMO": "1",
        "ALLOWED_HOSTS": hosts,
        "LOG_LEVEL": os.environ.get("LOG_LEVEL", "WARNING"),
    }
    return os.environ | ours


def _secret_key() -> str:
    """Return this machine's own key, made at the first start, so that sign-ins outlive a restart."""
    path = VAR / "demo-secret-key"
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(50))
    return path.read_text()


def _start(children: list[subprocess.Popen[bytes]], helper: Helper) -> None:
    print("Starting …", flush=True)
    web = [
        "-m",
        "gunicorn",
        "config.wsgi:application",
        "--bind",
        f"{HOST}:{PORT}",
        "--workers",
        "2",
        "--preload",
        "--no-control-socket",
    ]
    web += ["--worker-tmp-dir", "/dev/shm"] if Path("/dev/shm").is_dir() else []
    for name, arguments in {"web": web, "outbox": ["manage.py", "run_outbox"]}.items():
        with (LOGS / f"{name}.log").open("wb") as log:
            command = [str(environment.python()), *arguments]
            child = subprocess.Popen(
                command, cwd=ROOT, env=_environment(), start_new_session=True,
                stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT,
            )  # fmt: skip
        children.append(child)
        helper.end_with_us(child)


def _wait_until_ready(children: list[subprocess.Popen[bytes]]) -> None:
    deadline = time.monotonic() + READY_LIMIT_S
    said = ""
    while time.monotonic() < deadline:
        _refuse_ended(children)
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{PORT}/san-sang/", timeout=10):
                return
        except urllib.error.HTTPError as error:
            said = f"{error.code}: {error.read(500).decode(errors='replace')}"
        except OSError as error:
            said = str(error)
        time.sleep(0.2)
    raise Problem(
        f"The site did not get ready within {READY_LIMIT_S} s ({said}). See {LOGS.relative_to(ROOT)}/."
    )


def _refuse_ended(children: list[subprocess.Popen[bytes]]) -> None:
    for name, child in zip(("web", "outbox"), children, strict=True):
        if child.poll() is not None:
            log = LOGS / f"{name}.log"
            last = "\n".join(log.read_text(errors="replace").splitlines()[-15:])
            raise Problem(
                f"{last}\nThe {name} process ended by itself (the lines above are of {log.relative_to(ROOT)})."
            )


def _greet() -> None:
    print(f"\n  {ADDRESS}\n", flush=True)
    sign_ins = VAR / "demo-sign-ins.txt"
    if sign_ins.exists():
        print(sign_ins.read_text().rstrip(), flush=True)
    print(f"\nLogs: {LOGS.relative_to(ROOT)}/. Ctrl-C ends everything; what you entered is kept.", flush=True)


def _watch(children: list[subprocess.Popen[bytes]]) -> None:
    while True:
        _refuse_ended(children)
        time.sleep(1)


if __name__ == "__main__":
    sys.exit(main())
