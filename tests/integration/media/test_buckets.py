"""Photos and files in two buckets (a loopback test double of S3): what is private never lies where anybody reads."""

from __future__ import annotations

import urllib.error
import urllib.request
from collections.abc import Iterator

import pytest
from django.core.files.storage import storages
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from base import outbox
from base.accounts.models import User
from config.settings.files import bucket
from media.photos import add_photo, publish, withdraw
from tests.integration.media.conftest import upload
from tests.integration.media.s3_double import Store, s3_double

pytestmark = pytest.mark.django_db(transaction=True)
pytest.importorskip("storages")


@pytest.fixture
def store(folders: object, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    """The two buckets, in place of the folders."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    with s3_double(public="anh", private="rieng") as double:
        settings.STORAGES = {
            **settings.STORAGES,
            "default": bucket("anh", double.url, "", f"{double.url}/anh/"),
            "private": bucket("rieng", double.url, ""),
        }
        yield double


def status(url: str) -> int:
    """What a stranger is answered."""
    try:
        with urllib.request.urlopen(url, timeout=10) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code


def test_a_photo_not_yet_public_lies_in_the_private_bucket_only(store: Store, sinh: User) -> None:
    photo = add_photo(upload=upload(), owner=sinh)
    outbox.drain()
    assert store.keys("anh") == []
    assert len(store.keys("rieng")) == 1 + photo.renditions.count() == 7
    assert {status(f"{store.url}/rieng/{key}") for key in store.keys("rieng")} == {403}
    assert {headers["Cache-Control"] for _, headers in store.buckets["rieng"].values()} == {
        "private, no-store"
    }


def test_private_bytes_come_through_the_view_that_asks_who_may_see(
    store: Store, sinh: User, pao: User, client: Client
) -> None:
    photo = add_photo(upload=upload(), owner=sinh)
    outbox.drain()
    original, size = (
        reverse("media:photo", args=[photo.key]),
        photo.renditions.get(filter_spec="card-webp").url,
    )
    assert [client.get(url).status_code for url in (original, size)] == [404, 404]
    client.force_login(pao)
    assert [client.get(url).status_code for url in (original, size)] == [404, 404]
    client.force_login(sinh)
    answer = client.get(original)
    assert b"".join(answer.streaming_content) == store.buckets["rieng"][str(photo.file.name)][0]  # type: ignore[attr-defined]
    assert (client.get(size).status_code, answer["Cache-Control"]) == (200, "private, no-cache")


def test_sizes_of_a_published_photo_are_read_by_anybody_and_its_original_is_not(
    store: Store, sinh: User
) -> None:
    photo = add_photo(upload=upload(), owner=sinh)
    publish(photo)
    outbox.drain()
    urls = [row.url for row in photo.renditions.all()]
    assert len(urls) == len(store.keys("anh")) == 6
    assert all(url.startswith(f"{store.url}/anh/anh/") and "?" not in url for url in urls)
    assert {status(url) for url in urls} == {200}
    assert store.keys("rieng") == [photo.file.name]
    _, headers = store.buckets["anh"][photo.renditions.get(filter_spec="card-webp").file.name]
    assert (headers["Content-Type"], headers["Cache-Control"]) == (
        "image/webp",
        "public, max-age=31536000, immutable",
    )


def test_a_withdrawn_photo_is_gone_from_the_public_bucket(store: Store, sinh: User) -> None:
    photo = add_photo(upload=upload(), owner=sinh)
    publish(photo)
    outbox.drain()
    withdraw(photo)
    assert store.keys("anh") == []
    outbox.drain()
    assert (len(store.keys("anh")), len(store.keys("rieng"))) == (0, 7)


def test_a_private_file_that_is_gone_is_not_found(store: Store, sinh: User, client: Client) -> None:
    photo = add_photo(upload=upload(), owner=sinh)
    storages["private"].delete(photo.file.name)
    client.force_login(sinh)
    assert client.get(reverse("media:photo", args=[photo.key])).status_code == 404
