"""Hostile senders: each is refused with a reason, none makes a 500, none leaves anything in the database."""

from __future__ import annotations

import json
import uuid
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from base.intake import kinds, wire
from base.intake.models import Chunk, Entry, Upload
from base.intake.schema import Each, Fields, Flag, Id, OneOf, Text, Whole, Wrong
from tests.factories.accounts import UserFactory
from tests.integration.intake.conftest import Notes
from tests.integration.intake.phone import Phone, now_ms

pytestmark = pytest.mark.django_db
ONE_ID = str(uuid.UUID(int=7))
PLAIN = st.none() | st.booleans() | st.integers() | st.floats() | st.text()
JSON = st.recursive(
    PLAIN | st.sampled_from([ONE_ID, "note", "\x00", "\ud800", ""]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=12,
)
NAMES = ["text", "then", "of", "key", "fields", "lesson", "answers", "title"]


def entries() -> st.SearchStrategy[Any]:
    """Entries that are nearly right."""
    names = ["note", "public-note", "listing", "listing-change", "answers", "handover", "x", "", 5, None]
    return st.fixed_dictionaries(
        {},
        optional={
            "id": st.sampled_from([ONE_ID, "1", "", 1, None]) | JSON,
            "kind": st.sampled_from(names) | JSON,
            "author": st.sampled_from(["", "0" * 16, None]) | JSON,
            "made_at": st.integers() | JSON,
            "after": st.none() | JSON,
            "body": st.dictionaries(st.sampled_from(NAMES), JSON) | JSON,
            "files": JSON | st.just({"photo": {"sha256": "a" * 64, "bytes": 3}}),
            "more": JSON,
        },
    )


def nothing_stored() -> bool:
    return not (Entry.objects.exists() or Upload.objects.exists() or Chunk.objects.exists())


def deep(levels: int) -> str:
    return '{"a":' * levels + "1" + "}" * levels


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("", 400),
        ("{", 400),
        ("[]", 400),
        ("5", 400),
        ("null", 400),
        ("{}", 400),
        ('{"entries": []}', 400),
        ('{"sent_at": "now", "entries": []}', 400),
        ('{"sent_at": true, "entries": []}', 400),
        ('{"sent_at": 1.5, "entries": []}', 400),
        ('{"sent_at": 1e400, "entries": []}', 400),
        ('{"sent_at": NaN, "entries": []}', 400),
        ('{"sent_at": 99999999999999999999, "entries": []}', 400),
        ('{"sent_at": ' + "9" * 5_000 + ', "entries": []}', 400),
        ('{"sent_at": 1, "entries": {}}', 400),
        ('{"sent_at": 1, "entries": ' + "[" * 200_000, 400),
        ('{"sent_at": 1, "entries": [' + deep(100_000) + "]}", 400),
        (b'{"sent_at": 1, "entries": ["\xff\xfe"]}', 400),
        ('{"sent_at": 1, "entries": [' + ",".join(["1"] * 51) + "]}", 413),
        ('{"sent_at": 1, "entries": ["' + "x" * 10_000_000 + '"]}', 413),
    ],
    ids=lambda value: str(value)[:40],
)
def test_what_is_no_batch_is_refused_whole(phone: Phone, text: str | bytes, status: int) -> None:
    answer: Any = phone.raw(text)
    assert (answer.status_code, bool(answer.json()["words"]), nothing_stored()) == (status, True, True)


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""]
)
def test_only_json_is_read(phone: Phone, kind: str) -> None:
    assert phone.raw('{"sent_at": 1, "entries": []}', content_type=kind).status_code == 400


@pytest.mark.parametrize("length", ["-1", "1e9", "٣", "9" * 4_000, "0x10"])
def test_a_false_length_is_refused(phone: Phone, length: str) -> None:
    answer: Any = phone.client.post("/gui/", "{}", content_type="application/json", CONTENT_LENGTH=length)
    assert answer.status_code in (400, 413)


