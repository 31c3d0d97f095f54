"""`manage.py evaluate_search`: figures of a judged set in the BEIR layout, and what it says of a folder without one."""

from __future__ import annotations

import json
import math
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

DOCUMENTS = [
    {"_id": "d 1", "title": "Mật ong rừng", "text": "Chai 500 ml"},
    {"_id": "d\u20282", "title": "", "text": "Đậu đỏ hạt to\nnấu chè", "metadata": {"url": "x"}},
    {"_id": "đ3", "text": "Gạo nếp nương"},
    {"_id": "4", "title": None, "text": "Gạo tẻ"},
]
QUESTIONS = [{"_id": "q1", "text": "mat ong"}, {"_id": "q2", "text": "gạo"}, {"_id": "q3", "text": "đậu đỏ"}]
GRADES = "query-id\tcorpus-id\tscore\nq1\td 1\t1\nq2\t4\t2\nq2\tđ3\t1\nq3\tkhông có\t1\nq3\td\u20282\t0\n"
KEYS = ["recall@10", "MRR@10", "nDCG@10", "p50_ms", "p95_ms", "index_s", "index_bytes"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write(tmp_path, "corpus.jsonl", DOCUMENTS)
    write(tmp_path, "queries.jsonl", QUESTIONS)
    (tmp_path / "qrels.tsv").write_text(GRADES, encoding="utf-8")
    return tmp_path


def write(folder: Path, name: str, rows: list[dict[str, object]]) -> None:
    lines = [json.dumps(row, ensure_ascii=False) for row in rows]
    (folder / name).write_text("\n".join(lines), encoding="utf-8")


def evaluate(folder: Path, *options: str) -> str:
    out = StringIO()
    call_command("evaluate_search", "--corpus", str(folder), *options, stdout=out)
    return out.getvalue()


def test_it_prints_one_line_of_json_with_the_figures_of_the_field(folder: Path) -> None:
    (line,) = evaluate(folder, "--json").strip().splitlines()
    figures = json.loads(line)
    assert list(figures) == KEYS
    assert figures["recall@10"] == round((1 + 1 + 0) / 3, 4)
    assert figures["MRR@10"] == round((1 + 1 + 0) / 3, 4)
    best, other = (
        3 + 1 / math.log2(3),
        1 + 3 / math.log2(3),
    )  # gains 2**grade - 1 of grades 2 and 1, in either order
    assert figures["nDCG@10"] in {round((1 + gain / best + 0) / 3, 4) for gain in (best, other)}
    assert all(figures[key] > 0 for key in KEYS)


def test_it_prints_a_table(folder: Path) -> None:
    assert [line.split()[0] for line in evaluate(folder).strip().splitlines()] == KEYS


@pytest.mark.parametrize("change", ["bom", "crlf", "blank", "no head", "folder"])
def test_other_ways_of_writing_the_same_set_give_the_same_figures(folder: Path, change: str) -> None:
    quality = {key: json.loads(evaluate(folder, "--json"))[key] for key in KEYS[:3]}
    if change == "folder":
        (folder / "qrels").mkdir()
        (folder / "qrels.tsv").rename(folder / "qrels" / "test.tsv")
    for path in folder.glob("*.*") if change != "folder" else ():
        text = path.read_text(encoding="utf-8")
        text = {
            "bom": f"\ufeff{text}",
            "crlf": text.replace("\n", "\r\n"),
            "blank": f"\n{text}\n\n",
            "no head": text.removeprefix("query-id\tcorpus-id\tscore\n"),
        }[change]
        path.write_bytes(text.encode())
    assert {key: json.loads(evaluate(folder, "--json"))[key] for key in KEYS[:3]} == quality


@pytest.mark.parametrize(
    ("name", "row", "says"),
    [
        ("corpus.jsonl", {"_id": "d 1", "text": "lần nữa"}, "line 5: the “_id” 'd 1' has been there before"),
        ("corpus.jsonl", {"_id": "x", "text": 7}, "line 5: not a JSON object"),
        ("corpus.jsonl", {"_id": "x", "text": "a", "title": ["b"]}, "line 5: not a JSON object"),
        (
            "corpus.jsonl",
            {"_id": "", "text": "a"},
            "line 5: not a JSON object with “_id” and texts .“_id” is empty",
        ),
        ("corpus.jsonl", {"text": "a"}, "line 5: not a JSON object"),
        ("queries.jsonl", {"_id": "q1", "text": "a"}, "line 4: the “_id” 'q1' has been there before"),
        ("queries.jsonl", {"_id": "x", "text": {"a": 1}}, "line 4: not a JSON object"),
    ],
)
def test_a_line_that_cannot_be_meant_is_named(
    folder: Path, name: str, row: dict[str, object], says: str
) -> None:
    rows = {"corpus.jsonl": DOCUMENTS, "queries.jsonl": QUESTIONS}[name]
    write(folder, name, [*rows, row])
    with pytest.raises(CommandError, match=says):
        evaluate(folder)


def test_half_a_character_is_no_id(folder: Path) -> None:
    with (folder / "corpus.jsonl").open("a") as file:
        file.write('\n{"_id": "\\ud800", "text": "a"}')
    with pytest.raises(CommandError, match="line 5"):
        evaluate(folder)


@pytest.mark.parametrize("grade", ["0.5", "inf", "nan", "5000", "nhiều", ""])
def test_a_grade_is_a_small_whole_number(folder: Path, grade: str) -> None:
    (folder / "qrels.tsv").write_text(f"q1\td 1\t{grade}\n", encoding="utf-8")
    with pytest.raises(CommandError, match="line 1: not query-id, corpus-id, score"):
        evaluate(folder)


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("corpus.jsonl", "holds no document"),
        ("queries.jsonl", "no question of queries.jsonl has a relevant document"),
        ("qrels.tsv", "no question of queries.jsonl has a relevant document"),
    ],
)
def test_an_empty_file_is_said(folder: Path, name: str, says: str) -> None:
    (folder / name).write_text("")
    with pytest.raises(CommandError, match=says):
        evaluate(folder)
