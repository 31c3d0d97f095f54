"""The signed file: whole, checkable by anybody with the public key, worthless after one changed byte."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import re
import zipfile

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.test import Client
from pytest_django import Settings

from base.offline import views
from tests.integration.offline.packs import School, address_of, contents, make_school, manifest

pytestmark = pytest.mark.django_db


@pytest.fixture
def school() -> School:
    return make_school()


def carried(client: Client, school: School) -> zipfile.ZipFile:
    answer = client.get(f"{address_of(school.course)}goi.langso")
    assert answer.status_code == 200
    assert answer["Content-Disposition"] == f'attachment; filename="khoa-hoc-{school.course.pk}-vi.langso"'
    return zipfile.ZipFile(io.BytesIO(answer.content))


def public_key(client: Client) -> Ed25519PublicKey:
    """The key that the page /tai-ve/ gives to phones."""
    found = re.search(r'data-key="([^"]+)"', client.get("/tai-ve/").content.decode())
    assert found
    return Ed25519PublicKey.from_public_bytes(base64.b64decode(found[1]))


def test_file_holds_the_manifest_and_every_blob_by_its_hash(client: Client, school: School) -> None:
    archive = carried(client, school)
    told = json.loads(archive.read("manifest.json"))
    online = manifest(client, address_of(school.course))
    assert told == online
    blobs = {
        name.removeprefix("tep/"): archive.read(name)
        for name in archive.namelist()
        if name.startswith("tep/")
    }
    assert {hashlib.sha256(data).hexdigest() for data in blobs.values()} == set(blobs)
    by_url = {file["url"]: blobs[file["sha256"]] for file in told["files"]}
    assert by_url == contents(client, address_of(school.course))


def test_names_in_it_are_ours_and_nothing_is_compressed(client: Client, school: School) -> None:
    archive = carried(client, school)
    assert all(
        re.fullmatch(r"manifest\.json|signature|tep/[0-9a-f]{64}", name) for name in archive.namelist()
    )
    assert {info.compress_type for info in archive.infolist()} == {zipfile.ZIP_STORED}
    assert len(set(archive.namelist())) == len(archive.namelist())


def test_signature_is_good_and_bad_after_one_changed_byte(client: Client, school: School) -> None:
    archive = carried(client, school)
    signature, message, key = archive.read("signature"), archive.read("manifest.json"), public_key(client)
    key.verify(signature, message)
    for place in range(0, len(message), 97):
        changed = bytearray(message)
        changed[place] ^= 1
        with pytest.raises(InvalidSignature):
            key.verify(signature, bytes(changed))


def test_key_of_another_site_is_refused(client: Client, school: School, settings: Settings) -> None:
    archive = carried(client, school)
    settings.PACK_SIGNING_KEY = base64.b64encode(b"k" * 32).decode()
    from django.core.cache import cache

    cache.clear()
    with pytest.raises(InvalidSignature):
        public_key(client).verify(archive.read("signature"), archive.read("manifest.json"))


def test_the_same_pack_is_the_same_file(client: Client, school: School) -> None:
    address = f"{address_of(school.course)}goi.langso"
    assert client.get(address).content == client.get(address).content


def test_too_many_are_refused_in_words_and_say_for_how_long(
    client: Client, school: School, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "EXPORTS", 2)
    address = f"{address_of(school.course)}goi.langso"
    codes = [client.get(address) for _ in range(3)]
    assert [answer.status_code for answer in codes] == [200, 200, 429]
    assert codes[-1]["Retry-After"] == "3600"


@pytest.mark.parametrize("key", ["không phải base64", base64.b64encode(b"short").decode(), "===="])
def test_signing_key_that_signs_nothing_fails_the_check(settings: Settings, key: str) -> None:
    settings.PACK_SIGNING_KEY = key
    with pytest.raises(SystemCheckError, match=r"offline\.E001"):
        call_command("check", tags=["security"])


def test_key_is_told_from_the_secret_key_when_none_is_set(settings: Settings) -> None:
    from base.offline.signing import public_key as current

    first = current()
    settings.SECRET_KEY = "another-" + "y" * 50
    assert current() != first