@pytest.mark.parametrize(
    "changes",
    [
        {"id": None},
        {"id": "1"},
        {"id": "x" * 36},
        {"id": 7},
        {"kind": "no-such-kind"},
        {"kind": "x" * 1_000},
        {"kind": ["note"]},
        {"made_at": None},
        {"made_at": "yesterday"},
        {"made_at": 10**30},
        {"made_at": 1.5},
        {"after": "first"},
        {"author": {"a": 1}},
        {"more": 1},
        {"body": None},
        {"body": []},
        {"body": "text"},
        {"body": {}},
        {"body": {"text": None}},
        {"body": {"text": "a", "unknown": 1}},
        {"body": {"text": "a", "number": 1.0}},
        {"body": {"text": "a", "number": True}},
        {"body": {"text": "a", "number": -1}},
        {"body": {"text": "a", "number": 2**53}},
        {"body": {"text": "a", "flag": 1}},
        {"body": {"text": "a", "of": "x"}},
        {"body": {"text": "a", "then": "fly"}},
        {"body": {"text": "nul \x00"}},
        {"body": {"text": "half a pair \ud83d"}},
        {"body": {"text\x00": "a"}},
        {"body": {"text": "x" * 60_001}},
        {"body": {"text": "ạ" * 30_000}},
        {"files": []},
        {"files": {"photo": 1}},
        {"files": {"photo": {"sha256": "a" * 63, "bytes": 1}}},
        {"files": {"photo": {"sha256": "A" * 64, "bytes": 1}}},
        {"files": {"photo": {"sha256": "a" * 64, "bytes": 0}}},
        {"files": {"photo": {"sha256": "a" * 64, "bytes": 10**9}}},
        {"files": {"photo": {"sha256": "a" * 64}}},
        {"files": {"other": {"sha256": "a" * 64, "bytes": 3}}},
        {"files": {str(number): {"sha256": "a" * 64, "bytes": 3} for number in range(11)}},
    ],
    ids=lambda value: str(value)[:60],
)
def test_a_wrong_entry_is_refused_for_good_with_a_reason(
    phone: Phone, notes: Notes, changes: dict[str, Any]
) -> None:
    answer: Any = phone.post([{**phone.entry("note", {"text": "a"}), **changes}])
    result = answer.json()["results"][0]
    assert (answer.status_code, result["state"], bool(result["words"]), bool(result["errors"])) == (
        422,
        "refused",
        True,
        True,
    )
    assert (notes.taken, nothing_stored()) == ([], True)


@pytest.mark.parametrize("levels", [50, 400])
def test_a_deep_body_is_refused_and_the_others_are_taken(phone: Phone, notes: Notes, levels: int) -> None:
    entry = phone.entry("note", json.loads(deep(levels)))
    assert phone.states(entry, phone.entry("note", {"text": "a"})) == ["refused", "taken"]


def test_a_nul_in_one_entry_does_not_hold_up_the_others(phone: Phone, notes: Notes) -> None:
    bad, good = phone.entry("note", {"text": "a\x00b"}), phone.entry("note", {"text": "a"})
    assert phone.states(bad, good) == ["refused", "taken"]


def test_a_field_that_comes_twice_is_what_came_last_each_time(phone: Phone, notes: Notes) -> None:
    text = json.dumps({"sent_at": now_ms(), "entries": [phone.entry("note", {"text": "a"})]})
    doubled = text.replace('"text": "a"', '"text": "a", "text": "b"')
    assert [phone.raw(doubled).status_code for _ in range(2)] == [200, 200]
    assert [taken for taken, _moment in notes.taken] == ["b"]


def test_a_replay_by_another_person_takes_nothing(phone: Phone, notes: Notes) -> None:
    entry = phone.entry("note", {"text": "a"})
    phone.send(entry)
    other = Phone(UserFactory.create())
    assert other.states(entry) == ["other"]
    assert len(notes.taken) == 1


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(batch=st.lists(entries() | JSON, max_size=4), sent_at=st.integers(-(2**60), 2**60))
@example(batch=[{"id": ONE_ID, "kind": "note", "made_at": 0, "body": {"text": "\ud800"}}], sent_at=0)
@example(
    batch=[
        {"id": ONE_ID, "kind": "answers", "made_at": 0, "body": {"lesson": 1, "answers": {ONE_ID: ONE_ID}}}
    ],
    sent_at=0,
)
def test_nothing_that_can_be_said_in_json_fails(
    phone: Phone, notes: Notes, batch: list[Any], sent_at: int
) -> None:
    for sender in (phone, Phone()):
        named = [one | {"author": sender.author} if isinstance(one, dict) else one for one in batch]
        answer: Any = sender.raw(json.dumps({"sent_at": sent_at, "entries": named}))
        assert answer.status_code in (200, 202, 400, 401, 403, 409, 422), answer.content
        assert answer.json()


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(raw=st.binary(max_size=300))
def test_no_bytes_fail(phone: Phone, raw: bytes) -> None:
    assert phone.raw(raw).status_code in (400, 413)


