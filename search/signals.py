"""What ranking knows of a document besides its words, as numbers that both engines keep beside it."""

from collections.abc import Mapping
from functools import lru_cache

from search.analysis import boost, number
from search.documents import SearchDocument
from search.engines.base import Signals

_number = lru_cache(maxsize=20_000)(number)  # of kinds and places, which come again and again


def signals_of(document: SearchDocument) -> Signals:
    """Return the signals of a document as it is indexed."""
    published = document.published_at
    return Signals(
        boost=boost(document),
        stock=int(document.stock or 0),
        ready_on=document.ready_on.toordinal() if document.ready_on else 0,
        is_in_force=int(document.is_in_force),
        kind=_number(document.kind),
        commune=_number(document.commune) if document.commune else 0,
        province=_number(document.province) if document.province else 0,
        price_vnd=-1 if document.price_vnd is None else document.price_vnd,
        published_at=int(published.timestamp()) if published else 0,
        tie=number(str(document.key)),
    )


def digest(
    document: SearchDocument,
    signals: Signals | None = None,
    facets: Mapping[str, list[str]] | None = None,
) -> int:
    """Return a number that differs when anything that is indexed of a document differs: `check_search` compares it.

    `signals` and `facets` are those of the document, for whoever has them already.
    """
    found = document.facet_values() if facets is None else facets
    return number(f"{document.title}\n\n{document.body}\n\n{found}{tuple(signals or signals_of(document))}")
