"""The engines behind search, and which of them is in use. Start with base.py."""

from functools import cache
from pathlib import Path

from django.conf import settings

from search.engines.base import Engine
from search.engines.embedded import EmbeddedEngine
from search.engines.fallback import FallbackEngine

DEFAULT_ALIAS = "langso-search"


def current_engine() -> Engine:
    """Return the engine that the settings name: Elasticsearch with a fallback, or the embedded one."""
    return _engine(
        str(getattr(settings, "ELASTICSEARCH_URL", "") or ""),
        str(getattr(settings, "ELASTICSEARCH_INDEX", "") or DEFAULT_ALIAS),
        Path(settings.SEARCH_INDEX_DIR),
    )


def embedded_engine() -> EmbeddedEngine:
    """Return the embedded index of the site, which stands beside Elasticsearch, too. One for each process."""
    return _embedded(Path(settings.SEARCH_INDEX_DIR))


@cache
def _embedded(folder: Path) -> EmbeddedEngine:
    return EmbeddedEngine(folder)


@cache
def _engine(url: str, alias: str, folder: Path) -> Engine:
    embedded = _embedded(folder)
    if not url:
        return embedded
    # Imported here: the client costs 30 MB and half a second, which the default installation need not pay.
    from search.engines.elasticsearch import ElasticsearchEngine

    return FallbackEngine(ElasticsearchEngine(url, alias), embedded)
