"""The embedded index on disk: killed writers, two writers, many processes, rebuilds."""

import os
import random
import signal
import subprocess
import sys
import threading
import time
from dataclasses import replace
from itertools import groupby
from operator import itemgetter
from pathlib import Path

import pytest
import tantivy

from search.documents import Key
from search.engines.base import Changes, Clause, Filters, Query
from search.engines.embedded import EmbeddedEngine
from search.engines.embedded_schema import SHELF, Asked
from search.engines.folder import RebuildRunning
from search.facets import KIND
from tests.integration.search.sources import good, lesson

ROOT = Path(__file__).resolve().parents[3]

WRITER = """
import sys
from pathlib import Path
from search.documents import SearchDocument
from search.engines.base import Changes
from search.engines.embedded import EmbeddedEngine
engine = EmbeddedEngine(Path(sys.argv[1]))
first, number, size = int(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
for batch in range(number):
    start = first + batch * size
    engine.write(Changes([SearchDocument("product", pk, f"Rau số {pk}") for pk in range(start, start + size)], []))
    print(start + size, flush=True)
"""


def start_writer(folder: Path, first: int, number: int, size: int) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", WRITER, str(folder), str(first), str(number), str(size)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)


RAU = Query(groups=((Clause("text_folded", "rau", 1.0),),), limit=1000)


def found(engine: EmbeddedEngine) -> list[str]:
    answer = engine.search(RAU)
    return [hit.key.object_id for hit in answer.load(answer.rows)]


def test_kill_in_the_middle_of_writing_leaves_the_index_readable_and_complete(index_dir: Path) -> None:
    engine = EmbeddedEngine(index_dir)
    promised = 0
    for round_ in range(6):
        writer = start_writer(index_dir, promised, 1000, 40)
        assert writer.stdout is not None
        for _ in range(2):
            promised = int(writer.stdout.readline())
        time.sleep(0.007 * round_)  # at another moment of the next commit each time
        writer.send_signal(signal.SIGKILL)
        rest, _ = writer.communicate()
        promised = max([promised, *(int(line) for line in rest.split())])
        assert engine.count() in (promised, promised + 40)  # killed after the commit, before it could say so
        assert engine.search(RAU, [KIND]).counts == {KIND: {"product": engine.count()}}
        engine.write(Changes([], [Key("product", str(pk)) for pk in range(promised, promised + 40)]))
        assert engine.count() == promised


def test_two_writers_take_turns(index_dir: Path) -> None:
    writers = [start_writer(index_dir, first, 15, 3) for first in (0, 1000)]
    assert [writer.wait(60) for writer in writers] == [0, 0]
    for writer in writers:
        writer.communicate()
    assert EmbeddedEngine(index_dir).count() == 2 * 15 * 3


def test_a_reader_opened_before_the_first_write_sees_it_at_once(index_dir: Path) -> None:
    reader, writer = EmbeddedEngine(index_dir), EmbeddedEngine(index_dir)
    assert found(reader) == []
    writer.write(Changes([good(1, "Rau")], []))
    assert found(reader) == ["1"]
    writer.write(Changes([good(2, "Rau")], [Key("product", "1")]))
    assert found(reader) == ["2"]


def any_of(*words: str, kind: str) -> Query:
    groups = tuple((Clause("text_folded", word, 1.0),) for word in words)
    return Query(groups=groups, needs_all=False, filters=Filters({KIND: (kind,)}), limit=5)


