"""The desk as a pack: drawn for its owner, for nobody else, without what is true for one moment only."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from base.intake.authors import author_key
from base.offline import packs
from base.offline.packs import Contents, PackSource
from base.shell.pages import page_path
from marketplace.catalogue.models import ListingState
from tests.factories.accounts import UserFactory
from tests.factories.market import make_good_in, make_manager, make_member, make_photo
from tests.factories.orders import make_cooperative, make_household
from tests.integration.offline.packs import contents, make_school, manifest

pytestmark = pytest.mark.django_db

DESK = "/tai-ve/goi/ban/toi/"


class House:
    """A household with a draft, and its member's browser."""

    def __init__(self, name: str, colour: str) -> None:
        self.household = make_household(make_cooperative(f"Hợp tác xã {name}"), f"Hộ {name}")
        self.member = make_member(self.household)
        self.photo = make_photo(self.member, colour)
        self.draft = make_good_in(ListingState.DRAFT, self.household, f"Măng của {name}", cover=self.photo)
        self.client = Client()
        self.client.force_login(self.member)


@pytest.fixture
def ours() -> House:
    return House("Chiềng Đi", "green")


@pytest.fixture
def theirs() -> House:
    return House("Đăk Tô", "red")


def test_desk_holds_her_goods_and_the_form_and_says_whose_it_is(ours: House) -> None:
    told = manifest(ours.client, DESK)
    got = contents(ours.client, DESK)
    assert [url for url in got if url.startswith("/ban/")] == ["/ban/", "/ban/hang/them/", "/ban/don/"]
    assert "Măng của Chiềng Đi" in got["/ban/"].decode()
    assert (told["author"], told["expires"] > told["made"]) == (author_key(ours.member), True)


def test_desk_is_never_kept_by_anybody_between(ours: House) -> None:
    known = manifest(ours.client, DESK)["files"][0]["sha256"]
    told = {ours.client.get(address)["Cache-Control"] for address in (DESK, f"{DESK}{known}/")}
    assert told == {"private, no-store"}


def test_everybody_gets_her_own_desk_and_files_of_another_are_not_there(ours: House, theirs: House) -> None:
    secret = [
        file["sha256"]
        for file in manifest(ours.client, DESK)["files"]
        if file["url"].startswith(("/ban/", "/tep/"))
    ]
    got = contents(theirs.client, DESK)
    assert "Chiềng Đi" not in b"".join(got.values()).decode("utf-8", "replace")
    answers = {theirs.client.get(f"{DESK}{name}/").status_code for name in secret}
    assert answers == {404}


@pytest.mark.parametrize("who", ["guest", "learner", "manager", "superuser"])
def test_whoever_has_no_household_is_refused_in_words(ours: House, who: str) -> None:
    known = manifest(ours.client, DESK)["files"][0]["sha256"]
    client = Client()
    person = {
        "guest": None,
        "learner": UserFactory.create(),
        "manager": make_manager(ours.household.cooperative),
        "superuser": UserFactory.create(is_staff=True, is_superuser=True),
    }[who]
    if person is not None:
        client.force_login(person)
    for address in (DESK, f"{DESK}{known}/", f"{DESK}{'0' * 64}/"):
        answer = client.get(address)
        assert (answer.status_code, list(answer.json())) == (403, ["words"])


def test_member_who_left_gets_no_page_of_a_list_she_fetched_before(ours: House) -> None:
    names = [
        file["sha256"] for file in manifest(ours.client, DESK)["files"] if file["url"].startswith("/ban/")
    ]
    ours.household.users.remove(ours.member)
    assert {ours.client.get(f"{DESK}{name}/").status_code for name in names} <= {403, 404}


def test_nobody_may_carry_a_desk_away_signed(ours: House) -> None:
    assert ours.client.get(f"{DESK}goi.langso").status_code == 404


