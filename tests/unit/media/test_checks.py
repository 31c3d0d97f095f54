"""Wrong settings of photos are said with their cure."""

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


def test_a_folder_that_cannot_be_written_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("media.checks.os.access", lambda *args: False)
    assert ids(checks.storages_writable(None)) == ["media.E004", "media.E004"]


def test_another_form_for_wagtails_uploader_is_an_error(settings: Settings) -> None:
    settings.WAGTAILIMAGES_IMAGE_FORM_BASE = ""
    assert ids(checks.one_way_in(None)) == ["media.E005"]


def test_missing_heic_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks, "HEIC_READER", "")
    assert ids(checks.heic_can_be_read(None)) == ["media.I001"]
