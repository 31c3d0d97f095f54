"""Wrong settings fail `manage.py check` with the cure."""

from pathlib import Path

import pytest
from pytest_django import Settings

from search.checks import check_elasticsearch_url, check_index_dir


@pytest.mark.parametrize(
    "url", ["localhost:9200", "ftp://host", "http://", "http://host:port", "elasticsearch"]
)
def test_a_wrong_elasticsearch_url_is_named_with_its_cure(settings: Settings, url: str) -> None:
    settings.ELASTICSEARCH_URL = url
    [error] = check_elasticsearch_url(None)
    assert error.id == "site_search.E001"
    assert "http://127.0.0.1:9200" in (error.hint or "")


@pytest.mark.parametrize("url", ["", "http://127.0.0.1:9200", "https://user:word@search.example:9243/prefix"])
def test_a_right_or_absent_elasticsearch_url_passes(settings: Settings, url: str) -> None:
    settings.ELASTICSEARCH_URL = url
    assert check_elasticsearch_url(None) == []


def test_an_index_folder_that_can_be_made_passes(settings: Settings, tmp_path: Path) -> None:
    settings.SEARCH_INDEX_DIR = tmp_path / "not" / "yet"
    assert check_index_dir(None) == []


def test_a_file_in_place_of_the_index_folder_is_an_error(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "index").touch()
    settings.SEARCH_INDEX_DIR = tmp_path / "index" / "deep"
    assert [error.id for error in check_index_dir(None)] == ["site_search.E003"]


def test_a_missing_index_folder_setting_is_an_error(settings: Settings) -> None:
    settings.SEARCH_INDEX_DIR = None
    assert [error.id for error in check_index_dir(None)] == ["site_search.E002"]
