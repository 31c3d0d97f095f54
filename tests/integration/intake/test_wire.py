"""What a phone hears for each entry: taken once, in conflict, refused, waiting, somebody else's."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest
from django.contrib.sites.models import Site
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from base.accounts.models import User
from base.intake.authors import author_key
from base.intake.models import Entry
from tests.factories.accounts import UserFactory
from tests.integration.intake.conftest import Notes
from tests.integration.intake.phone import HERE, Phone, now_ms

pytestmark = pytest.mark.django_db
YEAR_MS = 365 * 24 * 3600 * 1000


def test_an_entry_is_taken_once_and_answers_the_same_each_time(phone: Phone, notes: Notes) -> None:
    entry = phone.entry("note", {"text": "một"})
    first, again = phone.send(entry)[0], phone.send(entry)[0]
    assert first == {
        "id": entry["id"],
        "state": "taken",
        "words": "Đã nhận được câu trả lời của bạn.",
        "url": "/note/một",
        "errors": {"text": ["Ảnh"]},
        "missing": [],
    }
    assert again == {**first, "again": True}
    assert (len(notes.taken), Entry.objects.count()) == (1, 1)


def test_the_frame_of_the_answer_says_who_is_signed_in_and_what_time_it_is(
    phone: Phone, mai: User, notes: Notes
) -> None:
    answer = phone.post([phone.entry("note", {"text": "một"})]).json()
    assert (answer["author"], abs(answer["now"] - now_ms()) < 60_000) == (author_key(mai), True)


def test_another_body_or_file_under_the_same_id_is_a_conflict_that_leads_to_the_first(
    phone: Phone, notes: Notes
) -> None:
    entry = phone.entry("note", {"text": "một"})
    phone.send(entry)
    for other in ({"body": {"text": "hai"}}, {"files": {"photo": {"sha256": "a" * 64, "bytes": 3}}}):
        answer = phone.post([{**entry, **other}])
        result = answer.json()["results"][0]
        assert (answer.status_code, result["state"], result["url"]) == (409, "conflict", "/note/một")
    assert len(notes.taken) == 1


def test_a_later_clock_or_another_place_in_line_is_still_the_same_entry(phone: Phone, notes: Notes) -> None:
    entry = phone.entry("note", {"text": "một"})
    phone.send(entry)
    assert phone.send({**entry, "made_at": 0, "after": str(uuid.uuid4())})[0]["again"]


@pytest.mark.parametrize(
    ("then", "state", "status"), [("refuse", "refused", 403), ("wait", "waits", 202), ("break", "waits", 202)]
)
def test_what_a_kind_does_not_take_leaves_nothing_behind(
    phone: Phone, notes: Notes, then: str, state: str, status: int
) -> None:
    answer = phone.post([phone.entry("note", {"text": "một", "then": then})])
    result = answer.json()["results"][0]
    assert (answer.status_code, result["state"], bool(result["words"])) == (status, state, True)
    assert not Entry.objects.exists()
    assert not Site.objects.filter(name="một").exists()


def test_one_bad_entry_harms_no_other_and_answers_keep_their_order(phone: Phone, notes: Notes) -> None:
    good = [phone.entry("note", {"text": text}) for text in ("a", "b", "c")]
    bad = [
        phone.entry("note", {"text": "x", "then": "break"}),
        phone.entry("note", {"text": 5}),
        phone.entry("nobody-knows", {}),
        "not an entry",
    ]
    sent = [good[0], bad[0], good[1], bad[1], bad[2], bad[3], good[2]]
    answer = phone.post(sent)
    states = [result["state"] for result in answer.json()["results"]]
    assert states == ["taken", "waits", "taken", "refused", "refused", "refused", "taken"]
    ids = [result["id"] for result in answer.json()["results"]]
    assert ids == [one["id"] if isinstance(one, dict) else None for one in sent]
    assert answer.status_code == 200
    written = Site.objects.filter(domain__regex="^[0-9a-f]{32}$").order_by("pk")
    assert list(written.values_list("name", flat=True)) == ["a", "b", "c"]


def test_who_is_not_signed_in_gets_no_session_for_what_is_not_taken(mai: User, notes: Notes) -> None:
    mine, stranger = Phone(mai), Phone()
    assert (
        stranger.states(mine.entry("note", {"text": "a"}), mine.entry("note", {"text": "b"})) == ["other"] * 2
    )
    assert not stranger.client.cookies


def test_the_same_entry_twice_in_a_batch_is_taken_once(phone: Phone, notes: Notes) -> None:
    entry = phone.entry("note", {"text": "một"})
    assert phone.states(entry, entry, {**entry, "body": {"text": "hai"}}) == ["taken", "taken", "conflict"]
    assert len(notes.taken) == 1


def test_an_entry_waits_for_the_one_it_builds_on_and_knows_what_came_of_it(
    phone: Phone, notes: Notes
) -> None:
    first = phone.entry("note", {"text": "một"})
    second = phone.entry("note", {"text": "hai", "of": first["id"]}, after=first["id"])
    assert phone.post([second]).status_code == 202
    assert phone.states(second, first) == ["waits", "taken"]
    assert phone.states(second) == ["taken"]
    assert notes.receipts == ["kết quả của một"]


def test_what_others_sent_is_nothing_to_build_on(phone: Phone, notes: Notes) -> None:
    theirs = Phone(UserFactory.create()).entry("note", {"text": "một"})
    hers = phone.entry("note", {"text": "hai"}, after=theirs["id"])
    other = Phone(UserFactory.create())
    other.send({**theirs, "author": other.author})
    assert phone.states(hers) == ["waits"]


# --- whose it is ------------------------------------------------------------------------------------------------------


def test_an_entry_of_somebody_else_is_held_back_whoever_is_signed_in(phone: Phone, notes: Notes) -> None:
    her = UserFactory.create()
    for sender in (phone, Phone()):
        answer = sender.post([sender.entry("note", {"text": "một"}, author=author_key(her))])
        assert (answer.status_code, answer.json()["results"][0]["state"]) == (401, "other")
    assert phone.states(phone.entry("public-note", {"text": "một"}, author="")) == ["other"]
    assert not Entry.objects.exists()
    assert Phone(her).states(phone.entry("note", {"text": "một"}, author=author_key(her))) == ["taken"]


def test_without_an_account_only_kinds_that_need_none_are_taken(notes: Notes) -> None:
    stranger = Phone()
    assert stranger.states(stranger.entry("note", {"text": "một"})) == ["other"]
    entry = stranger.entry("public-note", {"text": "một"})
    assert (stranger.states(entry), stranger.send(entry)[0].get("again")) == (["taken"], True)
    assert Phone().states(entry) == ["taken"]  # another phone's entry, which happens to have this id
    assert Entry.objects.filter(user=None).count() == 2


def test_a_person_keeps_her_entries_when_the_secret_changes(
    settings: Settings, mai: User, notes: Notes
) -> None:
    before = author_key(mai)
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "another-" + "y" * 40
    phone = Phone(mai)
    told = phone.client.get("/gui/toi/").json()
    assert (told["author"] != before, told["formerly"]) == (True, [before])
    assert phone.states(phone.entry("note", {"text": "một"}, author=before)) == ["taken"]


def test_who_is_signed_in_is_told_to_nobody_else_and_never_kept(phone: Phone, mai: User) -> None:
    told = phone.client.get("/gui/toi/")
    assert told.json() == {
        "author": author_key(mai),
        "formerly": [],
        "name": "Lò Thị Mai",
        "now": told.json()["now"],
    }
    assert "no-store" in told["Cache-Control"]
    assert (len(author_key(mai)), str(mai.pk) in author_key(mai)) == (16, False)
    nobody = Client().get("/gui/toi/").json()
    assert (nobody["author"], nobody["name"]) == ("", "")


# --- clocks and languages ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("off_ms", [0, 10 * YEAR_MS, -10 * YEAR_MS, 2**52, -(2**52)])
def test_the_time_is_right_however_wrong_the_clock_of_the_phone(mai: User, notes: Notes, off_ms: int) -> None:
    phone = Phone(mai, clock_ms=off_ms)
    made = now_ms() + off_ms - 2 * 3600 * 1000
    phone.send(phone.entry("note", {"text": "một"}, made_at=made))
    ago = timezone.now() - notes.taken[0][1]
    assert dt.timedelta(hours=2) <= ago < dt.timedelta(hours=2, minutes=2)


@pytest.mark.parametrize(
    ("made_ms_ago", "days"), [(-5 * YEAR_MS, 0), (0, 0), (500 * 24 * 3600 * 1000, 400), (2**50, 400)]
)
def test_a_time_that_cannot_be_is_brought_within_400_days(
    phone: Phone, notes: Notes, made_ms_ago: int, days: int
) -> None:
    phone.send(phone.entry("note", {"text": "một"}, made_at=now_ms() - made_ms_ago))
    ago = timezone.now() - notes.taken[0][1]
    assert dt.timedelta(days=days) <= ago < dt.timedelta(days=days, minutes=2)


HOUR_MS = 3600 * 1000
DAYS_MS = 24 * HOUR_MS


@pytest.mark.parametrize(
    ("told_off_ms", "written_off_ms", "sent_off_ms", "minutes"),
    [
        pytest.param(-30 * DAYS_MS, -30 * DAYS_MS, 0, 30, id="behind, set right before sending"),
        pytest.param(8 * DAYS_MS, 8 * DAYS_MS, 0, 30, id="ahead, set right before sending"),
        pytest.param(0, -9 * YEAR_MS, 0, 60, id="1970 when it was written: not before it was told the time"),
        pytest.param(0, -9 * YEAR_MS, -9 * YEAR_MS, 30, id="set back before writing, still so when sent"),
        pytest.param(0, 8 * DAYS_MS, 8 * DAYS_MS, 30, id="set ahead before writing, still so when sent"),
        pytest.param(0, -20_000, 20_000, 31, id="off by seconds: as the phone's own clock says"),
    ],
)
def test_a_clock_that_was_set_meanwhile_does_not_change_the_time(
    phone: Phone, notes: Notes, told_off_ms: int, written_off_ms: int, sent_off_ms: int, minutes: int
) -> None:
    """Told the time an hour ago, written half an hour ago, sent now; each by the phone's clock of that moment."""
    now = now_ms()
    told = {"now": now - HOUR_MS, "at": now - HOUR_MS + told_off_ms}
    entry = phone.entry("note", {"text": "một"}, made_at=now - HOUR_MS // 2 + written_off_ms)
    assert phone.send(entry, sent_at=now + sent_off_ms, told=[told])[0]["state"] == "taken"
    ago = timezone.now() - notes.taken[0][1]
    assert dt.timedelta(minutes=minutes - 1) < ago < dt.timedelta(minutes=minutes + 2)


@pytest.mark.parametrize("told", ["", {}, [], [5], [None], [{}], [{"now": "x", "at": 1}], [{"now": 1.5}]])
def test_what_cannot_be_read_of_the_time_harms_no_entry(phone: Phone, notes: Notes, told: object) -> None:
    entry = phone.entry("note", {"text": "một"}, made_at=now_ms() - HOUR_MS)
    assert phone.send(entry, told=told)[0]["state"] == "taken"
    assert timezone.now() - notes.taken[0][1] < dt.timedelta(minutes=62)


def test_words_come_in_the_language_of_the_page(phone: Phone, notes: Notes) -> None:
    for language, words in (
        ("en", "Your answers have arrived."),
        ("xx", "Đã nhận được câu trả lời của bạn."),
        (5, "Đã nhận được câu trả lời của bạn."),
    ):
        assert phone.send(phone.entry("note", {"text": "một"}), language=language)[0]["words"] == words


# --- the door ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "headers",
    [{"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}, {"Origin": "https://evil.example"}],
)
def test_other_sites_cannot_send(mai: User, notes: Notes, headers: dict[str, str]) -> None:
    phone = Phone(mai)
    phone.client = Client(headers=headers)
    phone.client.force_login(mai)
    for answer in (
        phone.post([phone.entry("note", {"text": "một"})]),
        phone.put(b"abc", 0, 2),
        phone.client.put(f"/gui/tep/{'a' * 64}/"),
    ):
        assert answer.status_code == 403
        assert answer.json()["words"]
    assert phone.client.head(f"/gui/tep/{'a' * 64}/").status_code == 403
    assert not Entry.objects.exists()


def test_too_many_requests_are_told_to_wait(
    phone: Phone, notes: Notes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("base.access.rates.hit", lambda *_arguments: False)
    answer = phone.post([])
    assert (answer.status_code, answer["Retry-After"], bool(answer.json()["words"])) == (429, "60", True)


def test_an_empty_batch_is_well(phone: Phone) -> None:
    assert (phone.post([]).status_code, phone.post([]).json()["results"]) == (200, [])


def test_a_get_leads_nowhere(phone: Phone) -> None:
    assert phone.client.get("/gui/").status_code == 405
    assert phone.client.get(f"/gui/tep/{'a' * 64}/").status_code == 405
    assert phone.client.post("/gui/toi/", headers=HERE).status_code in (403, 405)


def test_entries_whose_clock_cannot_be_told_keep_the_order_in_which_they_were_sent(
    notes: Notes, phone: Phone
) -> None:
    long_ago = 0  # 1970: a phone without its battery
    entries = [phone.entry("note", {"text": text}, made_at=long_ago) for text in ("một", "hai", "ba")]
    phone.post(entries)
    times = [made_at for _text, made_at in notes.taken]
    assert times == sorted(set(times))
