"""Reads the judged questions of a set and their grades, with the variants that are written by hand."""

import csv
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Final

HERE: Final = Path(__file__).resolve().parent
SETS: Final = ("law", "procedures", "goods", "seed")
BASE: Final = "base"

Grades = dict[str, dict[str, int]]
"""Question -> document -> 2 (the answer) or 1 (acceptable)."""


@dataclass(frozen=True, slots=True)
class Query:
    """One question. A variant by hand names the question whose grades it shares in `of`."""

    query_id: str
    text: str
    variant: str = BASE
    of: str = ""
    note: str = ""
    words: str = ""
    """"everyday" where people's word for the matter is not the document's ("sổ đỏ"), else empty."""


def load_queries(name: str) -> list[Query]:
    """Return the questions of a set in the order of the file: base ones and those varied by hand."""
    lines = (HERE / name / "queries.jsonl").read_text(encoding="utf-8").splitlines()
    rows = [json.loads(line) for line in lines if line.strip()]
    return [
        Query(
            row["_id"],
            row["text"],
            row.get("variant", BASE),
            row.get("of", ""),
            row.get("note", ""),
            row.get("words", ""),
        )
        for row in rows
    ]


def load_grades(name: str) -> Grades:
    """Return the grades of the base questions of a set."""
    grades: Grades = {}
    with (HERE / name / "qrels.tsv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            grades.setdefault(row["query-id"], {})[row["corpus-id"]] = int(row["score"])
    return grades
