"""What `/san-sang/` says of search: which engine answers at this moment."""

from base.health.probes import Finding, register
from search.engines import current_engine
from search.engines.base import Query
from search.engines.fallback import FallbackEngine


def answering() -> Finding:
    """Ask the engine for nothing; while Elasticsearch is away the embedded index answers, and the site stays up."""
    engine = current_engine()
    answers = engine.search(Query(limit=0)).engine
    if isinstance(engine, FallbackEngine) and answers != engine.first.name:
        return Finding(False, f"{answers} answers, {engine.first.name} is away")
    return Finding(True, f"{answers} answers")


def register_probe() -> None:
    """Tell the readiness page about search."""
    register("search", answering)
