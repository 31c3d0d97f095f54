"""What a phone is told about its packs when it meets the site again."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client
from wagtail.models import PageViewRestriction

from base.offline import building
from base.offline.rendering import Unavailable
from tests.factories import pages
from tests.factories.market import make_member
from tests.factories.orders import make_cooperative, make_household
from tests.integration.offline.packs import School, address_of, make_school, manifest

pytestmark = pytest.mark.django_db

CONTACT = "/tai-ve/goi/"


@pytest.fixture
def school() -> School:
    return make_school()


@pytest.fixture
def client() -> Client:
    return Client(headers={"sec-fetch-site": "same-origin"})


def ask(client: Client, *packs: dict[str, Any]) -> list[dict[str, Any]]:
    answer = client.post(CONTACT, json.dumps({"packs": packs}), content_type="application/json")
    assert answer.status_code == 200, answer.content
    return answer.json()["packs"]


def known(client: Client, address: str) -> dict[str, Any]:
    """What a phone remembers of a pack."""
    told = manifest(client, address)
    return {name: told[name] for name in ("kind", "id", "language", "version")}


def states(client: Client, *packs: dict[str, Any]) -> list[str]:
    return [one["state"] for one in ask(client, *packs)]


def test_pack_is_the_same_changed_or_gone(
    client: Client, school: School, django_capture_on_commit_callbacks: Any
) -> None:
    mine = known(client, address_of(school.course))
    assert states(client, mine) == ["same"]
    with django_capture_on_commit_callbacks(execute=True):
        school.second.unpublish()
    changed = ask(client, mine)[0]
    now = manifest(client, address_of(school.course))
    assert (changed["state"], changed["version"], changed["bytes"]) == (
        "changed",
        now["version"],
        now["bytes"],
    )
    with django_capture_on_commit_callbacks(execute=True):
        school.course.unpublish()
    assert states(client, mine) == ["gone"]


def test_course_that_was_closed_is_gone_for_everybody(
    client: Client, school: School, django_capture_on_commit_callbacks: Any
) -> None:
    mine = known(client, address_of(school.course))
    with django_capture_on_commit_callbacks(execute=True):
        PageViewRestriction.objects.create(page=school.course, restriction_type="login")
    assert states(client, mine) == ["gone"]


def test_each_language_is_asked_for_by_itself(client: Client, school: School) -> None:
    english = pages.english_of(school.course, title="Selling")
    both = known(client, address_of(school.course)), known(client, address_of(english, "en"))
    assert [one["language"] for one in both] == ["vi", "en"]
    assert states(client, *both) == ["same", "same"]
    assert states(client, {**both[0], "language": "hmn"}) == ["gone"]


def test_desk_is_held_while_nobody_is_signed_in_and_gone_for_who_left(client: Client) -> None:
    household = make_household(make_cooperative())
    member = make_member(household)
    client.force_login(member)
    mine = known(client, "/tai-ve/goi/ban/toi/")
    assert states(client, mine) == ["same"]
    assert states(Client(headers={"sec-fetch-site": "same-origin"}), mine) == ["held"]
    household.users.remove(member)
    assert states(client, mine) == ["gone"]


def test_what_cannot_be_looked_at_now_is_not_gone(
    client: Client, school: School, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine = known(client, address_of(school.course))

    def fails(*args: Any) -> Any:
        raise Unavailable

    monkeypatch.setattr(building, "as_stranger", fails)
    monkeypatch.setattr(building.generations, "are_current", lambda tokens: False)
    assert states(client, mine) == ["same"]
    answer = client.get(address_of(school.course))
    assert (answer.status_code, answer["Retry-After"], list(answer.json())) == (503, "60", ["words"])


def test_page_that_breaks_does_not_take_packs_off_phones(
    client: Client, school: School, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    """The real way there: a page of the course answers 500."""
    client.raise_request_exception = False
    mine = known(client, address_of(school.course))
    with django_capture_on_commit_callbacks(execute=True):
        school.course.save_revision().publish()

    def breaks(*args: Any, **kwargs: Any) -> Any:
        raise RuntimeError("broken template")

    monkeypatch.setattr("learning.models.CoursePage.get_context", breaks)
    assert states(client, mine) == ["same"]


@pytest.mark.parametrize(
    "body",
    [
        "",
        "{",
        "[]",
        "null",
        '{"packs": 3}',
        '{"packs": [3]}',
        '{"packs": [{"kind": "../x", "id": "1", "language": "vi"}]}',
        '{"packs": [{"kind": 1, "id": "1", "language": "vi"}]}',
        '{"packs": [{"kind": "khoa-hoc", "id": "1", "language": "vi", "version": {}}]}',
        "[" * 60_000,
        '{"packs": [{"kind": "khoa-hoc", "id": "\\ud800", "language": "vi", "version": "1"}]}',
    ],
)
def test_what_is_no_question_is_refused_in_words(client: Client, body: str) -> None:
    answer = client.post(CONTACT, body, content_type="application/json")
    assert (answer.status_code, list(answer.json())) == (400, ["words"])


def test_question_that_is_too_long_is_refused(client: Client) -> None:
    assert client.post(CONTACT, "x" * 70_000, content_type="application/json").status_code == 413


def test_no_more_than_a_phone_can_hold_is_looked_at(client: Client) -> None:
    many = [
        {"kind": "khoa-hoc", "id": str(number), "language": "vi", "version": "1"} for number in range(200)
    ]
    assert len(ask(client, *many)) == 100


def test_another_site_cannot_ask(school: School) -> None:
    stranger = Client(headers={"sec-fetch-site": "cross-site"})
    assert stranger.post(CONTACT, "{}", content_type="application/json").status_code == 403
