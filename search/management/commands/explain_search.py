"""`manage.py explain_search "q" KIND:ID`: why a thing is found for a question, why there, or why not."""

from argparse import ArgumentParser
from collections.abc import Iterable, Iterator
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from search import registry
from search.dictionary import current_rules
from search.documents import Key
from search.engines import current_engine
from search.engines.base import MOST_ROWS, Engine, EngineAway
from search.engines.fallback import FallbackEngine
from search.engines.inspection import Inspection, inspections
from search.explaining import Explained, explain, understood
from search.finding import Asking, Chosen
from search.lexicon import current_lexicon


class Command(BaseCommand):
    """Reads only. Asks the engine that answers on the site, unless another is named."""

    help = "Explains why a thing is found for a question, and why at its place; or why it is not found."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("question", metavar="QUESTION")
        parser.add_argument("key", metavar="KIND:ID", help="for example product:12")
        parser.add_argument("--engine", choices=("embedded", "elasticsearch"))
        parser.add_argument("--commune", default="", help="code of the reader's commune")
        parser.add_argument("--province", default="", help="code of the reader's province")

    def handle(self, *args: Any, question: str, key: str, **options: Any) -> None:
        try:
            wanted = Key.parse(key)
        except ValueError as error:
            raise CommandError(f"{key!r} is not KIND:ID, for example product:12.") from error
        if registry.get(wanted.kind) is None:
            raise CommandError(
                f"There is no kind {wanted.kind!r}; kinds are {', '.join(registry.sources())}."
            )
        chosen = Chosen(commune=options["commune"], province=options["province"])
        try:
            engine, index = _engine(options["engine"])
            asking = Asking(
                engine, current_lexicon(), question, chosen, (settings.LANGUAGE_CODE,), current_rules()
            )
            explained = explain(asking, index, wanted)
        except EngineAway as error:
            raise CommandError(f"Elasticsearch does not answer ({error}).") from error
        self.stdout.write("\n".join(_lines(explained)))


def _engine(name: str | None) -> tuple[Engine, Inspection]:
    """Return the engine of this name, or the one that answers on the site; and the look into its index."""
    engine = current_engine()
    by_name = {index.name: index for index in inspections(engine)}
    name = name or engine.name
    if name not in by_name:
        raise CommandError("Set ELASTICSEARCH_URL, for example to http://127.0.0.1:9200.")
    if isinstance(engine, FallbackEngine):
        return (engine.second if name == engine.second.name else engine.first), by_name[name]
    return engine, by_name[name]


def _lines(explained: Explained) -> Iterator[str]:
    yield from _table(understood(explained.asking))
    yield ""
    yield f"{explained.key}  {explained.document.title if explained.document else ''}".rstrip()
    if explained.document is None:
        yield "Not public: there is no such thing, or it may not be shown to everybody."
    if not explained.is_indexed and explained.document is None:
        return
    if not explained.is_indexed:
        yield f"Not in the {explained.index.name} index: run check_search --repair."
        return
    if explained.is_outdated:
        yield f"The {explained.index.name} index holds an earlier state of it: run check_search --repair."
    yield from (f"Left out: {reason}." for reason in explained.against)
    if explained.missing:
        yield f"Does not hold: {', '.join(explained.missing)}."
    yield ""
    parts = [(f"{clause.field}: {clause.token}", f"{score:9.3f}") for clause, score in explained.parts]
    yield from _table([*parts, ("what its words are worth", f"{explained.words_score:9.3f}")])
    yield ""
    yield from _table(
        [(signal.name, f"{factor:9.3f}  {signal.reason}") for signal, factor in explained.signals]
    )
    if explained.asking.is_long:
        yield from _table([("together", f"{explained.together:9.3f}  its words in one place of the text")])
    yield from _table([("score", f"{explained.score:9.3f}")])
    yield f"{explained.index.name}: {_place(explained)}"


def _place(explained: Explained) -> str:
    if explained.against:
        return "left out."
    if not explained.place:
        return f"not among the first {MOST_ROWS}." if explained.parts else "not found."
    if explained.asking.is_long:
        return f"place {explained.place}."
    if explained.holds_all:
        return f"place {explained.place} of what holds all words."
    return f"place {explained.place} of what holds some of the words, behind what holds all."


def _table(rows: Iterable[tuple[str, str]]) -> Iterator[str]:
    known = list(rows)
    width = max([32, *(len(name) for name, _ in known)])
    yield from (f"{name:{width}}  {value}" for name, value in known)
