"""Judged questions are answered no worse than when these floors were set, and the engines agree.

A floor is what was measured less .008: enough for a document more in the seed, less than what anybody would notice.
When a change makes a set better, raise its floors; `python -m tests.integration.search.test_floors` prints the table.
"""

import itertools
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Final, NamedTuple

import pytest

from search import evaluation
from search.documents import SearchDocument
from search.engines.base import Changes, Engine
from search.engines.elasticsearch import ElasticsearchEngine
from search.engines.embedded import EmbeddedEngine
from search.evaluation import Figures, JudgedSet
from search.finding import Asking, Chosen
from search.lexicon import Lexicon
from tests.search_judgements import corpora
from tests.search_judgements.judgements import BASE, SETS, load_grades
from tests.search_judgements.variants import VARIANTS, varied
from tests.shared import SHARED

MOST: Final = 100
"""Questions of one set and variant: the first of them, so that all sets together take half a minute."""


class Floor(NamedTuple):
    """recall@10 and MRR@10 that are not to be missed; grades of 1 count, too."""

    recall: float
    mrr: float


FLOORS: Final = {
    ("law", "base"): Floor(0.816, 0.750),
    ("law", "plain"): Floor(0.816, 0.721),
    ("law", "typo"): Floor(0.791, 0.743),
    ("law", "plain_typo"): Floor(0.785, 0.730),
    ("law", "dialect"): Floor(0.799, 0.633),
    ("law", "first_letters"): Floor(0.664, 0.533),
    ("procedures", "base"): Floor(0.947, 0.834),
    ("procedures", "plain"): Floor(0.927, 0.843),
    ("procedures", "typo"): Floor(0.901, 0.762),
    ("procedures", "plain_typo"): Floor(0.891, 0.774),
    ("procedures", "dialect"): Floor(0.903, 0.807),
    ("procedures", "first_letters"): Floor(0.947, 0.924),
    ("goods", "base"): Floor(0.975, 0.977),
    ("goods", "plain"): Floor(0.971, 0.977),
    ("goods", "typo"): Floor(0.964, 0.992),
    ("goods", "plain_typo"): Floor(0.970, 0.981),
    ("goods", "dialect"): Floor(0.927, 0.955),
    ("goods", "first_letters"): Floor(0.943, 0.872),
    ("seed", "base"): Floor(0.964, 0.978),
    ("seed", "plain"): Floor(0.965, 0.978),
    ("seed", "typo"): Floor(0.940, 0.966),
    ("seed", "plain_typo"): Floor(0.937, 0.960),
    ("seed", "dialect"): Floor(0.930, 0.943),
    ("seed", "old_place"): Floor(0.992, 0.992),
    ("seed", "first_letters"): Floor(0.958, 0.992),
}


class Judged:
    """The documents of one set, indexed once."""

    def __init__(self, name: str, folder: Path) -> None:
        load = corpora.seed_content if name == "seed" else corpora.loader(name)
        assert load is not None
        self.name = name
        self.documents = [
            SearchDocument(evaluation.KIND, one.corpus_id, one.title, one.text) for one in load()
        ]
        self.embedded = EmbeddedEngine(folder)
        self.embedded.rebuild(self.documents, lambda keys: Changes([], []))
        self.lexicon = Lexicon(self.embedded)

    def questions(self, variant: str) -> JudgedSet:
        """Return the questions of a variant with their grades."""
        grades = load_grades(self.name)
        asked = varied(self.name, variant)[:MOST]
        known = {document.object_id for document in self.documents}
        texts = {one.query_id: one.text for one in asked}
        graded = {one.query_id: grades[one.of] for one in asked if known & set(grades[one.of])}
        return JudgedSet(self.documents, texts, graded)

    def figures(self, variant: str, engine: Engine | None = None) -> Figures:
        """Return what an engine, the embedded one unless another is given, makes of them."""
        return evaluation.measure(self.questions(variant), self._asked(engine or self.embedded))

    def _asked(self, engine: Engine) -> Callable[[str], Sequence[str]]:
        chosen = Chosen(page_size=evaluation.DEPTH)

        def ask(question: str) -> list[str]:
            page = Asking(engine, self.lexicon, question, chosen).page()
            return [hit.key.object_id for hit in (*page.hits, *page.nearest)]

        return ask


@pytest.fixture(scope="module", params=SETS)
def judged(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Judged:
    """Each set in turn; the seed needs no shared data."""
    if request.param != "seed" and SHARED is None:
        pytest.skip("the shared data is absent")
    return Judged(request.param, tmp_path_factory.mktemp(request.param))


@pytest.mark.parametrize("variant", VARIANTS)
def test_no_worse_than_its_floor(judged: Judged, variant: str) -> None:
    floor = FLOORS.get((judged.name, variant))
    if floor is None:
        assert not varied(judged.name, variant)
        return
    figures = judged.figures(variant)
    assert figures.recall >= floor.recall
    assert figures.mrr >= floor.mrr


@pytest.mark.parametrize("name", ["seed", "goods"])
def test_engines_differ_by_at_most_a_point(
    name: str, tmp_path: Path, elasticsearch_engine: ElasticsearchEngine
) -> None:
    if name != "seed" and SHARED is None:
        pytest.skip("the shared data is absent")
    judged = Judged(name, tmp_path)
    elasticsearch_engine.rebuild(judged.documents, lambda keys: Changes([], []))
    for variant in (BASE, "plain_typo"):
        one, other = judged.figures(variant), judged.figures(variant, elasticsearch_engine)
        assert (other.recall, other.mrr) == pytest.approx((one.recall, one.mrr), abs=0.01), variant


def measured() -> Iterator[str]:
    """Yield the lines of `FLOORS` as they would be set now."""
    for name in SETS:
        with tempfile.TemporaryDirectory() as folder:
            judged = Judged(name, Path(folder))
            for variant in VARIANTS:
                if varied(name, variant):
                    found = judged.figures(variant)
                    yield f'    ("{name}", "{variant}"): Floor({found.recall - 0.008:.3f}, {found.mrr - 0.008:.3f}),'


if __name__ == "__main__":
    import os

    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.test")
    django.setup()
    for line in itertools.chain(["FLOORS = {"], measured(), ["}"]):
        print(line)  # noqa: T201 - a command
