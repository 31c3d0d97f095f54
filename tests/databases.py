"""Migrated databases for tests to copy: migrating from empty takes most of a minute, copying the result does not.

One template per state of the migrations, kept in `var/test-templates/` (on PostgreSQL also as `langso_tpl_<key>`). Each
test process works on its own copy and gets a fresh one after a test that committed; rows that migrations made stay.
`python -m tests.databases` makes the template for DATABASE_URL.
"""

import contextlib
import fcntl
import glob
import hashlib
import importlib.metadata
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlsplit

import psycopg
from django.conf import settings
from psycopg import sql

ROOT = Path(__file__).resolve().parent.parent
TEMPLATES = ROOT / "var/test-templates"
KEPT = 3
FOREIGN_MIGRATIONS = (
    "django",
    "wagtail",
    "django-oscar",
    "django-allauth",
    "django-taggit",
)


class Copy(Protocol):
    """This process's own copy of the template."""

    url: str

    def restore(self) -> None:
        """Make it like the template again. Every connection to it must be closed, or is."""

    def drop(self) -> None: ...


def open_copy(url: str, folder: Path) -> Copy:
    """Return a fresh copy beside the database that `url` names; on SQLite (also for an empty url) in `folder`."""
    if url.startswith(("postgres:", "postgresql:")):
        return PostgresCopy(url, f"langso_test_{os.getpid()}")
    return SqliteCopy(folder)


class SqliteCopy:
    """Every fresh copy is a new file: a server of an earlier test that still has an old one open is not disturbed."""

    def __init__(self, folder: Path) -> None:
        self.template, self.folder, self.count = sqlite_template(), folder, 0
        self.restore()

    def restore(self) -> None:
        self.replace_by(self.template)

    def replace_by(self, source: Path) -> None:
        """Make it a copy of ``source``, which nobody may have open."""
        self.count += 1
        self.path = self.folder / f"test-{self.count}.sqlite3"
        self.url = f"sqlite:///{self.path}"
        shutil.copyfile(source, self.path)
        for old in self.folder.glob(f"test-{self.count - 2}.sqlite3*"):
            old.unlink(missing_ok=True)

    def drop(self) -> None:
        """Leave the file to pytest, which keeps the folders of the last three runs."""


class PostgresCopy:
    def __init__(self, server: str, name: str) -> None:
        self.server, self.name, self.url = server, name, _beside(server, name)
        self.template = postgres_template(server)
        self.restore()

    def restore(self) -> None:
        self.drop()
        _command(self.server, "CREATE DATABASE {} TEMPLATE {}", self.name, self.template)

    def drop(self) -> None:
        _command(self.server, "DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name)


def sqlite_template() -> Path:
    """Return the migrated file for the present migrations, made if it is not there."""
    path = TEMPLATES / f"{template_key()}.sqlite3"
    with _one_at_a_time("sqlite"):
        if not path.exists():
            scratch = path.with_suffix(".making")
            for leftover in TEMPLATES.glob(f"{scratch.name}*"):
                leftover.unlink()
            _migrate(f"sqlite:///{scratch}")
            scratch.replace(path)
            _forget_old("*.sqlite3")
    return path


def postgres_template(server: str) -> str:
    """Return the name of the migrated database on this server, made (or restored from a dump) if it is not there."""
    key = template_key()
    name, making, dump = f"langso_tpl_{key}", f"langso_making_{key}", TEMPLATES / f"{key}.pgdump"
    with _one_at_a_time("postgres"):
        if not _exists(server, name):
            _command(server, "DROP DATABASE IF EXISTS {} WITH (FORCE)", making)
            _command(server, "CREATE DATABASE {}", making)
            if not (
                dump.exists()
                and _postgres_tool("pg_restore", f"--dbname={_beside(server, making)}", str(dump))
            ):
                _migrate(_beside(server, making))
                scratch = dump.with_suffix(".new")
                if _postgres_tool("pg_dump", "--format=custom", f"--file={scratch}", _beside(server, making)):
                    scratch.replace(dump)
                    _forget_old("*.pgdump")
            _command(server, "ALTER DATABASE {} RENAME TO {}", making, name)
    return name


def template_key() -> str:
    """Return a hash of everything that decides what a migrated database holds."""
    deciding = [*settings.INSTALLED_APPS, settings.AUTH_USER_MODEL, settings.LANGUAGE_CODE]
    digest = hashlib.sha256("\n".join(deciding).encode())
    for package in FOREIGN_MIGRATIONS:
        digest.update(f"{package} {importlib.metadata.version(package)}\n".encode())
    for app in sorted(path.parent for path in ROOT.glob("*/__init__.py")):
        for migration in sorted(app.rglob("migrations/*.py")):
            digest.update(str(migration.relative_to(ROOT)).encode() + migration.read_bytes())
    for loaded in (
        *sorted(ROOT.glob("search/data/*")),
        ROOT / "search/dictionary.py",
    ):  # loaded after migrating
        digest.update(loaded.read_bytes())
    return digest.hexdigest()[:12]


def _migrate(url: str) -> None:
    command = [sys.executable, "scripts/migrate.py", "--skip-checks"]
    with tempfile.TemporaryDirectory(prefix="langso-test-") as scratch:
        ours = {
            "DATABASE_URL": url,
            "DJANGO_SETTINGS_MODULE": "config.settings.test",
            "LANGSO_TEST_SCRATCH": scratch,
        }
        done = subprocess.run(
            command, cwd=ROOT, env=os.environ | ours, capture_output=True, text=True, check=False
        )
    if done.returncode:
        raise SystemExit(f"migrate failed for the test database:\n{done.stdout}{done.stderr}")


@contextlib.contextmanager
def _one_at_a_time(kind: str) -> Iterator[None]:
    TEMPLATES.mkdir(parents=True, exist_ok=True)
    with (TEMPLATES / f"{kind}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _forget_old(pattern: str) -> None:
    newest_first = sorted(TEMPLATES.glob(pattern), key=lambda path: path.stat().st_mtime, reverse=True)
    for path in newest_first[KEPT:]:
        path.unlink()


# --- PostgreSQL -------------------------------------------------------------------------------------------------------


def _beside(server: str, name: str) -> str:
    return urlsplit(server)._replace(path=f"/{name}").geturl()


def _connect(server: str) -> psycopg.Connection[Any]:
    return psycopg.connect(server.replace("postgres://", "postgresql://", 1), autocommit=True)


def _command(server: str, statement: str, *names: str) -> None:
    with _connect(server) as connection:
        connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))


def _exists(server: str, name: str) -> bool:
    with _connect(server) as connection:
        found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone()
    return found is not None


def _postgres_tool(name: str, *arguments: str) -> bool:
    """Run a client tool; False where it is missing or fails, since dumps only save time."""
    tool = shutil.which(name) or next(
        iter(sorted(glob.glob(f"/usr/lib/postgresql/*/bin/{name}"), reverse=True)), None
    )
    if tool is None:
        return False
    return subprocess.run([tool, *arguments], capture_output=True, check=False).returncode == 0


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")
    url = os.environ.get("DATABASE_URL", "")
    print(postgres_template(url) if url.startswith("postgres") else sqlite_template())  # noqa: T201
