"""The search part of `make bench ARGS="--search"`: how fast it indexes and answers as it grows, beside bare engines.

Started by bench.py with the environment of its site; needs Django. Prints a table and writes var/bench/search.json.
All times are of one question at a time, in milliseconds; "of bare" divides medians of the same run. In process, a
question's time is the least of three passes over all questions: what is left is the question's, not the machine's.
"""

import argparse
import http.client
import itertools
import json
import os
import secrets
import shutil
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlencode

from bench_documents import Words
from environment import ROOT, machine

FOLDER: Final = ROOT / "var/bench"
QUESTIONS: Final = 200
PASSES: Final = 3
LARGE: Final = 1_000_000


@dataclass
class Figure:
    """Times of one kind of question over one number of documents."""

    engine: str
    documents: int
    what: str
    p50_ms: float
    p95_ms: float
    bare_p50_ms: float | None = None
    of_bare: float | None = None


@dataclass
class Indexed:
    """How an index was made."""

    engine: str
    documents: int
    per_s: float
    size_bytes: int
    source: str = "prepared documents"


def main() -> int:
    options = _options()
    import django

    django.setup()
    words = Words()
    indexed: list[Indexed] = []
    figures: list[Figure] = []
    for size in options.sizes:
        folder = FOLDER / f"search-{size}"
        shutil.rmtree(folder, ignore_errors=True)
        indexed += _embedded(words, size, folder, figures)
        if options.elasticsearch and size < LARGE:
            indexed += _elasticsearch(words, size, folder, options.elasticsearch, figures)
        shutil.rmtree(folder, ignore_errors=True)
    if options.host:
        indexed.append(_from_database())
        figures += _over_http(options.host, words)
    _report(indexed, figures)
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--sizes", default="1000,10000,100000", help="numbers of documents")
    parser.add_argument("--million", action="store_true", help="1,000,000 documents, too (embedded only)")
    parser.add_argument(
        "--elasticsearch", default=os.environ.get("TEST_ELASTICSEARCH_URL", ""), metavar="URL"
    )
    parser.add_argument("--host", default="", help="host:port of a running site, for figures over HTTP")
    options = parser.parse_args()
    options.sizes = [int(size) for size in options.sizes.split(",")] + ([LARGE] if options.million else [])
    return options


# --- engines ----------------------------------------------------------------------------------------------------------


def _embedded(words: Words, size: int, folder: Path, figures: list[Figure]) -> list[Indexed]:
    """Index in the embedded engine, measure it, and leave its index for the words that Elasticsearch needs."""
    import tantivy

    from search.engines.embedded import EmbeddedEngine
    from search.engines.embedded_schema import SCHEMA
    from search.suggest import Looking, read

    engine = EmbeddedEngine(folder)
    indexed = _built(engine, words, size)
    searcher = engine.searcher()
    assert searcher is not None

    def bare(question: str) -> None:
        """The same words, and no more: no pairs, no marks, no filters, no counts, no ranking."""
        terms = [tantivy.Query.term_query(SCHEMA, "text_folded", word, "freq") for word in _folded(question)]
        any_of = tantivy.Query.boolean_query([(tantivy.Occur.Should, term) for term in terms])
        searcher.search(any_of, 12, count=False)

    def complete(beginning: str) -> None:
        if (typed := read(beginning)) is not None:
            Looking(searcher, typed, ("vi",)).leads()

    figures += _answers(engine, folder, words, size, bare)
    figures.append(_timed("embedded", size, "completion", words.beginnings(QUESTIONS, size), complete))
    bytes_ = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    return [Indexed("embedded", size, indexed, bytes_)]


def _elasticsearch(words: Words, size: int, folder: Path, url: str, figures: list[Figure]) -> list[Indexed]:
    from search.engines import elasticsearch

    elasticsearch.SEARCH_PATIENCE_S = 30.0  # a figure is wanted, not an answer from the other engine
    engine = elasticsearch.ElasticsearchEngine(url, f"langso-bench-{secrets.token_hex(4)}")
    try:
        per_s = _built(engine, words, size)
        engine.client.indices.refresh(index=engine.alias)
        figures += _answers(engine, folder, words, size, None)
        return [Indexed("elasticsearch", size, per_s, engine.size_bytes())]
    finally:
        engine.remove()


