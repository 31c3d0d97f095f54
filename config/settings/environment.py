"""Reads the environment; a value that cannot be used stops the site, naming the variable and what would do."""

from collections.abc import Collection
from typing import Any, Final
from urllib.parse import urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

env = environ.Env()

SWITCH: Final = {"true": True, "yes": True, "on": True, "1": True, "y": True, "ok": True} | {
    "false": False, "no": False, "off": False, "0": False, "n": False,
}  # fmt: skip
ENGINES: Final = ("django.db.backends.postgresql", "django.db.backends.sqlite3")
HERE_ONLY: Final = ("localhost", "127.0.0.1", "::1", "0.0.0.0")


def number(name: str, default: int, *, least: int = 0) -> int:
    """Return the whole number that ``name`` holds, or ``default`` where it is not set. Raises ImproperlyConfigured."""
    raw = env(name, default=str(default))
    try:
        value = int(raw)
    except ValueError:
        value = least - 1
    if value < least:
        cure = f"Write a whole number, {least} or more, for example {name}={default}"
        raise ImproperlyConfigured(f"{name} is {raw!r}. {cure}, or take the line away.")
    return value


def switch(name: str, *, default: bool) -> bool:
    """Return whether ``name`` is on: what is neither yes nor no must not quietly mean no. Raises as above."""
    raw = env(name, default=str(default))
    if raw.lower() not in SWITCH:
        raise ImproperlyConfigured(
            f"{name} is {raw!r}. Write {name}=true or {name}=false, or take the line away."
        )
    return SWITCH[raw.lower()]


def one_of(name: str, allowed: Collection[str], default: str) -> str:
    """Return one of ``allowed``, which are in capitals. Raises as above."""
    raw = env(name, default=default)
    if raw.upper() not in allowed:
        raise ImproperlyConfigured(
            f"{name} is {raw!r}. Write one of {', '.join(allowed)}, for example {name}={default}."
        )
    return raw.upper()


def database(default: str) -> dict[str, Any]:
    """Return what DATABASE_URL names. Raises as above, without repeating an address that may hold a password."""
    try:
        found: dict[str, Any] = env.db_url_config(env("DATABASE_URL", default=default))
    except ValueError:  # a port that is no number
        found = {}
    if found.get("ENGINE") in ENGINES and found["NAME"]:
        return found
    raise ImproperlyConfigured(
        "DATABASE_URL names no database that this site can use. "
        "Write postgresql://user:password@host:5432/langso, for a server on this machine "
        "postgresql:///langso?host=/var/run/postgresql, or sqlite:////folder/langso.sqlite3; "
        "in a password write %40 for @, %2F for / and %23 for #."
    )


def hosts(name: str) -> list[str]:
    """Return the names under which visitors may come: never all. Raises as above."""
    found = [host.strip() for host in env(name).split(",") if host.strip()]
    if found and not any("*" in host or "/" in host for host in found):
        return found
    cure = f"Write host names with commas between them, for example {name}=langso.vn,www.langso.vn"
    raise ImproperlyConfigured(
        f"{name} is {env(name)!r}. {cure} (without https://, and not *: anybody could forge links)."
    )


def public_address(name: str) -> str:
    """Return where the site is found from outside, without a slash at its end. Raises as above."""
    address = env(name).rstrip("/")
    try:
        parts = urlsplit(address)
        is_whole = address == f"https://{parts.netloc}" and parts.hostname and (parts.port or 443) > 0
    except ValueError:
        is_whole, parts = False, urlsplit("")
    if is_whole and parts.hostname not in HERE_ONLY:
        return address
    cure = f"Write the address that people open, for example {name}=https://langso.vn"
    raise ImproperlyConfigured(
        f"{name} is {env(name)!r}. {cure}: links in messages and on paper begin with it."
    )