def test_desk_is_the_same_while_nothing_changes_and_another_after(ours: House) -> None:
    versions = [manifest(ours.client, DESK)["version"] for _ in range(3)]
    make_good_in(ListingState.DRAFT, ours.household, "Gà đồi")
    assert len(set(versions)) == 1
    assert manifest(ours.client, DESK)["version"] != versions[0]


def test_desk_holds_no_token_and_no_id_of_one_form(ours: House) -> None:
    got = contents(ours.client, DESK)
    online = ours.client.get("/ban/hang/them/").content.decode()
    assert "csrfmiddlewaretoken" in online or "entry_id" in online  # so that the next line means something
    assert not [
        url
        for url, data in got.items()
        if url.startswith("/ban/") and (b"csrfmiddlewaretoken" in data or b'name="entry_id"' in data)
    ]


def test_forms_that_a_copy_cannot_send_are_switched_off(ours: House) -> None:
    make_good_in(ListingState.SUBMITTED, ours.household, "Gà đồi")
    html = contents(ours.client, DESK)["/ban/"].decode()
    posts = [tag for tag in re.findall(r"<form\b[^>]*>", html) if 'method="post"' in tag]
    assert posts
    assert all("inert" in tag or "data-queue" in tag for tag in posts)


def test_message_for_her_still_waits_on_her_page(ours: House) -> None:
    """A pack that is fetched behind her back must not eat "Saved"."""
    key = make_good_in(ListingState.APPROVED, ours.household, "Gà đồi").key
    ours.client.post(
        f"/ban/hang/{key}/con-lai/",
        {"left": "7", "left_was": "10"},
        headers={"sec-fetch-site": "same-origin"},
    )
    got = contents(ours.client, DESK)
    page = ours.client.get("/ban/").content.decode()
    assert ("còn 7" in got["/ban/"].decode(), "còn 7" in page) == (False, True)


def test_picture_as_it_was_sent_stays_at_home(ours: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not rendered yet: the page shows the stored photo, which may weigh megabytes."""
    monkeypatch.setattr("base.offline.building.LARGEST_PRIVATE_PICTURE", 10)
    assert not [url for url in contents(ours.client, DESK) if url.startswith("/tep/")]


def test_page_says_whose_it_is_and_a_public_page_does_not(ours: House) -> None:
    desk = ours.client.get("/ban/").content.decode()
    assert f'data-author="{author_key(ours.member)}" data-name="{ours.member.get_full_name()}"' in desk
    assert "data-author" not in ours.client.get("/cho/").content.decode()
    assert 'data-author="" data-name=""' in Client().get("/hoc/cua-toi/").content.decode()


def test_public_source_that_names_closed_addresses_gets_nothing_of_them(
    ours: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever registers a source carelessly cannot give a desk away: strangers do not get it."""
    school = make_school()
    first = page_path(school.course)
    closed = [
        "/ban/",
        "/gio/",
        "/tai-khoan/",
        "/hoc/cua-toi/",
        "/quan-tri/",
        "/don/",
        f"/tep/anh/{ours.photo.key}/",
    ]
    careless = PackSource("thu", lambda request, id: Contents("Thử", [first, *closed]))
    monkeypatch.setitem(packs._sources, "thu", careless)
    got = contents(ours.client, "/tai-ve/goi/thu/1/")
    assert {url for url in got if not url.startswith("/static/")} == {first}


def test_every_private_kind_refuses_who_is_not_signed_in() -> None:
    kinds = [source.kind for source in packs._sources.values() if source.is_private]
    ids = ("toi", "1", "1-2026-11-24", "0", "x")
    told = {(kind, id): Client().get(f"/tai-ve/goi/{kind}/{id}/").status_code for kind in kinds for id in ids}
    assert (len(kinds) >= 2, set(told.values())) == (True, {403})


def test_two_sources_of_one_kind_are_an_error() -> None:
    from django.core.exceptions import ImproperlyConfigured

    with pytest.raises(ImproperlyConfigured):
        packs.register(PackSource("khoa-hoc", lambda request, id: Contents("", [])))