def _built(engine: Any, words: Words, size: int) -> float:
    """Return documents a second; they are prepared before the clock runs, some thousands at a time."""
    from search.engines.base import Changes

    preparing = 0.0

    def prepared() -> Iterable[Any]:
        nonlocal preparing
        for start in range(0, size, 5000):
            began = time.perf_counter()
            chunk = [words.document(number) for number in range(start, min(size, start + 5000))]
            preparing += time.perf_counter() - began
            yield from chunk

    began = time.perf_counter()
    engine.rebuild(prepared(), lambda keys: Changes([], []))
    return round(size / (time.perf_counter() - began - preparing))


def _answers(
    engine: Any, folder: Path, words: Words, size: int, bare: Callable[[str], None] | None
) -> list[Figure]:
    """Measure whole pages of answers; beside them `bare`, or Elasticsearch asked for the same body."""
    from search.engines.base import Filters
    from search.engines.embedded import EmbeddedEngine
    from search.finding import Asking, Chosen
    from search.lexicon import Lexicon
    from search.narrowing import ALL_KINDS

    lexicon = Lexicon(EmbeddedEngine(folder))
    plain = Chosen(facets=ALL_KINDS)
    narrowed = Chosen(facets=ALL_KINDS, filters=Filters({"loai": ("product",)}, most_vnd=300_000))
    figures = []
    for what, questions, chosen in (
        *(
            (f"{count} words, counts", words.questions(count, QUESTIONS, size), plain)
            for count in (1, 2, 3, 4)
        ),
        ("2 words, filters, counts", words.questions(2, QUESTIONS, size), narrowed),
        ("4 words, filters, counts", words.questions(4, QUESTIONS, size), narrowed),
        ("24 words", words.questions(24, QUESTIONS, size), plain),
        ("3 words, one typo", words.mistyped(QUESTIONS, size), plain),
    ):
        asked = list(questions)

        def answer(question: str, chosen: Chosen = chosen) -> None:
            Asking(engine, lexicon, question, chosen, ("vi",)).page()

        figure = _timed(engine.name, size, what, asked, answer)
        if bare is not None:
            _beside(figure, asked, bare)
        else:
            _beside_same_body(figure, asked, engine, lexicon, chosen)
        figures.append(figure)
    return figures


def _beside_same_body(
    figure: Figure, questions: Sequence[str], engine: Any, lexicon: Any, chosen: Any
) -> None:
    """Measure our engine's search and a bare `_search` of the very same body, in turn; that is the overhead."""
    from elasticsearch_dsl import Search

    from search.engines.elasticsearch_schema import asked as dsl
    from search.finding import Asking

    def alone(body: dict[str, Any]) -> None:
        engine.client.search(index=engine.alias, body=body)

    ours, bare = [], []
    for question in questions:
        asking = Asking(engine, lexicon, question, chosen, ("vi",))
        query = asking.query(needs_all=not asking.is_long)
        body = dsl(Search(), query, chosen.facets).to_dict()
        alone(body)  # whoever comes second finds it warm
        bare.append(_took(alone, body))
        ours.append(_took(engine.search, query, chosen.facets))
    figure.bare_p50_ms = round(_percentile(bare, 0.5), 3)
    figure.of_bare = round(_percentile(ours, 0.5) / figure.bare_p50_ms, 2)


# --- the site ---------------------------------------------------------------------------------------------------------


def _from_database() -> Indexed:
    """Read everything public of the site's database and index it in a folder of its own."""
    from search.engines.embedded import EmbeddedEngine
    from search.indexing import AllPublic, read_again

    folder = FOLDER / "search-database"
    shutil.rmtree(folder, ignore_errors=True)
    engine = EmbeddedEngine(folder)
    began = time.perf_counter()
    number = engine.rebuild(AllPublic(), read_again)
    per_s = round(number / (time.perf_counter() - began))
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    shutil.rmtree(folder, ignore_errors=True)
    return Indexed("embedded", number, per_s, size, "database")


