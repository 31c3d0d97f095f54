"""Files in pieces: each piece checked, put on in order, whole only with the right content, each person's own."""

from __future__ import annotations

import datetime as dt
import random
from typing import Any

import pytest
from django.utils import timezone

from base.accounts.models import User
from base.intake import uploads
from base.intake.forgetting import old_uploads
from base.intake.models import Chunk, Entry, Upload
from base.outbox.forgetting import forget
from tests.factories.accounts import UserFactory
from tests.integration.intake.conftest import Notes
from tests.integration.intake.phone import Phone, sha256

pytestmark = pytest.mark.django_db
PHOTO = random.Random(5).randbytes(300_000)


def test_a_file_arrives_in_pieces_and_is_whole_at_the_end(phone: Phone, mai: User) -> None:
    assert phone.head(PHOTO).status_code == 404
    assert phone.put(PHOTO, 0, 65_535).status_code == 201
    so_far = phone.head(PHOTO)
    assert (so_far.status_code, so_far["Upload-Offset"], so_far["Upload-Length"]) == (200, "65536", "300000")
    done = phone.put(PHOTO, 65_536, 299_999)
    assert (done.status_code, done["Upload-Offset"]) == (200, "300000")
    assert uploads.open_file(uploads.Owner(user=mai), sha256(PHOTO)).read() == PHOTO


def test_an_entry_waits_for_its_file_and_gets_it(phone: Phone, notes: Notes) -> None:
    said = {"sha256": sha256(PHOTO), "bytes": len(PHOTO)}
    entry = phone.entry("note", {"text": "một"}, files={"photo": said})
    answer = phone.post([entry])
    assert (answer.status_code, answer.json()["results"][0]["missing"]) == (202, [said["sha256"]])
    phone.put(PHOTO, 0, 65_535)
    assert phone.states(entry) == ["waits"]
    phone.put(PHOTO, 65_536, 299_999)
    assert phone.states(entry, entry) == ["taken", "taken"]
    assert notes.files == [PHOTO]
    phone.upload(PHOTO)  # the answer was lost and the photo went once more
    assert phone.states(entry) == ["taken"]
    assert not Upload.objects.exists()


@pytest.mark.parametrize("first", [0, 10, 65_535, 65_537, 200_000])
def test_a_piece_in_the_wrong_place_is_told_where_to_go_on(phone: Phone, first: int) -> None:
    phone.put(PHOTO, 0, 65_535)
    answer = phone.put(PHOTO, first, first + 100)
    assert (answer.status_code, answer["Upload-Offset"]) == (409, "65536")
    assert list(Chunk.objects.values_list("begins_at", flat=True)) == [0]


def test_a_file_that_begins_in_the_middle_begins_at_0(phone: Phone) -> None:
    answer = phone.put(PHOTO, 100, 200)
    assert (answer.status_code, answer["Upload-Offset"]) == (409, "0")


def test_another_content_than_was_announced_is_thrown_away(phone: Phone) -> None:
    announced = PHOTO[:-1] + b"?"
    phone.put(PHOTO, 0, 199_999, whole=announced)
    answer = phone.put(PHOTO, 200_000, 299_999, whole=announced)
    assert (answer.status_code, bool(answer.json()["words"])) == (422, True)
    assert (Upload.objects.count(), Chunk.objects.count()) == (0, 0)
    assert phone.put(PHOTO, 0, 65_535).status_code == 201


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Content_Digest": "sha-256=:" + "A" * 43 + "=:"}, 400),
        ({"Content_Digest": ""}, 400),
        ({"Content_Digest": "md5=:AAAA:"}, 400),
        ({"Content_Digest": "sha-256=:" + "=" * 44 + ":"}, 400),
        ({"Content_Range": ""}, 400),
        ({"Content_Range": "bytes 0-9/*"}, 400),
        ({"Content_Range": "bytes 9-0/100"}, 400),
        ({"Content_Range": "bytes 0-8/100"}, 400),
        ({"Content_Range": "bytes 95-104/100"}, 400),
        ({"Content_Range": "bytes 0-9/0"}, 400),
        ({"Content_Range": "bytes 0-9/9999999999999999"}, 400),
        ({"Content_Range": "bytes ٠-٩/١٠٠"}, 400),
        ({"Content_Range": f"bytes 0-9/{15 * 1024 * 1024 + 1}"}, 413),
    ],
)
def test_wrong_headers_store_nothing(phone: Phone, headers: dict[str, str], status: int) -> None:
    answer = phone.put(b"0123456789", 0, 9, **headers)
    assert (answer.status_code, bool(answer.json()["words"]), Upload.objects.count()) == (status, True, 0)


