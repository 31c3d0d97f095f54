"""The cache on disk: like any Django cache, with an add that one caller wins and culling by shards."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from base.pagecache import disk
from base.pagecache.disk import DiskCache


@pytest.fixture
def cache(tmp_path: Path) -> DiskCache:
    return DiskCache(str(tmp_path / "cache"), {"OPTIONS": {"MAX_ENTRIES": 256 * 4}})


def test_value_comes_back_as_it_was(cache: DiskCache) -> None:
    cache.set("k", {"chợ": [1, b"\x00"]})
    assert cache.get("k") == {"chợ": [1, b"\x00"]}
    assert cache.get("other", "default") == "default"


def test_value_ends_with_its_timeout(cache: DiskCache, later: Callable[[float], None]) -> None:
    cache.set("k", 1, timeout=30)
    cache.set("for_ever", 1, timeout=None)
    cache.set("at_once", 1, timeout=0)
    assert [cache.get(key) for key in ("k", "for_ever", "at_once")] == [1, 1, None]
    later(30)
    assert [cache.get(key) for key in ("k", "for_ever", "at_once")] == [None, 1, None]


def test_add_is_won_by_exactly_one_of_many_threads(cache: DiskCache) -> None:
    for round_number in range(20):
        with ThreadPoolExecutor(8) as pool:
            won = list(pool.map(lambda n, key=round_number: cache.add(f"lock{key}", n, 10), range(8)))
        assert sum(won) == 1


def test_add_takes_the_place_of_what_has_expired(cache: DiskCache, later: Callable[[float], None]) -> None:
    cache.set("k", 1, timeout=30)
    assert not cache.add("k", 2)
    later(30)
    assert cache.add("k", 2)
    assert cache.get("k") == 2


def test_delete_touch_and_clear(cache: DiskCache, later: Callable[[float], None]) -> None:
    cache.set("k", 1, timeout=30)
    assert cache.touch("k", 60)
    assert not cache.touch("none", 60)
    later(30)
    assert cache.delete("k")
    assert not cache.delete("k")
    cache.set("k", 1)
    cache.clear()
    assert cache.get("k") is None


def test_torn_file_reads_as_nothing(cache: DiskCache) -> None:
    cache.set("k", 1)
    path = Path(cache._path("k", None))
    for content in (b"", b"\x80", b"not a pickle"):
        path.write_bytes(content)
        assert cache.get("k") is None
        assert cache.add("k", 2) in (True, False)
        cache.set("k", 3)
        assert cache.get("k") == 3


def test_only_our_own_user_may_look_into_the_folder(cache: DiskCache) -> None:
    cache.set("k", 1)
    assert os.stat(os.path.dirname(cache._path("k", None))).st_mode & 0o077 == 0


def test_shard_keeps_its_share_and_drops_the_oldest_first(
    cache: DiskCache, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(disk, "CULL_EVERY", 10**9)  # not by chance while the ages are being set
    cache._per_shard = 4
    folder = Path(cache._path("x", None)).parent
    names = [f"k{n}" for n in range(12)]
    monkeypatch.setattr(cache, "_path", lambda key, version: str(folder / f"{key}{disk.SUFFIX}"))
    for age, name in enumerate(reversed(names)):
        cache.set(name, name, timeout=None)
        os.utime(folder / f"{name}{disk.SUFFIX}", (time.time() - age, time.time() - age))
    cache.set("expired", 1, timeout=0)
    (folder / "forgotten").write_bytes(b"")
    os.utime(folder / "forgotten", (0, 0))
    cache.cull(str(folder))
    assert sorted(path.name for path in folder.iterdir()) == [f"k{n}.kept" for n in (10, 11, 8, 9)]


def test_writing_many_values_keeps_the_folder_bounded(
    cache: DiskCache, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(disk, "CULL_EVERY", 4)
    for number in range(6000):
        cache.set(f"k{number}", number)
    files = sum(1 for _ in cache._root.glob(f"*/*{disk.SUFFIX}"))
    assert 256 < files < 3 * 256 * 4
