"""Keeps the index true: what changed is read again from the database and written or removed.

An entry says only that a thing changed, never how, so carrying it out twice, late or out of order ends in the same
index, and withdrawing is as sure as adding.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence

from django.utils import timezone

from base import outbox, pagecache
from base.outbox.models import Entry
from search import registry
from search.documents import Key, SearchDocument
from search.engines import current_engine
from search.engines.base import Changes, EngineAway
from search.engines.fallback import FallbackEngine

TOPIC = "search.index"
DEBT_TOPIC = "search.elasticsearch"
"""What Elasticsearch missed while it was away; the embedded index is not held up by it."""
DEBT_PAUSE = dt.timedelta(seconds=10)
STAMP = "search"
"""Page-cache stamp of pages that show results. The app's own stamps come too early: before the index is written."""


def changed(kind: str, pk: object) -> None:
    """Say that this thing was made, changed, published, withdrawn or deleted. Call in the same transaction."""
    outbox.enqueue(TOPIC, str(Key(kind, str(pk))), {})


def read_again(keys: Sequence[Key]) -> Changes:
    """Return the present public state of these things: one read for each kind."""
    ids: dict[str, list[str]] = defaultdict(list)
    for key in keys:
        ids[key.kind].append(key.object_id)
    upserts: dict[Key, SearchDocument] = {}
    for kind, wanted in ids.items():
        source = registry.get(kind)
        if source is not None:
            upserts.update((document.key, document) for document in source.public(wanted))
    return Changes(list(upserts.values()), [key for key in dict.fromkeys(keys) if key not in upserts])


def index_changed(entries: Sequence[Entry]) -> None:
    """Outbox handler of `search.index`. Elasticsearch being away is no failure: it is owed the changes."""
    keys = [Key.parse(entry.key) for entry in entries]
    try:
        current_engine().write(read_again(keys))
    except EngineAway:
        _owe(keys)
    pagecache.bump(STAMP)


def pay_debt(entries: Sequence[Entry]) -> None:
    """Outbox handler of `search.elasticsearch`: give it what it missed; while it is away, wait on, never give up."""
    engine = current_engine()
    if not isinstance(engine, FallbackEngine):
        return  # Elasticsearch is not configured any more
    keys = [Key.parse(entry.key) for entry in entries]
    try:
        engine.first.write(read_again(keys))
    except EngineAway:
        _owe(keys)
    else:
        pagecache.bump(STAMP)


def register_handlers() -> None:
    """Tell the outbox who carries out our topics."""
    outbox.handler(TOPIC, batch=100)(index_changed)
    outbox.handler(DEBT_TOPIC, batch=100)(pay_debt)


class AllPublic:
    """Every public document of every kind; may be gone through again, from the database each time."""

    def __init__(self, progress: Callable[[str, int], None] | None = None) -> None:
        self._progress = progress

    def __iter__(self) -> Iterator[SearchDocument]:
        for kind, source in registry.sources().items():
            number = 0
            for number, document in enumerate(source.public(None), 1):
                if self._progress is not None and number % 200 == 0:
                    self._progress(kind, number)
                yield document
            if self._progress is not None:
                self._progress(kind, number)


def rebuild(progress: Callable[[str, int], None] | None = None) -> int:
    """Build the index anew beside the live one and swap; return the number of documents.

    `progress(kind, number)` is called now and then. Raises RebuildRunning, EngineAway.
    """
    number = current_engine().rebuild(AllPublic(progress), read_again)
    pagecache.bump(STAMP)
    return number


def _owe(keys: Sequence[Key]) -> None:
    due_at = timezone.now() + DEBT_PAUSE
    Entry.objects.bulk_create(Entry(topic=DEBT_TOPIC, key=str(key), due_at=due_at) for key in keys)
