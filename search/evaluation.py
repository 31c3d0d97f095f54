"""Measures how well and how fast a set of judged questions is answered, by the real analysis, repair and ranking.

Reads the layout of the BEIR benchmark: `corpus.jsonl`, `queries.jsonl`, `qrels.tsv` (or `qrels/test.tsv`).
Measures: recall@10 and MRR@10 count grades above zero as relevant; nDCG@10 uses the grades (Järvelin and Kekäläinen
2002, gain 2^grade - 1, as trec_eval's ndcg_cut with that gain).
"""

import json
import math
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from search.documents import SearchDocument

DEPTH = 10
KIND = "judged"
MOST_GRADE = 100
"""Gains grow by powers of two; benchmarks use 1 to 4."""


class BadCorpus(Exception):
    """The folder does not hold a judged set; the message says what is wrong and where."""


@dataclass(frozen=True, slots=True)
class JudgedSet:
    """Documents, questions and grades: `grades[question][document]`."""

    documents: Sequence[SearchDocument]
    questions: Mapping[str, str]
    grades: Mapping[str, Mapping[str, int]]


@dataclass(frozen=True, slots=True)
class Figures:
    """Means over all judged questions; times in milliseconds for one question, one at a time."""

    questions: int
    recall: float
    mrr: float
    ndcg: float
    p50_ms: float
    p95_ms: float

    def as_dict(self) -> dict[str, float]:
        """Return the figures under the names of the field."""
        return {
            "recall@10": round(self.recall, 4),
            "MRR@10": round(self.mrr, 4),
            "nDCG@10": round(self.ndcg, 4),
            "p50_ms": round(self.p50_ms, 3),
            "p95_ms": round(self.p95_ms, 3),
        }


def read(folder: Path) -> JudgedSet:
    """Return the judged set of a folder. Raises BadCorpus."""
    documents = [
        SearchDocument(KIND, row["_id"], row["title"], row["text"])
        for row in _lines(folder / "corpus.jsonl", "title", "text")
    ]
    questions = {row["_id"]: row["text"] for row in _lines(folder / "queries.jsonl", "text")}
    grades: dict[str, dict[str, int]] = defaultdict(dict)
    for question, document, grade in _grades(folder):
        if question in questions:
            grades[question][document] = grade
    if not documents:
        raise BadCorpus(f"{folder / 'corpus.jsonl'} holds no document")
    if not any(grade > 0 for of_one in grades.values() for grade in of_one.values()):
        raise BadCorpus(f"{folder}: no question of queries.jsonl has a relevant document in qrels.tsv")
    return JudgedSet(documents, questions, grades)


def measure(judged: JudgedSet, ask: Callable[[str], Sequence[str]]) -> Figures:
    """Return the figures of a function that gives ids of documents for a question, best first."""
    recalls, reciprocals, gains, times = [], [], [], []
    for question, grades in judged.grades.items():
        relevant = {document for document, grade in grades.items() if grade > 0}
        if not relevant:
            continue
        started = time.perf_counter()
        answer = list(ask(judged.questions[question]))[:DEPTH]
        times.append((time.perf_counter() - started) * 1000)
        recalls.append(len(relevant.intersection(answer)) / len(relevant))
        reciprocals.append(next((1 / place for place, one in enumerate(answer, 1) if one in relevant), 0.0))
        gains.append(
            _gain([grades.get(one, 0) for one in answer])
            / _gain(sorted(grades.values(), reverse=True)[:DEPTH])
        )
    return Figures(
        questions=len(times),
        recall=_mean(recalls),
        mrr=_mean(reciprocals),
        ndcg=_mean(gains),
        p50_ms=percentile(times, 0.50),
        p95_ms=percentile(times, 0.95),
    )


def percentile(values: Sequence[float], share: float) -> float:
    """Return the value below which this share of the values lies (nearest rank)."""
    return sorted(values)[max(0, math.ceil(share * len(values)) - 1)]


def _gain(grades: Sequence[int]) -> float:
    return sum((2 ** max(grade, 0) - 1) / math.log2(place + 1) for place, grade in enumerate(grades, 1))


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)


def _lines(path: Path, *texts: str) -> Iterator[dict[str, str]]:
    """Yield of each line its `_id` and these texts, "" for one that is missing or null. Ids are not repeated."""
    seen: set[str] = set()
    for number, line in enumerate(_text(path).split("\n"), 1):
        if not line.strip():
            continue
        try:
            row = _row(json.loads(line), texts)
        except (ValueError, KeyError, TypeError, RecursionError) as error:
            raise BadCorpus(
                f"{path}, line {number}: not a JSON object with “_id” and texts ({error})"
            ) from error
        if row["_id"] in seen:
            raise BadCorpus(f"{path}, line {number}: the “_id” {row['_id']!r} has been there before")
        seen.add(row["_id"])
        yield row


def _row(read: Any, texts: Sequence[str]) -> dict[str, str]:
    row = {"_id": str(read["_id"])} | {name: read.get(name) or "" for name in texts}
    for name, value in row.items():
        if not isinstance(value, str):
            raise TypeError(f"“{name}” is no text")
        value.encode()  # half a character cannot be stored
    if not row["_id"]:
        raise ValueError("“_id” is empty")
    return row


def _grades(folder: Path) -> Iterator[tuple[str, str, int]]:
    path = next(
        (path for path in (folder / "qrels.tsv", folder / "qrels" / "test.tsv") if path.exists()), None
    )
    if path is None:
        raise BadCorpus(f"{folder / 'qrels.tsv'} is missing")
    is_first = True
    for number, line in enumerate(_text(path).split("\n"), 1):
        if not line.strip():
            continue
        row = line.removesuffix("\r").split("\t")
        is_head, is_first = is_first and row[0] == "query-id", False
        if is_head:
            continue
        try:
            question, document, grade = row[:3]
            yield question, document, _grade(float(grade))
        except ValueError as error:
            raise BadCorpus(f"{path}, line {number}: not query-id, corpus-id, score ({error})") from error


def _grade(read: float) -> int:
    if not read.is_integer() or abs(read) > MOST_GRADE:
        raise ValueError(f"a grade is a whole number up to {MOST_GRADE}")
    return int(read)


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise BadCorpus(f"{path} cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise BadCorpus(f"{path} is not UTF-8: {error}") from error
