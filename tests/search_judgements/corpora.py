"""The documents that the judged questions are asked of, and a dump of both in the BEIR layout for `evaluate_search`.

`python -m tests.search_judgements.corpora law /tmp/law [--variant plain]`; `seed` needs the database of a seeded site.
"""

import argparse
import csv
import dataclasses
import gzip
import json
import os
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final, NamedTuple

import django

from tests.search_judgements.judgements import BASE, SETS, load_grades
from tests.search_judgements.variants import VARIANTS, varied
from tests.shared import SHARED


class Document(NamedTuple):
    """One thing that can be found. The id is that of the shared data, or kind and slug of a seeded thing."""

    corpus_id: str
    title: str
    text: str


Loader = Callable[[], Iterator[Document]]


def law(data: Path) -> Iterator[Document]:
    """Yield the articles of 14 laws. They have no titles."""
    for line in (data / "legal-articles/articles.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        yield Document(row["id"], "", row["text"])


PROCEDURE_FIELDS: Final = (
    "linh_vuc",
    "co_quan_thuc_hien",
    "trinh_tu_thuc_hien",
    "thanh_phan_ho_so",
    "yeu_cau_dieu_kien",
    "ket_qua_xu_ly",
)


def procedures(data: Path) -> Iterator[Document]:
    """Yield the administrative procedures, with what a citizen reads of them."""
    with gzip.open(data / "procedures/procedures.jsonl.gz", "rt", encoding="utf-8") as file:
        for line in file:
            row = json.loads(line)
            text = "\n".join(row[name] for name in PROCEDURE_FIELDS if row.get(name))
            yield Document(row["ma_thu_tuc"], row["ten_thu_tuc"], text)


def goods(data: Path) -> Iterator[Document]:
    """Yield the goods of five lists, each once: two lists repeat a code for a second unit."""
    seen: set[str] = set()
    for document in _goods(data):
        if document.corpus_id not in seen:
            seen.add(document.corpus_id)
            yield document


def _goods(data: Path) -> Iterator[Document]:
    for number, row in enumerate(_rows(data / "products-grocery/products.csv")):
        yield Document(f"products-grocery:{number}", row["name"], f"{row['subcategory']}, {row['category']}")
    for row in _rows(data / "produce-wholesale/produce.csv"):
        yield Document(f"produce-wholesale:{row['code']}", row["name"], "")
    for line in (data / "tay-bac/products.jsonl").read_text(encoding="utf-8").splitlines():
        product = json.loads(line)
        yield Document(f"tay-bac:{product['id']}", product["name"], product["description"])
    for number, row in enumerate(_rows(data / "ocop-sample/ocop.csv")):
        yield Document(f"ocop-sample:{number}", row["name"], f"{row['producer']}, {row['address']}")
    for row in _rows(data / "products-tiki/products.csv"):
        yield Document(f"products-tiki:{row['source_id']}", row["name"], row["category_path"])


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def seed() -> Iterator[Document]:
    """Yield what the search would index of the database in use, named by kind and slug of its address.

    A slug used again (two households sell ginger) gets "-2", "-3" in the order of the rows, which is that of the seed.
    """
    from search import registry  # after django.setup()

    used: Counter[str] = Counter()
    for kind, source in registry.sources().items():
        for document in source.public():
            name = f"{kind}:{_slug(document.url, str(document.object_id))}"
            used[name] += 1
            number = f"-{used[name]}" if used[name] > 1 else ""
            yield Document(f"{name}{number}", document.title, document.body)


def seed_content() -> Iterator[Document]:
    """Yield the same things out of the content files, without a database: near to `seed`, and there at once."""
    from base.shell.slugs import slugify  # after django.setup()
    from config.seed import content
    from config.seed.places import FOLDER

    market = content.load_market()
    categories = {one.slug: one.name for one in market.categories}
    cooperatives = {one.slug: one.name for one in market.cooperatives}
    communes = {row["code"]: row for row in _rows(FOLDER / "communes.csv")}
    provinces = {row["code"]: row["full_name"] for row in _rows(FOLDER / "provinces.csv")}
    former = {row["code"]: row["former_names"] for row in _rows(FOLDER / "former_names.csv")}
    used: Counter[str] = Counter()
    for household in market.households:
        commune = communes[household.commune_code]
        whose = (
            household.name,
            household.village,
            commune["full_name"],
            provinces[commune["province_code"]],
            former.get(household.commune_code, "").replace(";", ", "),
            cooperatives[household.cooperative],
        )
        for good in household.products:
            if good.state == "approved":
                name = f"product:{slugify(good.title)}"
                used[name] += 1
                number = f"-{used[name]}" if used[name] > 1 else ""
                words = (good.description, categories[good.category], *whose)
                yield Document(f"{name}{number}", good.title, "\n".join(words))
    for article in content.load_articles():
        body = " ".join((article.summary, *_strings(article.blocks), article.document_number, article.issuer))
        yield Document(f"policy:{article.slug}", article.title, body)
    for course in content.load_courses():
        yield Document(f"course:{course.slug}", course.title, f"{course.summary} {course.level}")
        for lesson in course.lessons:
            body = " ".join((lesson.summary, *_strings(lesson.blocks)))
            yield Document(f"lesson:{lesson.slug}", lesson.title, body)


def _strings(value: object) -> Iterator[str]:
    """Yield every text in records of content; of a photo only its words."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple):
        for one in value:
            yield from _strings(one)
    elif dataclasses.is_dataclass(value):
        for field in dataclasses.fields(value):
            if field.name not in ("picture", "kind", "correct"):
                yield from _strings(getattr(value, field.name))


def _slug(url: str, object_id: str) -> str:
    """Return the slug of an address, without the database id that may stand behind it."""
    parts = [part for part in url.split("/") if part and part != object_id]
    return parts[-1].removesuffix(f"-{object_id}").removesuffix(f"_{object_id}") if parts else object_id


def loader(name: str) -> Loader | None:
    """Return what yields the documents of a set, or None where its data is absent."""
    if name == "seed":
        return seed
    if SHARED is None:
        return None
    data = SHARED / "data"
    of_shared: dict[str, Callable[[Path], Iterator[Document]]] = {
        "law": law,
        "procedures": procedures,
        "goods": goods,
    }
    return lambda: of_shared[name](data)


def dump(name: str, folder: Path, variant: str = BASE, least: int = 1, words: str = "") -> tuple[int, int]:
    """Write a set as BEIR (`corpus.jsonl`, `queries.jsonl`, `qrels.tsv`); return counts of documents and questions.

    `least` leaves out lower grades; `words` keeps only questions in "everyday" or in the document's ("own") words.
    """
    load = loader(name)
    if load is None:
        raise FileNotFoundError("the shared data is absent: name its folder in LANGSO_SHARED")
    folder.mkdir(parents=True, exist_ok=True)
    documents = [{"_id": one.corpus_id, "title": one.title, "text": one.text} for one in load()]
    queries, grades = varied(name, variant), load_grades(name)
    if words:
        queries = [query for query in queries if (query.words == "everyday") == (words == "everyday")]
    _write_lines(folder / "corpus.jsonl", documents)
    _write_lines(folder / "queries.jsonl", [{"_id": one.query_id, "text": one.text} for one in queries])
    with (folder / "qrels.tsv").open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, delimiter="\t", lineterminator="\n")
        table.writerow(("query-id", "corpus-id", "score"))
        for query in queries:
            graded = [(document, score) for document, score in grades[query.of].items() if score >= least]
            table.writerows((query.query_id, document, score) for document, score in graded)
    return len(documents), len(queries)


def _write_lines(path: Path, rows: list[dict[str, Any]]) -> None:
    path.write_text(
        "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows),
        encoding="utf-8",
    )


def main() -> None:
    """Dump one set in one variant, or in all of them, each into a folder of its own."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("name", choices=SETS)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--variant", choices=(*VARIANTS, "all"), default=BASE)
    parser.add_argument("--grade", type=int, choices=(1, 2), default=1, help="2: only the best answers count")
    parser.add_argument("--words", choices=("everyday", "own"), default="", help="only such questions")
    options = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")
    django.setup()
    for variant in VARIANTS if options.variant == "all" else (options.variant,):
        folder = options.folder / variant if options.variant == "all" else options.folder
        if not varied(options.name, variant):
            continue
        documents, queries = dump(options.name, folder, variant, options.grade, options.words)
        print(f"{folder}: {documents} documents, {queries} questions")  # noqa: T201 - a command


if __name__ == "__main__":
    main()
