"""Keeps the index true: what changed is read again from the database and written or removed.

An entry says only that a thing changed, never how, so carrying it out twice, late or out of order ends in the same
index, and withdrawing is as sure as adding.
"""

from collections.abc import Callable, Iterator, Sequence

from base import outbox, pagecache
from base.outbox.models import Entry
from search import registry
from search.documents import Key, SearchDocument
from search.engines import current_engine
from search.engines.base import Changes, EngineAway
from search.engines.fallback import FallbackEngine
from search.engines.folder import RebuildRunning

TOPIC = "search.index"
COPY_TOPIC = "search.elasticsearch"
"""The copy in Elasticsearch: a topic of its own, so that nothing waits for one that is slow or away."""
BUILD_TOPIC = "search.build"
BUILD_EVERY_S = 60.0
STAMP = "search"
"""Page-cache stamp of pages that show results. The app's own stamps come too early: before the index is written."""


def changed(kind: str, pk: object) -> None:
    """Say that this thing was made, changed, published, withdrawn or deleted. Call in the same transaction."""
    key = str(Key(kind, str(pk)))
    outbox.enqueue(TOPIC, key)
    if isinstance(current_engine(), FallbackEngine):
        outbox.enqueue(COPY_TOPIC, key)


def read_again(keys: Sequence[Key]) -> Changes:
    """Return the present public state of these things: one read for each kind."""
    upserts: dict[Key, SearchDocument] = {}
    for source, ids in registry.by_source(keys):
        upserts.update((document.key, document) for document in source.public(ids))
    return Changes(list(upserts.values()), [key for key in dict.fromkeys(keys) if key not in upserts])


def index_changed(entries: Sequence[Entry]) -> None:
    """Outbox handler of `search.index`: write the index on this machine."""
    current_engine().write(_present_state_of(entries))
    pagecache.bump(STAMP)


def copy_changed(entries: Sequence[Entry]) -> None:
    """Outbox handler of `search.elasticsearch`: tell it what changed; while it is away that waits."""
    engine = current_engine()
    if not isinstance(engine, FallbackEngine):
        return  # Elasticsearch is not configured any more
    try:
        engine.first.write(_present_state_of(entries))
    except EngineAway as error:
        raise outbox.Away(str(error)) from error
    pagecache.bump(STAMP)


def register_handlers() -> None:
    """Tell the outbox who carries out our topics."""
    outbox.handler(TOPIC, batch=100, never_gives_up=True)(index_changed)
    outbox.handler(COPY_TOPIC, batch=100, never_gives_up=True)(copy_changed)
    outbox.handler(BUILD_TOPIC, never_gives_up=True)(build_missing)


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


def ask_for_missing() -> None:
    """Chore of the outbox: ask for an index where none was built, or only one of an earlier release's form."""
    if not current_engine().is_built() and not outbox.is_waiting(BUILD_TOPIC):
        outbox.enqueue(BUILD_TOPIC, "all")


def build_missing(entries: Sequence[Entry]) -> None:
    """Outbox handler of `search.build`: a topic of its own, so that nothing waits for the minutes that it takes."""
    if current_engine().is_built():
        return
    try:
        rebuild()
    except RebuildRunning:
        return  # `rebuild_search`; should that be killed, the chore asks again
    except EngineAway as error:
        raise outbox.Away(str(error)) from error


def _present_state_of(entries: Sequence[Entry]) -> Changes:
    return read_again([Key.parse(entry.key) for entry in entries])
