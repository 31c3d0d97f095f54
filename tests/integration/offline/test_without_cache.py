"""A cache that cannot be written, or not even read: phones get the same worker and the same packs, only slower."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client
from pytest_django import Settings

from base.offline import packs
from base.offline.packs import Contents, PackSource
from base.places.models import Commune, Province
from base.shell.pages import page_path
from search.narrowing import place_of
from tests.factories.market import make_member
from tests.factories.orders import make_cooperative, make_household
from tests.integration.offline.packs import address_of, contents, make_school, manifest

pytestmark = pytest.mark.django_db

NOBODY_WRITES_HERE = "/proc/langso"  # not even root; a read finds nothing there


def break_cache(settings: Settings, location: str | Path) -> None:
    settings.CACHES = {"default": settings.CACHES["default"] | {"LOCATION": str(location)}}


@pytest.fixture(params=["never written", "never read"])
def without_cache(request: pytest.FixtureRequest, settings: Settings, tmp_path: Path) -> None:
    file = tmp_path / "cache"
    file.touch()
    break_cache(settings, NOBODY_WRITES_HERE if request.param == "never written" else file)


def test_worker_stays_the_same_when_the_disk_of_the_cache_is_full(
    client: Client, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("base.offline.worker.release", lambda: "of-this-test")  # as if files were collected
    before = client.get("/sw.js")
    break_cache(settings, NOBODY_WRITES_HERE)
    after = client.get("/sw.js")
    assert (after.status_code, after.content) == (200, before.content)


def test_worker_is_made_when_the_cache_cannot_even_be_read(
    client: Client, without_cache: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("base.offline.worker.release", lambda: "of-this-test")
    assert [client.get("/sw.js").status_code for _ in range(2)] == [200, 200]


def test_pack_is_whole_without_a_cache(
    client: Client, settings: Settings, monkeypatch: pytest.MonkeyPatch, without_cache: None
) -> None:
    course = make_school().course
    picture = f"{settings.MEDIA_URL}{default_storage.save('anh/ab/cdef.webp', ContentFile(b'webp'))}"
    source = PackSource("thu", lambda request, id: Contents("Thử", [page_path(course), picture]))
    monkeypatch.setitem(packs._sources, "thu", source)
    assert contents(client, "/tai-ve/goi/thu/1/")[picture] == b"webp"


def test_version_of_a_pack_is_the_same_with_and_without_a_cache(client: Client, settings: Settings) -> None:
    address = address_of(make_school().course)
    before = manifest(client, address)
    break_cache(settings, NOBODY_WRITES_HERE)
    assert manifest(client, address)["version"] == before["version"]


def test_desk_is_whole_without_a_cache(client: Client, without_cache: None) -> None:
    client.force_login(make_member(make_household(make_cooperative())))
    assert "/ban/" in contents(client, "/tai-ve/goi/ban/toi/")


def test_place_is_found_without_a_cache(without_cache: None) -> None:
    province = Province.objects.create(code="98", name="Thử", full_name="Tỉnh Thử")
    Commune.objects.create(code="98765", name="Thử", full_name="Xã Thử", province=province)
    assert place_of("98765") == ("Xã Thử", "98")
