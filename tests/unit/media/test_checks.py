"""Wrong settings of photos are said with their cure."""

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
from pytest_django import Settings

from media import checks
from tests.shared import ROOT


def ids(found: Sequence[object]) -> list[str]:
    return [getattr(message, "id", "") for message in found]


def test_the_project_itself_is_in_order() -> None:
    for check in (
        checks.sizes_in_templates,
        checks.storages_apart,
        checks.buckets_whole,
        checks.one_way_in,
        checks.heic_can_be_read,
    ):
        assert check(None) == []


def test_a_template_with_an_unknown_size_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = tmp_path / "page.html"
    page.write_text('{% photo p.cover "card" %}{% photo p.cover "width-437" lazy=True %}')
    monkeypatch.setattr(checks, "_our_templates", lambda: [page])
    [error] = checks.sizes_in_templates(None)
    assert error.id == "media.E001"
    assert "width-437" in error.msg
    assert "thumb, card, cover" in str(error.hint)


def test_our_templates_are_found() -> None:
    found = {path.relative_to(ROOT).parts[0] for path in checks._our_templates()}
    assert "base" in found


def test_a_private_folder_inside_the_public_one_is_an_error(settings: Settings, tmp_path: Path) -> None:
    def private_at(folder: Path) -> dict[str, object]:
        return {
            **settings.STORAGES,
            "private": {**settings.STORAGES["private"], "OPTIONS": {"location": folder}},
        }

    settings.MEDIA_ROOT = tmp_path
    settings.STORAGES = private_at(tmp_path / "private")
    assert ids(checks.storages_apart(None)) == ["media.E003"]
    settings.STORAGES = private_at(tmp_path)
    assert ids(checks.storages_apart(None)) == ["media.E003"]
    settings.STORAGES = {name: value for name, value in settings.STORAGES.items() if name != "private"}
    assert ids(checks.storages_apart(None)) == ["media.E002"]


BUCKETS = {
    "MEDIA_BUCKET": "anh",
    "PRIVATE_BUCKET": "rieng",
    "MEDIA_URL": "https://anh.example.vn/",
    "S3_ENDPOINT_URL": "https://s3.example.vn",
    "AWS_ACCESS_KEY_ID": "a",
    "AWS_SECRET_ACCESS_KEY": "b",
}


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({}, []),
        ({"S3_ENDPOINT_URL": "", "AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": ""}, []),
        ({"MEDIA_URL": "https://s3.example.vn/anh/"}, []),
        ({"PRIVATE_BUCKET": ""}, ["PRIVATE_BUCKET is not set"]),
        ({"MEDIA_BUCKET": ""}, ["MEDIA_BUCKET is not set"]),
        ({"PRIVATE_BUCKET": "anh"}, ["anybody could open private files"]),
        ({"MEDIA_URL": "/tep-anh/"}, ["MEDIA_URL is '/tep-anh/'"]),
        ({"MEDIA_URL": "https://anh.example.vn"}, ["MEDIA_URL is 'https://anh.example.vn'"]),
        ({"S3_ENDPOINT_URL": "s3.example.vn"}, ["S3_ENDPOINT_URL is 's3.example.vn'"]),
        ({"AWS_SECRET_ACCESS_KEY": ""}, ["The key of the buckets is incomplete"]),
        ({"AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": ""}, ["The key of the buckets is incomplete"]),
        ({"MEDIA_BUCKET": "", "PRIVATE_BUCKET": ""}, ["MEDIA_URL names another host"]),
    ],
)
def test_buckets_set_by_halves_are_said_with_the_cure(
    changed: dict[str, str], said: list[str], settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {**BUCKETS, **changed}.items():
        monkeypatch.setenv(name, value) if name.startswith("AWS_") else setattr(settings, name, value)
    found = checks.buckets_whole(None)
    assert [error.id for error in found] == ["media.E006"] * len(said)
    assert all(part in error.msg for part, error in zip(said, found, strict=True))
    assert all(error.hint for error in found)


def test_buckets_without_the_library_are_an_error(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.MEDIA_BUCKET, settings.PRIVATE_BUCKET, settings.MEDIA_URL = "a", "b", "https://anh.example.vn/"
    monkeypatch.setattr(checks, "find_spec", lambda name: None)
    assert [error.msg for error in checks.buckets_whole(None)] == ["django-storages is not installed."]


def test_the_host_of_the_photos_is_in_the_policy_of_the_pages() -> None:
    code = "from config.settings import base; print(base.CSP_STRICT['img-src'], base.STORAGES['default']['BACKEND'])"
    environment = {**os.environ, **BUCKETS, "MEDIA_URL": "https://s3.example.vn/anh/"}
    said = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    ).stdout
    assert said.strip() == "[\"'self'\", 'https://s3.example.vn'] storages.backends.s3.S3Storage"


def test_a_folder_that_cannot_be_written_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("media.checks.os.access", lambda *args: False)
    assert ids(checks.storages_writable(None)) == ["media.E004", "media.E004"]


def test_another_form_for_wagtails_uploader_is_an_error(settings: Settings) -> None:
    settings.WAGTAILIMAGES_IMAGE_FORM_BASE = ""
    assert ids(checks.one_way_in(None)) == ["media.E005"]


def test_missing_heic_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks, "HEIC_READER", "")
    assert ids(checks.heic_can_be_read(None)) == ["media.I001"]
