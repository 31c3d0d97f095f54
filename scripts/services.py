"""Throw-away PostgreSQL and Elasticsearch servers for tests, and where Chromium is: found, started, ended.

Standard library only. A service that is not on this machine raises Absent, whose text says how to get it.
"""

import contextlib
import glob
import locale
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from environment import ROOT

START_LIMIT_S = 60
FIRST_ELASTICSEARCH_LIMIT_S = 600  # the first start fetches 66 MB of jars


class Absent(Exception):
    """A service is not to be had here; the text says which and how to get it."""


def chromium() -> str:
    """Return the path of a Chromium or Chrome. Raises Absent."""
    names = [os.environ.get("CHROMIUM", ""), "chromium", "chromium-browser", "google-chrome"]
    for name in filter(None, names):
        if found := shutil.which(name):
            return found
    raise Absent("browser tests: no Chromium (apt install chromium, or name one in CHROMIUM)")


@contextlib.contextmanager
def postgres(*, is_as_served: bool = False) -> Iterator[str]:
    """Give the URL of an empty PostgreSQL cluster: TEST_DATABASE_URL, or one that lives as long as the context.

    It forgets what a crash would lose, which is quick, and is reached by TCP. ``is_as_served``: durable, and reached by
    its socket, as docs/operations.md has it.
    """
    if given := os.environ.get("TEST_DATABASE_URL"):
        yield given
        return
    binaries = _postgres_binaries()
    # PostgreSQL refuses to run as root; the superuser of the cluster is called postgres either way.
    user = "postgres" if os.geteuid() == 0 else None
    with tempfile.TemporaryDirectory(prefix="langso-pg-", ignore_cleanup_errors=True) as folder:
        data = Path(folder) / "data"
        if user:
            os.chown(folder, pwd.getpwnam(user).pw_uid, -1)
        make = [
            str(binaries / "initdb"),
            "--pgdata",
            str(data),
            "--username=postgres",
            "--auth=trust",
            "--no-sync",
        ]
        make += ["--encoding=UTF8", f"--locale={_utf8_locale()}"]
        made = subprocess.run(make, capture_output=True, text=True, user=user, cwd=folder, check=False)
        if made.returncode:
            raise Absent(f"PostgreSQL: initdb failed: {made.stderr.strip()[-300:]}")
        port = free_port()
        settings = {
            "listen_addresses": "127.0.0.1", "port": port, "unix_socket_directories": folder,
            "max_connections": 200,
        }  # fmt: skip
        if not is_as_served:
            settings |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
        serve = [str(binaries / "postgres"), "-D", str(data)]
        serve += [part for key, value in settings.items() for part in ("-c", f"{key}={value}")]
        with _running(serve, Path(folder) / "postgres.log", user=user, stop=signal.SIGINT) as (server, log):
            _wait(lambda: _ready_in(log), server, log, "PostgreSQL", START_LIMIT_S)
            yield f"postgres://postgres@{f':{port}/{folder}' if is_as_served else f'127.0.0.1:{port}'}/postgres"


@contextlib.contextmanager
def elasticsearch() -> Iterator[str]:
    """Give the URL of an empty Elasticsearch node: TEST_ELASTICSEARCH_URL, or tests/elasticsearch/run's."""
    if given := os.environ.get("TEST_ELASTICSEARCH_URL"):
        yield given
        return
    with tempfile.TemporaryDirectory(prefix="langso-es-", ignore_cleanup_errors=True) as folder:
        port = free_port(also=100)
        with elasticsearch_node(Path(folder), port):
            yield f"http://127.0.0.1:{port}"


@contextlib.contextmanager
def elasticsearch_node(home: Path, port: int) -> Iterator[subprocess.Popen[bytes]]:
    """Run one node. What it was told lies in `home`, for the next one that is started there. Raises Absent."""
    missing = [tool for tool in ("java", "javac", "mvn") if not shutil.which(tool)]
    if missing:
        raise Absent(
            f"Elasticsearch tests: no {', '.join(missing)} (apt install default-jdk-headless maven, "
            "or name a server in TEST_ELASTICSEARCH_URL)"
        )
    command = [str(ROOT / "tests/elasticsearch/run"), str(home), "1", str(port)]
    with _running(command, home / "elasticsearch.log") as (server, log):
        ready = f"ready {port}"
        _wait(lambda: ready in _text(log), server, log, "Elasticsearch", FIRST_ELASTICSEARCH_LIMIT_S)
        yield server


def free_port(also: int = 0) -> int:
    """Return a loopback port that is free now, and free too at `also` above it."""
    for _ in range(200):
        with contextlib.ExitStack() as held, contextlib.suppress(OSError, OverflowError):
            first = held.enter_context(socket.socket())
            first.bind(("127.0.0.1", 0))
            port: int = first.getsockname()[1]
            if also:
                held.enter_context(socket.socket()).bind(("127.0.0.1", port + also))
            return port
    raise Absent("no free port on the loopback address")


def end(process: subprocess.Popen[bytes], stop: int = signal.SIGTERM, patience_s: float = 10) -> None:
    """End a process that leads a session of its own, and whatever it started: kindly, then by force."""
    if process.poll() is None:
        process.send_signal(stop)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(patience_s)
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


@contextlib.contextmanager
def _running(
    command: list[str], log: Path, user: str | None = None, stop: int = signal.SIGTERM
) -> Iterator[tuple[subprocess.Popen[bytes], Path]]:
    """Run a server in a session of its own, so that Ctrl-C reaches it only through us; end it on the way out."""
    with log.open("wb") as out:
        process = subprocess.Popen(
            command, stdout=out, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL,
            cwd=log.parent, user=user, start_new_session=True,
        )  # fmt: skip
    try:
        yield process, log
    finally:
        end(process, stop)


def _wait(
    is_ready: Callable[[], bool], process: subprocess.Popen[bytes], log: Path, name: str, limit_s: int
) -> None:
    deadline = time.monotonic() + limit_s
    while not is_ready():
        if process.poll() is not None or time.monotonic() > deadline:
            raise Absent(f"{name} did not start: {_text(log).strip()[-500:]}")
        time.sleep(0.1)


def _ready_in(log: Path) -> bool:
    return "ready to accept connections" in _text(log)


def _text(log: Path) -> str:
    return log.read_text(errors="replace")


def _postgres_binaries() -> Path:
    """Return the folder with initdb and postgres: on the path, or the newest that Debian installed."""
    on_path = shutil.which("initdb")
    debian = sorted(glob.glob("/usr/lib/postgresql/*/bin/initdb"), key=lambda p: int(p.split("/")[4]))
    for initdb in [on_path, *reversed(debian)]:
        if initdb and (Path(initdb).resolve().parent / "postgres").exists():
            return Path(initdb).resolve().parent
    raise Absent(
        "PostgreSQL tests: no server here (apt install postgresql, or name one in TEST_DATABASE_URL)"
    )


def _utf8_locale() -> str:
    """Return a locale in which PostgreSQL lowers Vietnamese letters too, where the system has one."""
    before = locale.setlocale(locale.LC_CTYPE)
    try:
        locale.setlocale(locale.LC_CTYPE, "C.UTF-8")
    except locale.Error:
        return "C"
    finally:
        locale.setlocale(locale.LC_CTYPE, before)
    return "C.UTF-8"