def _over_http(host: str, words: Words) -> list[Figure]:
    """Ask the running site; every address is another one, so no answer is a kept page."""
    from search.engines import current_engine

    connection = http.client.HTTPConnection(host, timeout=30)
    number = current_engine().count()
    run = secrets.token_hex(3)  # no page of an earlier run is kept, either

    def get(path: str, **query: str) -> None:
        connection.request("GET", f"{path}?{urlencode(query)}")
        answer = connection.getresponse()
        answer.read()
        if answer.status != 200:
            sys.exit(f"{path}?{urlencode(query)} answered {answer.status}")

    once = partial(_timed, "site", number, passes=1)  # a second time it would be a kept page
    figures = []
    for count in (1, 3, 24):
        asked = [f"{one} -{run}" for one in dict.fromkeys(words.questions(count, QUESTIONS // 2, 10_000))]
        figures.append(once(f"/tim/, {count} words", asked, lambda q: get("/tim/", q=q)))
    figures.append(once("/api/v1/tim, 3 words", asked, lambda q: get("/api/v1/tim", q=q)))
    beginnings = list(dict.fromkeys(words.beginnings(QUESTIONS // 2, 10_000)))
    figures.append(once("/tim/goi-y/, completion", beginnings, lambda q: get("/tim/goi-y/", q=q)))
    return figures


# --- figures ----------------------------------------------------------------------------------------------------------


def _folded(question: str) -> list[str]:
    from search import text

    return text.fold_words(text.words(question))


def _took(work: Callable[..., object], *arguments: object) -> float:
    began = time.perf_counter()
    work(*arguments)
    return (time.perf_counter() - began) * 1000


def _least(work: Callable[[str], None], questions: Sequence[str], passes: int) -> list[float]:
    """Return for each question the least time of so many passes over all of them."""
    rounds = [[_took(work, question) for question in questions] for _ in range(passes)]
    return [min(times) for times in zip(*rounds, strict=True)]


def _timed(
    engine: str,
    size: int,
    what: str,
    questions: Iterable[str],
    work: Callable[[str], None],
    passes: int = PASSES,
) -> Figure:
    asked = list(questions)
    for question in itertools.islice(asked, 20):  # opens the index, reads its words
        work(question)
    times = _least(work, asked, passes)
    figure = Figure(engine, size, what, round(_percentile(times, 0.5), 3), round(_percentile(times, 0.95), 3))
    print(f"  {engine}, {size}: {what}: {figure.p50_ms} ms", file=sys.stderr, flush=True)
    return figure


def _beside(figure: Figure, questions: Sequence[str], bare: Callable[[str], None]) -> None:
    for question in questions[:20]:
        bare(question)
    times = _least(bare, questions, PASSES)
    figure.bare_p50_ms = round(_percentile(times, 0.5), 3)
    figure.of_bare = round(figure.p50_ms / figure.bare_p50_ms, 2)


def _percentile(times: list[float], share: float) -> float:
    from search.evaluation import percentile

    return percentile(times, share)


def _report(indexed: list[Indexed], figures: list[Figure]) -> None:
    print(f"\n{'engine':14} {'documents':>10} {'per s':>8} {'MB':>8}  from")
    for one in indexed:
        print(
            f"{one.engine:14} {one.documents:10,} {one.per_s:8,.0f} {one.size_bytes / 1e6:8.1f}  {one.source}"
        )
    print(
        f"\n{'question':28} {'engine':14} {'documents':>10} {'p50 ms':>8} {'p95 ms':>8} {'bare p50':>9} {'of bare':>8}"
    )
    for figure in sorted(figures, key=lambda one: (one.engine, one.what, one.documents)):
        beside = "" if figure.of_bare is None else f"{figure.bare_p50_ms:9.2f} {figure.of_bare:8.2f}"
        print(
            f"{figure.what:28} {figure.engine:14} {figure.documents:10,} {figure.p50_ms:8.2f} "
            f"{figure.p95_ms:8.2f} {beside}"
        )
    result = {
        "machine": machine(),
        "load_before": os.getloadavg()[2],
        "indexed": [asdict(one) for one in indexed],
        "figures": [asdict(figure) for figure in figures],
    }
    FOLDER.mkdir(parents=True, exist_ok=True)
    (FOLDER / "search.json").write_text(
        json.dumps(result, indent=1, ensure_ascii=False) + "\n", encoding="utf-8"
    )
    print("\nElasticsearch: “bare” is a _search of the same body, and the ratio is of our search alone.")
    print(f"{result['machine']}; load {result['load_before']:.1f}; as JSON: var/bench/search.json")


if __name__ == "__main__":
    sys.exit(main())