def test_of_common_and_rare_words_the_rare_ones_find_the_best_and_common_ones_what_is_left(
    index_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = EmbeddedEngine(index_dir)
    rare = [good(pk, f"Rau tươi quế {pk}") for pk in range(20)]
    common = [good(pk, f"Rau tươi {pk}") for pk in range(20, 60)]
    engine.write(Changes([*rare, *common, *(lesson(pk, "Hồi") for pk in range(3))], []))
    whole = engine.search(any_of("rau", "que", kind="product"))
    monkeypatch.setattr("search.engines.embedded_schema.FEWEST_WORDS", 1)
    monkeypatch.setattr("search.engines.embedded_schema.FEW", 10)
    monkeypatch.setattr("search.engines.embedded.MOST_ROWS", 5)
    asked = Asked(any_of("rau", "que", kind="product"), engine.searcher())
    assert asked.scored_by_rarest() is not None
    by_rarest = engine.search(any_of("rau", "que", kind="product"))
    assert {hit.key.object_id for hit in by_rarest.load(by_rarest.rows)} <= {str(pk) for pk in range(20)}
    assert [row.score for row in by_rarest.rows] == [row.score for row in whole.rows]
    # no product holds the rare word: the common one finds them
    assert len(engine.search(any_of("rau", "hoi", kind="product")).rows) == 5


def test_the_rarest_word_does_not_keep_out_what_holds_the_others_side_by_side(
    index_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = EmbeddedEngine(index_dir)
    honey = [good(pk, f"Mật ong {pk}") for pk in range(30)]
    woods = [good(pk, f"Đường {pk}", "qua rừng") for pk in range(30, 55)]
    engine.write(Changes([*honey, *woods], []))
    pair = Clause("text_folded", "_mat_ong", 0.8)
    asked = replace(any_of("mat", "ong", "rung", kind="product"), extras=(pair,))
    monkeypatch.setattr("search.engines.embedded_schema.FEW", 10)
    monkeypatch.setattr("search.engines.embedded_schema.FEWEST_WORDS", 1)
    monkeypatch.setattr("search.engines.embedded.MOST_ROWS", 5)
    found = engine.search(asked)
    assert {int(hit.key.object_id) for hit in found.load(found.rows)} <= set(range(30))


def shelves(engine: EmbeddedEngine) -> list[list[tuple[int, int]]]:
    """Return kind and price of the documents as they stand, for each segment."""
    searcher = engine.searcher()
    assert searcher is not None
    found = searcher.search(
        tantivy.Query.all_query(), 1000, order_by_field=SHELF, order=tantivy.Order.Asc
    ).hits
    addresses = sorted((address for _, address in found), key=lambda one: (one.segment_ord, one.doc))
    kinds, prices = (searcher.fast_field_values(name, addresses) for name in ("kind", "price_vnd"))
    stands = zip((one.segment_ord for one in addresses), kinds, prices, strict=True)
    return [[(kind, price) for _, kind, price in of] for _, of in groupby(stands, key=itemgetter(0))]


def test_kinds_stand_together_and_by_price_after_a_rebuild_and_after_many_writes(index_dir: Path) -> None:
    engine = EmbeddedEngine(index_dir)
    chance = random.Random(4)
    goods = [replace(good(pk, "Rau"), price_vnd=chance.choice((None, 5_000, 9_000))) for pk in range(40)]
    mixed = [*goods, *(lesson(pk, "Rau") for pk in range(40))]
    chance.shuffle(mixed)
    engine.rebuild(mixed, lambda keys: Changes([], keys))
    assert len(shelves(engine)) == 1
    for one in mixed[:30]:  # enough for tantivy to merge segments
        engine.write(Changes([one], []))
    segments = shelves(engine)
    assert sum(map(len, segments)) == engine.count() == 80
    for segment in segments:
        prices: dict[int, list[int]] = {kind: [] for kind, _ in segment}
        for kind, price in segment:
            prices[kind].append(price)
        assert [kind for kind, _ in groupby(segment, key=itemgetter(0))] == list(prices)
        assert all(of == sorted(of) for of in prices.values())


def test_a_reader_follows_a_rebuild(index_dir: Path) -> None:
    reader, builder = EmbeddedEngine(index_dir), EmbeddedEngine(index_dir)
    builder.write(Changes([good(1, "Rau")], []))
    assert found(reader) == ["1"]
    for pk in (2, 3, 4):
        builder.rebuild([good(pk, "Rau")], lambda keys: Changes([], keys))
        assert found(reader) == [str(pk)]


def test_writing_under_a_rebuild_loses_nothing(index_dir: Path) -> None:
    """A writer writes as fast as it can while the index is built anew, several times."""
    engine = EmbeddedEngine(index_dir)
    rows = {pk: good(pk, f"Rau {pk}") for pk in range(200)}
    has_ended = threading.Event()
    written: list[int] = []

    def read_again(keys: list[Key]) -> Changes:
        present = [rows[int(key.object_id)] for key in keys if int(key.object_id) in rows]
        return Changes(present, [key for key in keys if int(key.object_id) not in rows])

    def go_on_changing() -> None:
        writer = EmbeddedEngine(index_dir)
        for pk in range(200, 100_000):
            if has_ended.is_set():
                break
            rows[pk] = good(pk, f"Rau {pk}")
            gone = rows.pop(pk - 200).key
            writer.write(read_again([rows[pk].key, gone]))
            written.append(pk)

    changer = threading.Thread(target=go_on_changing)
    changer.start()
    try:
        for _ in range(4):
            engine.rebuild(list(rows.values()), read_again)
    finally:
        has_ended.set()
        changer.join()
    assert len(written) > 4
    assert {int(pk) for pk in found(engine)} == set(rows)


def test_only_one_rebuild_at_a_time(index_dir: Path) -> None:
    engine = EmbeddedEngine(index_dir)
    with engine.folder.rebuild_lock(), pytest.raises(RebuildRunning):
        EmbeddedEngine(index_dir).rebuild([], lambda keys: Changes([], keys))


def test_a_rebuild_removes_what_killed_ones_left(index_dir: Path) -> None:
    engine = EmbeddedEngine(index_dir)
    left = engine.folder.new()
    engine.folder.start_building(left)
    engine.write(Changes([good(1, "Rau")], []))
    engine.rebuild([good(2, "Rau")], lambda keys: Changes([], keys))
    engine.rebuild([good(2, "Rau")], lambda keys: Changes([], keys))
    assert not left.exists()
    assert engine.folder.building() is None
    generations = [path for path in index_dir.iterdir() if path.is_dir()]
    assert len(generations) == 2  # the live one and the one before, which a reader may still have open


def test_many_small_batches_do_not_leave_many_segments(index_dir: Path) -> None:
    engine = EmbeddedEngine(index_dir)
    for pk in range(60):
        engine.write(Changes([good(pk, "Rau")], []))
    searcher = engine.searcher()
    assert searcher is not None
    assert searcher.num_segments < 20


def test_an_index_of_another_version_is_not_read(index_dir: Path) -> None:
    engine = EmbeddedEngine(index_dir)
    engine.write(Changes([good(1, "Rau")], []))
    live = engine.folder.live()
    assert live is not None
    old = live.with_name("v0-old")
    live.rename(old)
    (index_dir / "current").write_text("v0-old")
    assert (engine.count(), found(engine)) == (0, [])
    engine.write(Changes([good(2, "Rau")], []))
    assert found(engine) == ["2"]
