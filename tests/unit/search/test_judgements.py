"""The judged questions are whole: every grade names a question and a document, and every variant differs."""

import random
from collections import Counter
from pathlib import Path

import pytest

from base.shell.slugs import slugify
from config.seed.content import load_articles, load_courses, load_market
from search.text import fold, words
from tests.search_judgements import corpora, variants
from tests.search_judgements.judgements import BASE, SETS, load_grades, load_queries
from tests.shared import SHARED

FEWEST = {"law": 110, "procedures": 70, "goods": 80, "seed": 80}
"""Base questions. Together 300 and more."""


@pytest.mark.parametrize("name", SETS)
def test_each_base_question_is_its_own_and_has_an_answer(name: str) -> None:
    queries, grades = load_queries(name), load_grades(name)
    base = [query for query in queries if query.variant == BASE]
    assert len(base) >= FEWEST[name]
    assert [one for one, times in Counter(query.query_id for query in queries).items() if times > 1] == []
    assert [one for one, times in Counter(fold(query.text) for query in base).items() if times > 1] == []
    assert set(grades) == {query.query_id for query in base}
    assert {score for graded in grades.values() for score in graded.values()} <= {1, 2}
    assert [query_id for query_id, graded in grades.items() if 2 not in graded.values()] == []
    assert [query.query_id for query in base if not query.note] == []


def test_there_are_300_questions_and_40_short_ones_on_law() -> None:
    base = {name: [query for query in load_queries(name) if query.variant == BASE] for name in SETS}
    assert sum(map(len, base.values())) >= 300
    assert sum(len(words(query.text)) <= 12 for query in base["law"]) >= 40


@pytest.mark.parametrize("name", ["law", "procedures", "goods"])
def test_each_graded_document_exists(name: str) -> None:
    if SHARED is None:
        pytest.skip("the shared data is absent")
    load = corpora.loader(name)
    ids = [document.corpus_id for document in load()]
    assert len(ids) == len(set(ids))
    assert {document for graded in load_grades(name).values() for document in graded} - set(ids) == set()


def test_each_graded_thing_of_the_seed_is_in_its_content() -> None:
    goods = [product for product in load_market().products if product.state == "approved"]
    known = {
        *(f"product:{slugify(product.title)}" for product in goods),
        *(f"policy:{article.slug}" for article in load_articles()),
        *(f"course:{course.slug}" for course in load_courses()),
        *(f"lesson:{lesson.slug}" for course in load_courses() for lesson in course.lessons),
    }
    assert {document for graded in load_grades("seed").values() for document in graded} - known == set()


@pytest.mark.parametrize("name", SETS)
def test_each_variant_differs_from_its_question(name: str) -> None:
    base = {query.query_id: query.text for query in load_queries(name) if query.variant == BASE}
    for variant in variants.VARIANTS[1:]:
        varied = variants.varied(name, variant)
        assert {query.of for query in varied} <= set(base)
        assert [query.text for query in varied if query.text == base[query.of].lower()] == []
    assert len(variants.varied(name, "plain")) >= 0.9 * len(base)  # "cam" has no marks to lose
    assert len(variants.varied(name, "typo")) >= 0.7 * len(base)  # "lá é" has no word long enough


def test_a_slip_is_the_same_each_time_and_in_one_word() -> None:
    text = "làm giấy khai sinh cho con"
    mistyped = variants.typo("khai-sinh", text)
    assert mistyped == variants.typo("khai-sinh", text)
    assert sum(one != other for one, other in zip(text.split(), mistyped.split(), strict=True)) == 1
    assert variants.plain_typo("khai-sinh", text) == fold(mistyped)


@pytest.mark.parametrize(
    ("slip", "word", "possible"),
    [
        (variants.neighbour_key, "xe", {"xw", "xr"}),
        (variants.missing_letter, "ngô", {"nô", "ng"}),
        (variants.doubled_letter, "ai", {"aai", "aii"}),
        (variants.swapped_letters, "gạo", {"goạ"}),
        (variants.telex_keys, "được", {"dduoc", "duwoc", "duowc", "duocj"}),
        (variants.telex_keys, "tiếng", {"tieeng", "tiengs"}),
        (variants.telex_keys, "hai", {"hai"}),
    ],
)
def test_slips(slip: variants.Slip, word: str, possible: set[str]) -> None:
    assert {slip(word, random.Random(number)) for number in range(200)} == possible


def test_law_dumps_as_beir(tmp_path: Path) -> None:
    if SHARED is None:
        pytest.skip("the shared data is absent")
    documents, queries = corpora.dump("law", tmp_path, "plain_typo")
    lines = {path.name: path.read_text().splitlines() for path in tmp_path.iterdir()}
    assert (len(lines["corpus.jsonl"]), len(lines["queries.jsonl"])) == (documents, queries)
    assert lines["qrels.tsv"][0] == "query-id\tcorpus-id\tscore"
    graded = {line.split("\t")[0] for line in lines["qrels.tsv"][1:]}
    assert len(graded) == queries
