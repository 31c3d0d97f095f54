"""Files by range: the first bytes, the middle, the end, and what cannot be given."""

from __future__ import annotations

import gzip
import hashlib

import brotli
import pytest
from django.test import Client

from tests.integration.offline.packs import School, address_of, make_school, manifest

pytestmark = pytest.mark.django_db


@pytest.fixture
def school() -> School:
    return make_school()


@pytest.fixture
def file(client: Client, school: School) -> tuple[str, bytes]:
    """The address of a file of a pack, and its bytes."""
    known = manifest(client, address_of(school.course))["files"][1]
    address = f"{address_of(school.course)}{known['sha256']}/"
    return address, client.get(address).content


@pytest.mark.parametrize(
    ("asked", "begin", "end"),
    [
        ("0-0", 0, 1),
        ("0-99", 0, 100),
        ("100-199", 100, 200),
        ("-7", -7, None),
        ("5-", 5, None),
        ("10-999999", 10, None),
    ],
)
def test_range_is_exactly_what_was_asked_for(
    client: Client, file: tuple[str, bytes], asked: str, begin: int, end: int | None
) -> None:
    address, whole = file
    answer = client.get(address, headers={"range": f"bytes={asked}"})
    expected = whole[begin:end]
    first = begin % len(whole)
    assert (answer.status_code, answer.content) == (206, expected)
    assert answer["Content-Range"] == f"bytes {first}-{first + len(expected) - 1}/{len(whole)}"
    assert answer["Content-Length"] == str(len(expected))


def test_parts_put_together_are_the_file(client: Client, file: tuple[str, bytes]) -> None:
    address, whole = file
    parts = [
        client.get(address, headers={"range": f"bytes={begin}-{begin + 999}"}).content
        for begin in range(0, len(whole), 1000)
    ]
    assert hashlib.sha256(b"".join(parts)).hexdigest() in address


@pytest.mark.parametrize("asked", ["bytes=1000000-", "bytes=1000000-1000001", "bytes=-0"])
def test_range_behind_the_end_is_416_with_the_length(
    client: Client, file: tuple[str, bytes], asked: str
) -> None:
    address, whole = file
    answer = client.get(address, headers={"range": asked})
    assert (answer.status_code, answer.content, answer["Content-Range"]) == (
        416,
        b"",
        f"bytes */{len(whole)}",
    )


@pytest.mark.parametrize(
    "asked", ["bytes=0-1,5-6", "bytes=9-3", "bytes=x-y", "bytes=", "lines=0-1", "bytes=0-0-0", "bytes=١-٢"]
)
def test_what_is_no_single_range_gets_the_whole(client: Client, file: tuple[str, bytes], asked: str) -> None:
    address, whole = file
    answer = client.get(address, headers={"range": asked})
    assert (answer.status_code, answer.content) == (200, whole)


def test_range_of_another_version_gets_the_whole(client: Client, file: tuple[str, bytes]) -> None:
    address, whole = file
    etag = client.get(address)["ETag"]
    same = client.get(address, headers={"range": "bytes=0-9", "if-range": etag})
    other = client.get(address, headers={"range": "bytes=0-9", "if-range": '"other"'})
    assert (same.status_code, other.status_code, other.content) == (206, 200, whole)


def test_headers_let_a_phone_keep_it_and_nobody_open_it(client: Client, file: tuple[str, bytes]) -> None:
    answer = client.get(file[0])
    told = {
        name: answer[name]
        for name in ("Accept-Ranges", "Cache-Control", "Content-Type", "ETag", "X-Content-Type-Options")
    }
    assert told == {
        "Accept-Ranges": "bytes",
        "Cache-Control": "public, max-age=31536000, immutable",
        "Content-Type": "application/octet-stream",
        "ETag": f'"{file[0].rstrip("/").rpartition("/")[2]}"',
        "X-Content-Type-Options": "nosniff",
    }
    assert "sandbox" in answer["Content-Security-Policy"]
    assert "Set-Cookie" not in answer


def test_phone_that_has_it_gets_304(client: Client, file: tuple[str, bytes]) -> None:
    etag = client.get(file[0])["ETag"]
    assert client.get(file[0], headers={"if-none-match": etag}).status_code == 304


@pytest.mark.parametrize(("asked", "unpack"), [("br", brotli.decompress), ("gzip", gzip.decompress)])
def test_whole_text_is_packed_for_the_way_and_a_range_is_not(
    client: Client, file: tuple[str, bytes], asked: str, unpack: object
) -> None:
    address, whole = file
    answer = client.get(address, headers={"accept-encoding": asked})
    assert (answer["Content-Encoding"], unpack(answer.content)) == (asked, whole)  # type: ignore[operator]
    assert len(answer.content) < len(whole) / 2
    part = client.get(address, headers={"accept-encoding": asked, "range": "bytes=0-9"})
    assert (part.get("Content-Encoding"), part.content) == (None, whole[:10])


def test_head_tells_the_length_without_the_bytes(client: Client, file: tuple[str, bytes]) -> None:
    answer = client.head(file[0])
    assert (answer.status_code, answer["Content-Length"]) == (200, str(len(file[1])))


def test_nothing_but_reading_is_allowed(client: Client, file: tuple[str, bytes]) -> None:
    assert {
        client.post(file[0]).status_code,
        client.put(file[0]).status_code,
        client.delete(file[0]).status_code,
    } <= {403, 405}
