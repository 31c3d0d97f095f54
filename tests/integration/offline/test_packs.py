"""A course as a pack: what a stranger gets and nothing else, named by hashes that stay while the content does."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import Settings
from wagtail.models import PageViewRestriction

from base import outbox
from base.accounts.models import User
from base.offline import packs
from base.offline.packs import Contents, PackSource
from base.shell.pages import page_path
from tests.factories import pages
from tests.factories.accounts import UserFactory
from tests.factories.market import make_manager, make_member, make_photo
from tests.factories.orders import make_cooperative, make_household
from tests.integration.offline.packs import SECRET, School, address_of, contents, make_school, manifest

pytestmark = pytest.mark.django_db

Committing = Callable[..., Any]


@pytest.fixture
def school() -> School:
    return make_school()


@pytest.fixture
def committing(django_capture_on_commit_callbacks: Any) -> Committing:
    """What happens in it is committed: kept pages hear of it."""

    def begin() -> Any:
        return django_capture_on_commit_callbacks(execute=True)

    return begin


def pages_of(told: dict[str, Any]) -> list[str]:
    return [file["url"] for file in told["files"] if file["type"].startswith("text/html")]


def test_manifest_names_pages_style_scripts_by_the_hashes_of_the_bytes_served(
    client: Client, school: School
) -> None:
    told = manifest(client, address_of(school.course))
    got = contents(client, address_of(school.course))
    lessons = [page_path(school.course), page_path(school.first), page_path(school.second)]
    assert pages_of(told) == lessons == list(got)[:3]
    assert {key: told[key] for key in ("format", "kind", "id", "title", "language", "expires", "author")} == {
        "format": 1,
        "kind": "khoa-hoc",
        "id": str(school.course.pk),
        "title": school.course.title,
        "language": "vi",
        "expires": None,
        "author": "",
    }
    assert {"/static/shell/site.css", "/static/shell/site.js", "/static/offline/start.js"} <= set(got)


def test_page_in_a_pack_is_the_page_that_a_stranger_gets(client: Client, school: School) -> None:
    got = contents(client, address_of(school.course))
    path = page_path(school.first)
    assert got[path] == client.get(path).content


def test_signed_in_people_get_the_very_same_pack(school: School) -> None:
    member = make_member(make_household(make_cooperative()))
    client = Client()
    client.force_login(member)
    client.get("/ban/")
    stranger = manifest(Client(), address_of(school.course))
    assert manifest(client, address_of(school.course))["files"] == stranger["files"]
    assert member.last_name.encode() not in b"".join(contents(client, address_of(school.course)).values())


def test_version_is_the_same_for_the_same_content(client: Client, school: School) -> None:
    from django.core.cache import cache

    versions = set()
    for _ in range(3):
        versions.add(manifest(client, address_of(school.course))["version"])
        cache.clear()  # everything is drawn anew
    assert len(versions) == 1


def test_second_manifest_costs_no_query(client: Client, school: School) -> None:
    manifest(client, address_of(school.course))
    with CaptureQueriesContext(connection) as queries:
        manifest(client, address_of(school.course))
    assert [query["sql"] for query in queries] == []


def test_manifest_is_not_sent_twice(client: Client, school: School) -> None:
    etag = client.get(address_of(school.course))["ETag"]
    again = client.get(address_of(school.course), headers={"if-none-match": etag})
    assert (again.status_code, again.content) == (304, b"")


def test_change_of_a_lesson_changes_its_file_alone(
    client: Client, school: School, committing: Committing
) -> None:
    before = manifest(client, address_of(school.course))
    with committing():
        school.second.body = json.dumps([pages.text("<p>Hỏi giá ở chợ trước.</p>")])
        school.second.save_revision().publish()
    after = manifest(client, address_of(school.course))
    old, new = ({file["url"]: file["sha256"] for file in told["files"]} for told in (before, after))
    assert old.keys() == new.keys()
    assert {url for url in old if old[url] != new[url]} == {page_path(school.second)}
    assert before["version"] != after["version"]


def test_file_of_the_version_before_is_not_there_any_more(
    client: Client, school: School, committing: Committing
) -> None:
    address = address_of(school.course)
    old = next(file for file in manifest(client, address)["files"] if file["url"] == page_path(school.first))
    with committing():
        school.first.body = json.dumps([pages.text("<p>Khác.</p>")])
        school.first.save_revision().publish()
    answer = client.get(f"{address}{old['sha256']}/")
    assert (answer.status_code, bool(answer.json()["words"])) == (404, True)


def test_withdrawn_lesson_leaves_the_pack(client: Client, school: School, committing: Committing) -> None:
    manifest(client, address_of(school.course))
    with committing():
        school.second.unpublish()
    told = manifest(client, address_of(school.course))
    assert pages_of(told) == [page_path(school.course), page_path(school.first)]


def test_withdrawn_course_has_no_pack(client: Client, school: School, committing: Committing) -> None:
    kept = manifest(client, address_of(school.course))["files"][1]["sha256"]
    with committing():
        school.course.unpublish()
    for address in (address_of(school.course), f"{address_of(school.course)}{kept}/"):
        assert client.get(address).status_code == 404


def test_pack_ends_when_the_first_of_its_pages_does(client: Client, school: School) -> None:
    ends = timezone.now() + dt.timedelta(days=3)
    school.second.expire_at = ends
    school.second.save_revision().publish()
    assert manifest(client, address_of(school.course))["expires"] == int(ends.timestamp() * 1000)


def test_course_has_a_pack_in_every_language_of_the_site(client: Client, school: School) -> None:
    english = pages.english_of(school.course, title="Selling on the market")
    told = manifest(client, address_of(english, "en"))
    assert (told["language"], told["title"]) == ("en", "Selling on the market")
    # a lesson that nobody has translated is the Vietnamese one, under its English address
    fallback = manifest(client, address_of(make_school().course, "en"))
    assert all(url.startswith("/en/hoc/") for url in pages_of(fallback))
    assert contents(client, address_of(english, "en"))


def test_photo_of_a_lesson_comes_once_in_the_lightest_format(
    client: Client, school: School, committing: Committing
) -> None:
    photo = make_photo()
    with committing():
        photo.is_public = True
        photo.save()
        school.course.cover = photo
        school.course.save_revision().publish()
    from media.renditions import render

    photo.refresh_from_db()
    render(photo)
    outbox.drain()
    got = contents(client, address_of(school.course))
    pictures = [url for url in got if url.startswith("/tep-anh/")]
    assert [url.rpartition(".")[2] for url in pictures] == ["webp"]


def test_photo_in_a_bucket_comes_from_the_pack_under_the_address_that_the_page_names(
    client: Client, school: School, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.core.files.base import ContentFile
    from django.core.files.storage import default_storage

    settings.MEDIA_URL = "https://anh.lang-so.example/so/"
    name = default_storage.save("anh/ab/0123456789abcdef01234567.webp", ContentFile(b"webp"))
    url = f"{settings.MEDIA_URL}{name}"
    source = PackSource("thu", lambda request, id: Contents("Thử", [page_path(school.course), url]))
    monkeypatch.setitem(packs._sources, "thu", source)
    assert contents(client, "/tai-ve/goi/thu/1/")[url] == b"webp"


@pytest.mark.parametrize(
    "path", ["../private/x.jpg", "%2e%2e/private/x.jpg", "/etc/passwd", "anh/../../db.sqlite3"]
)
def test_no_address_leads_out_of_the_public_folders(
    client: Client, school: School, settings: Settings, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    outside = [f"{settings.MEDIA_URL}{path}", f"{settings.STATIC_URL}{path}"]
    source = PackSource("thu", lambda request, id: Contents("Thử", [page_path(school.course), *outside]))
    monkeypatch.setitem(packs._sources, "thu", source)
    got = contents(client, "/tai-ve/goi/thu/1/")
    assert not [url for url in got if url in outside]


def test_unknown_packs_are_404_in_words(client: Client, school: School) -> None:
    for path in (
        "khoa-hoc/999999",
        "khoa-hoc/x",
        "khoa-hoc/99999999999999999999",
        "khong-co/1",
        f"khoa-hoc/{school.first.pk}",
    ):
        answer = client.get(f"/tai-ve/goi/{path}/")
        assert (answer.status_code, list(answer.json())) == (404, ["words"]), path
    for name in ("0" * 64, "x", "../../settings"):
        assert client.get(f"{address_of(school.course)}{name}/").status_code == 404


def people() -> dict[str, User | None]:
    cooperative = make_cooperative()
    editor = UserFactory.create()
    editor.groups.set(Group.objects.filter(name="Biên tập viên"))
    return {
        "guest": None,
        "learner": UserFactory.create(),
        "household": make_member(make_household(cooperative)),
        "manager": make_manager(cooperative),
        "editor": editor,
        "superuser": UserFactory.create(is_staff=True, is_superuser=True),
    }


def plant_secrets(school: School) -> None:
    """Put SECRET where no stranger can read it: a draft, a closed page, one that is over, a change not published."""
    body = pages.text(f"<p>{SECRET}</p>")
    pages.lesson(school.course, f"Nháp {SECRET}", body, live=False)
    closed = pages.lesson(school.course, f"Riêng {SECRET}", body)
    PageViewRestriction.objects.create(page=closed, restriction_type="login")
    locked = pages.lesson(school.course, f"Khóa {SECRET}", body)
    PageViewRestriction.objects.create(page=locked, restriction_type="password", password=SECRET)
    over = pages.lesson(school.course, f"Hết {SECRET}", body)
    type(over).objects.filter(pk=over.pk).update(expire_at=timezone.now() - dt.timedelta(minutes=1))
    school.first.body = json.dumps([body])
    school.first.title = f"Sửa {SECRET}"
    school.first.save_revision()  # not published


@pytest.mark.parametrize("who", ["guest", "learner", "household", "manager", "editor", "superuser"])
def test_drafts_and_closed_pages_are_in_nobodys_pack(school: School, who: str) -> None:
    plant_secrets(school)
    client, person = Client(), people()[who]
    if person is not None:
        client.force_login(person)
    told = manifest(client, address_of(school.course))
    assert SECRET not in json.dumps(told)
    assert SECRET.encode() not in b"".join(contents(client, address_of(school.course)).values())


@pytest.mark.parametrize("restriction", ["login", "password", "groups"])
def test_closed_course_has_no_pack_not_even_for_who_may_read_it(school: School, restriction: str) -> None:
    PageViewRestriction.objects.create(page=school.course, restriction_type=restriction, password="mat-khau")
    client = Client()
    client.force_login(UserFactory.create(is_staff=True, is_superuser=True))
    assert client.get(address_of(school.course)).status_code == 404


def test_the_planted_secrets_would_be_seen(school: School) -> None:
    """The same scene with a secret on an open page, so that the test above means something."""
    pages.lesson(school.course, "Mở", pages.text(f"<p>{SECRET}</p>"))
    assert SECRET.encode() in b"".join(contents(Client(), address_of(school.course)).values())
