"""`manage.py evaluate_search`: how well and how fast judged questions are answered, on a scratch index."""

import json
import secrets
import tempfile
import time
from argparse import ArgumentParser
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from search import evaluation
from search.documents import SearchDocument
from search.engines.base import Changes, Engine, EngineAway
from search.engines.embedded import EmbeddedEngine
from search.finding import Asking, Chosen
from search.lexicon import Lexicon


class Command(BaseCommand):
    """The live index is not touched."""

    help = "Indexes a judged set (BEIR layout) in a scratch index, asks its questions and prints the figures."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--corpus", type=Path, required=True, metavar="DIR")
        parser.add_argument("--engine", choices=("embedded", "elasticsearch"), default="embedded")
        parser.add_argument("--json", action="store_true", help="one line of JSON instead of a table")

    def handle(self, *args: Any, corpus: Path, engine: str, json: bool, **options: Any) -> None:
        try:
            judged = evaluation.read(corpus)
            with tempfile.TemporaryDirectory(prefix="langso-evaluate-") as folder:
                figures = _measured(judged, Path(folder), engine)
        except evaluation.BadCorpus as error:
            raise CommandError(str(error)) from error
        except EngineAway as error:
            raise CommandError(
                f"Elasticsearch does not answer ({error}). Set ELASTICSEARCH_URL and start it."
            ) from error
        self.stdout.write(_line(figures) if json else _table(figures))


def _line(figures: dict[str, float]) -> str:
    return json.dumps(figures)


def _table(figures: dict[str, float]) -> str:
    return "\n".join(f"{name:12} {value:>12}" for name, value in figures.items())


def _measured(judged: evaluation.JudgedSet, folder: Path, name: str) -> dict[str, float]:
    embedded = EmbeddedEngine(folder)
    index_s = _rebuilt(embedded, judged.documents)
    index_bytes = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    lexicon = Lexicon(embedded)
    if name == "embedded":
        return _figures(judged, embedded, lexicon) | {"index_s": index_s, "index_bytes": index_bytes}
    # Imported here: the client costs 30 MB and half a second, which the default installation need not pay.
    from search.engines.elasticsearch import ElasticsearchEngine

    if not settings.ELASTICSEARCH_URL:
        raise CommandError("Set ELASTICSEARCH_URL, for example to http://127.0.0.1:9200.")
    elasticsearch = ElasticsearchEngine(settings.ELASTICSEARCH_URL, f"langso-evaluate-{secrets.token_hex(4)}")
    try:
        index_s = _rebuilt(elasticsearch, judged.documents)
        figures = _figures(judged, elasticsearch, lexicon)
        return figures | {"index_s": index_s, "index_bytes": elasticsearch.size_bytes()}
    finally:
        elasticsearch.remove()


def _rebuilt(engine: Engine, documents: Sequence[SearchDocument]) -> float:
    started = time.perf_counter()
    engine.rebuild(documents, lambda keys: Changes([], []))
    return round(time.perf_counter() - started, 3)


def _figures(judged: evaluation.JudgedSet, engine: Engine, lexicon: Lexicon) -> dict[str, float]:
    chosen = Chosen(page_size=evaluation.DEPTH)

    def ask(question: str) -> list[str]:
        page = Asking(engine, lexicon, question, chosen).page()
        return [hit.key.object_id for hit in (*page.hits, *page.nearest)]

    ask(next(iter(judged.questions.values())))  # opens the index and reads its words, as a running site has
    return evaluation.measure(judged, ask).as_dict()