def test_a_piece_too_large_is_refused(phone: Phone) -> None:
    large = b"x" * (uploads.LARGEST_CHUNK + 1)
    assert phone.put(large, 0, len(large) - 1).status_code == 413
    assert phone.put(large, 0, uploads.LARGEST_CHUNK - 1).status_code == 201


def test_another_length_for_the_same_file_is_refused(phone: Phone) -> None:
    phone.put(PHOTO, 0, 65_535)
    wrong = phone.put(PHOTO, 65_536, 65_600, Content_Range="bytes 65536-65600/400000")
    assert (wrong.status_code, Upload.objects.get().received) == (400, 65_536)


def test_nobody_sees_uses_or_continues_the_file_of_another(phone: Phone, notes: Notes) -> None:
    said = phone.upload(PHOTO)
    stranger = Phone(UserFactory.create())
    assert stranger.head(PHOTO).status_code == 404
    entry = stranger.entry("note", {"text": "một"}, files={"photo": said})
    assert stranger.send(entry)[0]["missing"] == [said["sha256"]]
    assert stranger.put(PHOTO, 0, 65_535).status_code == 201
    assert phone.head(PHOTO)["Upload-Offset"] == "300000"


def test_without_an_account_no_file_is_taken_while_no_kind_wants_one(db: None) -> None:
    stranger = Phone()
    assert (stranger.put(PHOTO, 0, 65_535).status_code, stranger.head(PHOTO).status_code) == (401, 401)
    assert not Upload.objects.exists()


@pytest.mark.parametrize("said", [{"bytes": 5}, {"bytes": 299_999}])
def test_an_entry_that_says_another_length_of_its_file_is_refused(
    phone: Phone, notes: Notes, said: dict[str, Any]
) -> None:
    phone.upload(PHOTO)
    entry = phone.entry("note", {"text": "một"}, files={"photo": {"sha256": sha256(PHOTO), **said}})
    assert phone.states(entry) == ["refused"]
    assert not Entry.objects.exists()


def test_one_person_cannot_fill_the_disk(phone: Phone, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "MOST_WAITING", 600_000)
    for number in range(2):
        assert phone.put(PHOTO[:-1] + bytes([number]), 0, 9).status_code == 201
    full = phone.put(PHOTO, 0, 9)
    assert (full.status_code, bool(full.json()["words"]), Upload.objects.count()) == (429, True, 2)
    assert phone.put(PHOTO[:-1] + bytes([1]), 10, 19).status_code == 200


def test_what_nothing_was_added_to_for_days_is_forgotten_with_its_pieces(phone: Phone) -> None:
    phone.upload(PHOTO)
    phone.put(PHOTO[1:], 0, 9)
    before = timezone.now() - dt.timedelta(days=7)
    Upload.objects.filter(sha256=sha256(PHOTO)).update(touched_at=before - dt.timedelta(seconds=1))
    assert forget(old_uploads(before)) == 1
    assert Upload.objects.get().sha256 == sha256(PHOTO[1:])
    assert Chunk.objects.count() == 1


def test_a_photo_whose_entry_was_taken_takes_no_room_any_more(notes: Notes, phone: Phone) -> None:
    photo = phone.upload(PHOTO)
    assert phone.states(phone.entry("note", {"text": "một"}, files={"photo": photo})) == ["taken"]
    assert (Upload.objects.count(), Chunk.objects.count()) == (0, 0)
