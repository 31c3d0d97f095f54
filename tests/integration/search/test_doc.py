"""docs/search.md says what is so: its example of a new kind runs as it stands there, its table is that of the code."""

import re
from pathlib import Path

import pytest
from django.test import Client

from base import outbox
from search import indexing, registry
from search.finding import find
from search.ranking import SIGNALS
from tests.factories.orders import make_cooperative

DOC = (Path(__file__).resolve().parents[3] / "docs/search.md").read_text(encoding="utf-8")
MOST_LINES = 20


def example() -> str:
    found = re.search(r"```python\n(.*?)```", DOC, re.DOTALL)
    assert found is not None
    return found[1]


def test_a_kind_takes_twenty_lines() -> None:
    assert len([line for line in example().splitlines() if line.strip()]) <= MOST_LINES


@pytest.mark.django_db
def test_the_example_of_a_kind_is_found_and_withdrawn(index_dir: Path, client: Client) -> None:
    open_one = make_cooperative("Hợp tác xã Bản Áng", about="Rau trái vụ, mận hậu.")
    closed = make_cooperative("Hợp tác xã đã đóng", is_active=False)
    with registry.only():
        exec(compile(example(), "docs/search.md", "exec"), {"__name__": "example"})
        for one in (open_one, closed):
            indexing.changed("cooperative", one.pk)
        outbox.drain(indexing.TOPIC)
        hits = find("man hau ban ang").hits
        assert [(hit.card.title, hit.card.url) for hit in hits] == [
            (open_one.name, f"/cho/htx/{open_one.slug}/")
        ]
        assert "Bản Áng" in client.get("/tim/?q=ban+ang").content.decode()
        open_one.is_active = False
        open_one.save()
        indexing.changed("cooperative", open_one.pk)
        outbox.drain(indexing.TOPIC)
        assert find("man hau ban ang").hits == []


def test_the_table_of_signals_is_that_of_the_code() -> None:
    rows = re.findall(r"^\| ([a-z ]+) \| [^|]+ \| ([^|]+) \|$", DOC.partition("## Ranking")[2], re.MULTILINE)
    told = [(name, why.strip()) for name, why in rows if name in {signal.name for signal in SIGNALS}]
    assert told == [(signal.name, signal.reason) for signal in SIGNALS]


@pytest.mark.parametrize("name", sorted(set(re.findall(r"`(test_\w+\.py)`", DOC))))
def test_the_tests_it_names_exist(name: str) -> None:
    assert (Path(__file__).parent / name).exists()
