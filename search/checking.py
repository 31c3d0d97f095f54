"""Compares an index with the database: what is missing, left over, or no longer as it is in the database.

Some documents at a time, so memory does not grow with the site. The site may be in use meanwhile: what looks different
is looked at again, and what the outbox still owes is no difference.
"""

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import islice
from typing import Final, NamedTuple, TypeVar

from base import outbox
from base.outbox.models import Entry
from search import registry
from search.documents import Key
from search.engines.inspection import EmbeddedInspection, Inspection
from search.indexing import COPY_TOPIC, TOPIC, read_again
from search.signals import digest

T = TypeVar("T")
BATCH: Final = 500
LOOKS: Final = 3
PAUSE_S: Final = 0.2
"""Between two looks at what differs; the outbox takes an entry away after it has written the index."""


class What(StrEnum):
    """In what way the index is not what it should be."""

    MISSING = "missing"
    LEFT_OVER = "left over"
    OUTDATED = "outdated"


class Difference(NamedTuple):
    """One thing that is not in the index as it is in the database, and nobody is going to change that."""

    key: Key
    what: What


@dataclass(slots=True)
class Tally:
    """Counts of one kind in one index."""

    public: int = 0
    """Documents of the database."""
    waiting: int = 0
    """Different, but the outbox is about to write it."""
    differences: dict[What, int] = field(default_factory=lambda: dict.fromkeys(What, 0))

    @property
    def is_same(self) -> bool:
        """Whether nothing differs that nobody is going to change."""
        return not any(self.differences.values())


class Check:
    """One comparison of one index. Go through `differences()`; `tallies` are complete afterwards."""

    def __init__(self, index: Inspection) -> None:
        self.index = index
        self.topic = TOPIC if isinstance(index, EmbeddedInspection) else COPY_TOPIC
        self.tallies: dict[str, Tally] = {}

    def differences(self) -> Iterator[Difference]:
        """Yield what differs. Raises EngineAway."""
        held = self.index.kinds()
        for kind in dict.fromkeys((*registry.sources(), *held)):
            tally = self.tallies[kind] = Tally()
            source = registry.get(kind)
            found = 0
            for batch in _batches(source.public(None) if source else ()):
                tally.public += len(batch)
                there = self.index.digests([document.key for document in batch])
                found += len(there)
                yield from self._counted(tally, [d.key for d in batch if there.get(d.key) != digest(d)])
            # What is held and was not found is left over; with as many as were found there is nothing to look for.
            if self.index.kinds().get(kind, 0) > found:
                for keys in _batches(self.index.keys(kind)):
                    public = {document.key for document in read_again(keys).upserts}
                    yield from self._counted(tally, [key for key in keys if key not in public])

    def _counted(self, tally: Tally, suspects: Sequence[Key]) -> Iterator[Difference]:
        waiting, certain = self._looked_at_again(suspects)
        tally.waiting += waiting
        for difference in certain:
            tally.differences[difference.what] += 1
            yield difference

    def _looked_at_again(self, suspects: Sequence[Key]) -> tuple[int, list[Difference]]:
        """Return how many of these the outbox still owes, and those that stay different without that."""
        last: Mapping[Key, tuple[int | None, int | None]] = {}
        owed: set[Key] = set()
        for look in range(LOOKS if suspects else 0):
            if look:
                time.sleep(PAUSE_S)
            # First what is owed: an entry that ends later has been carried out when the index is read.
            owed = self._owed(suspects)
            public = {document.key: digest(document) for document in read_again(suspects).upserts}
            there = self.index.digests(suspects)
            seen = {key: (public.get(key), there.get(key)) for key in suspects}
            suspects = [key for key in suspects if public.get(key) != there.get(key)]
            if not suspects or (look and all(seen[key] == last[key] for key in suspects)):
                break
            last = seen
        differing = [key for key in suspects if key not in owed]
        return len(suspects) - len(differing), [Difference(key, _what(*last[key])) for key in differing]

    def _owed(self, keys: Sequence[Key]) -> set[Key]:
        """Return what waits in the outbox. What was put aside there is not carried out by itself."""
        entries = Entry.objects.filter(topic=self.topic, key__in=list(map(str, keys)), parked_at=None)
        return set(map(Key.parse, entries.values_list("key", flat=True)))

    def repair(self, difference: Difference) -> None:
        """Have the outbox write this one thing anew."""
        outbox.enqueue(self.topic, str(difference.key))


def _what(public: int | None, there: int | None) -> What:
    if public is None:
        return What.LEFT_OVER
    return What.MISSING if there is None else What.OUTDATED


def _batches(items: Iterable[T]) -> Iterator[list[T]]:
    iterator = iter(items)
    while batch := list(islice(iterator, BATCH)):
        yield batch
