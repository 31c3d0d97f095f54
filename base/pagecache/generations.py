"""Generation stamps: a random token per stamp in the shared cache; a kept page is good while all its tokens are.

Order matters and makes races harmless. A bump writes the epoch (one token for everything) first, then the stamps. A
page reads the stamps it declared and the epoch before it reads any data; a stamp it adds later counts only if the
epoch, read after that stamp, is still the one it started with.
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Collection, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from django.conf import settings
from django.core.cache import BaseCache, caches
from django.db import transaction

if TYPE_CHECKING:
    from base.outbox.models import Entry

log = logging.getLogger(__name__)

TOPIC: Final = "pagecache.bump"
EVERY_PAGE: Final = "site"  # every kept page has this stamp
EPOCH: Final = "pc:epoch"


def cache() -> BaseCache:
    """Return the cache that holds pages and tokens."""
    return caches[settings.PAGE_CACHE_ALIAS]


def kept(key: str) -> Any:
    """Return what is kept under ``key``; None where nothing is, or while the cache cannot be read."""
    try:
        return cache().get(key)
    except Exception:  # a broken cache costs speed, never pages
        log.exception("The page cache could not be read")
        return None


def keep(key: str, value: Any, timeout_s: float | None) -> None:
    """Keep ``value``, for ever with None; while the cache cannot be written (a full disk) it is made each time."""
    try:
        cache().set(key, value, timeout_s)
    except Exception:
        log.exception("The page cache could not be written")


def new_token() -> str:
    """Return a token that was never used before."""
    return secrets.token_hex(8)


def _name(stamp: str) -> str:
    return f"pc:s:{stamp}"


def read(stamps: Collection[str]) -> dict[str, str]:
    """Return the token of each stamp, making those that nobody has yet.

    A token that the cache lost is made anew, never taken as "unchanged": so a page kept before the loss is old. Neither
    is one that could not be written: what is kept with it is old at once.
    """
    store = cache()
    found: dict[str, str] = store.get_many([_name(stamp) for stamp in stamps])
    return {stamp: found.get(_name(stamp)) or _made(_name(stamp)) for stamp in stamps}


def epoch() -> str:
    """Return the token that changes with every bump."""
    return cache().get(EPOCH) or _made(EPOCH)


def _made(name: str) -> str:
    store = cache()
    token = new_token()
    try:
        if store.add(name, token, timeout=None):
            return token
    except Exception:
        log.exception("The page cache could not be written")
        return token
    return store.get(name) or token  # someone else was first


def are_current(tokens: dict[str, str]) -> bool:
    """Return whether every stamp still has the token that the page was made with. One read of the cache."""
    found = cache().get_many([_name(stamp) for stamp in tokens])
    return all(found.get(_name(stamp)) == token for stamp, token in tokens.items())


def bump(*stamps: str) -> None:
    """Make every kept page with one of these stamps old as soon as the current transaction commits.

    Twice: at once after the commit, and by a row of the outbox written in the transaction, so that a process killed
    between the two leaves no stale page behind.
    """
    from base import outbox

    token = new_token()
    names = sorted(set(stamps))
    with transaction.atomic():
        outbox.enqueue(TOPIC, token, {"stamps": names, "token": token})
    transaction.on_commit(partial(bump_now, names, token), robust=True)


def bump_now(stamps: Sequence[str], token: str) -> None:
    """Give the stamps a new token now, without waiting for a commit."""
    store = cache()
    store.set(EPOCH, token, timeout=None)  # first: see the module's docstring
    store.set_many({_name(stamp): token for stamp in stamps}, timeout=None)


def confirm(entries: Sequence[Entry]) -> None:
    """Outbox handler: bump every stamp whose bump after the commit is not certain to have happened.

    It is certain when the stamp's token is the one of the only entry that names it. Otherwise it is bumped again,
    which costs one page computed once more.
    """
    wanted: dict[str, set[str]] = {}
    for entry in entries:
        for stamp in entry.payload["stamps"]:
            wanted.setdefault(stamp, set()).add(entry.payload["token"])
    found = cache().get_many([_name(stamp) for stamp in wanted])
    unsure = [stamp for stamp, tokens in wanted.items() if tokens != {found.get(_name(stamp))}]
    if unsure:
        bump_now(unsure, new_token())
