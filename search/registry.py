"""Which kinds of things are indexed. Apps register in `ready()`; search never imports an app."""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager

from django.core.exceptions import ImproperlyConfigured

from search.documents import DocumentSource, Key

_KIND = re.compile(r"[a-z][a-z0-9_]{0,30}")
_sources: dict[str, DocumentSource] = {}


def register(source: DocumentSource) -> DocumentSource:
    """Add a kind. Raises ImproperlyConfigured when the kind is taken or is no plain lower-case word."""
    if not _KIND.fullmatch(source.kind):
        raise ImproperlyConfigured(
            f"search kind {source.kind!r}: use a lower-case ASCII word, like 'product'"
        )
    if source.kind in _sources:
        raise ImproperlyConfigured(
            f"search kind {source.kind!r} is registered twice: by {_sources[source.kind]!r} and {source!r}"
        )
    _sources[source.kind] = source
    return source


def sources() -> dict[str, DocumentSource]:
    """Return the sources by kind, in order of registration (which is the order of the chips on the page)."""
    return dict(_sources)


def get(kind: str) -> DocumentSource | None:
    """Return the source of a kind, or None when nobody registered it."""
    return _sources.get(kind)


def names() -> dict[str, Sequence[str]]:
    """Return, for each kind, the folded phrases by which people name it in a question: "khoa hoc"."""
    return {kind: getattr(source, "asked_as", ()) for kind, source in _sources.items()}


def has_prices(kind: str) -> bool:
    """Tell whether things of this kind are sold."""
    return bool(getattr(get(kind), "has_prices", False))


def labels(kinds: Collection[str]) -> dict[str, str]:
    """Return what people call these kinds, of those that are registered."""
    return {kind: str(source.label) for kind, source in _sources.items() if kind in kinds}


def by_source(keys: Iterable[Key]) -> Iterator[tuple[DocumentSource, list[str]]]:
    """Yield each source that these keys are of, with their ids. Kinds that nobody registers any more are left out."""
    ids: dict[str, list[str]] = {}
    for key in keys:
        ids.setdefault(key.kind, []).append(key.object_id)
    for kind, of_one in ids.items():
        if kind in _sources:
            yield _sources[kind], of_one


@contextmanager
def only(*replacements: DocumentSource) -> Iterator[None]:
    """Within the block these are all the kinds there are. For tests."""
    saved = dict(_sources)
    _sources.clear()
    try:
        for source in replacements:
            register(source)
        yield
    finally:
        _sources.clear()
        _sources.update(saved)