@settings(max_examples=200, deadline=None)
@given(value=JSON)
def test_what_a_schema_lets_through_is_what_was_declared(value: Any) -> None:
    schema = Fields(
        {
            "text": Text(5),
            "number": Whole(1, 9, optional=True),
            "flag": Flag(optional=True),
            "id": Id(optional=True),
            "each": Each(Id(), OneOf(("a", "b")), 2, optional=True),
        }
    )
    for body in (value, {"text": value}, {"text": "a", "number": value}, {"text": "a", "each": value}):
        try:
            found = schema.clean(body, "body")
        except Wrong:
            continue
        assert isinstance(found["text"], str)
        assert found["text"].encode().decode() == found["text"]
        assert len(found["text"]) <= 5
        assert found["number"] is None or 1 <= found["number"] <= 9
        assert found["each"] is None or set(found["each"].values()) <= {"a", "b"}


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    place=st.tuples(st.integers(0, 40), st.integers(0, 40), st.integers(0, 60)),
    data=st.binary(max_size=40),
    digest=st.sampled_from(["right", "wrong", "none"]),
)
def test_pieces_of_any_kind_never_fail_and_never_overlap(
    phone: Phone, place: tuple[int, int, int], data: bytes, digest: str
) -> None:
    first, last, total = place
    headers = {
        "right": {},
        "wrong": {"Content_Digest": "sha-256=:" + "A" * 43 + "=:"},
        "none": {"Content_Digest": ""},
    }
    answer = phone.put(
        data,
        0,
        len(data),
        whole=b"announced",
        Content_Range=f"bytes {first}-{last}/{total}",
        **headers[digest],
    )
    assert answer.status_code in (200, 201, 400, 409, 422)
    for upload in Upload.objects.all():
        pieces = list(upload.chunks.order_by("begins_at").values_list("begins_at", "data"))
        at = 0
        for begins_at, piece in pieces:
            assert begins_at == at
            at += len(bytes(piece))
        assert at == upload.received <= upload.total


@pytest.mark.parametrize("name", ["x", "A" * 64, "a" * 63, "a" * 65, "%00" * 64, "../" * 8])
def test_a_file_address_that_is_none_leads_nowhere(phone: Phone, name: str) -> None:
    answer = phone.client.put(f"/gui/tep/{name}/", b"abc", content_type="application/octet-stream")
    assert answer.status_code in (400, 404, 405)  # 405: no page of that name takes anything


def test_every_kind_of_the_site_says_its_rule_and_holds_its_body_within_bounds() -> None:
    for kind in kinds.every():
        assert str(kind.label), kind.name
        assert str(kind.rule), kind.name
        for name, field in kind.schema.fields.items():
            assert isinstance(field, Text | Whole | Flag | Id | OneOf | Fields | Each), name
            assert not isinstance(field, Text) or field.most <= wire.MOST_BODY, name
    assert {"listing", "listing-change", "answers"} <= {kind.name for kind in kinds.every()}


def test_other_peoples_kinds_are_refused(phone: Phone) -> None:
    """A learner is no household and no manager."""
    bodies: dict[str, Any] = {
        "listing": {"title": "Gừng"},
        "listing-change": {"key": str(uuid.uuid4()), "fields": {}},
    }
    for kind, body in bodies.items():
        answer: Any = phone.post([phone.entry(kind, body)])
        assert (answer.status_code, answer.json()["results"][0]["state"]) == (403, "refused"), kind
    assert nothing_stored()
