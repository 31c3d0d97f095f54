"""Empty storages and people with their roles."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.contrib.auth.models import Group
from django.core.files.storage import storages
from django.core.files.uploadedfile import SimpleUploadedFile
from pytest_django import Settings

from base.accounts.models import User
from tests.unit.media import pictures


@pytest.fixture(autouse=True)
def folders(settings: Settings, tmp_path: Path) -> tuple[Path, Path]:
    """The public and the private folder of this test."""
    public, private = tmp_path / "public", tmp_path / "private"
    settings.MEDIA_ROOT = public
    configured = {
        **settings.STORAGES,
        "private": {**settings.STORAGES["private"], "OPTIONS": {"location": private}},
    }
    settings.STORAGES = configured
    assert Path(storages["private"].path("x")) == private / "x"
    return public, private


@pytest.fixture
def stored(folders: tuple[Path, Path]) -> Callable[[], tuple[list[Path], list[Path]]]:
    """What lies in the public and in the private folder now."""

    def look() -> tuple[list[Path], list[Path]]:
        public, private = (sorted(path for path in folder.rglob("*") if path.is_file()) for folder in folders)
        return public, private

    return look


@pytest.fixture
def sinh() -> User:
    """A member of a household."""
    return User.objects.create_user("+84912000001", "rau-cai-xanh", first_name="Sinh", last_name="Lò Văn")


@pytest.fixture
def pao() -> User:
    """A stranger from another household."""
    return User.objects.create_user("+84912000002", "rau-cai-xanh", first_name="Páo", last_name="Giàng A")


@pytest.fixture
def editor() -> User:
    """An editor of the site, by the group that the first migrations make."""
    user = User.objects.create_user(
        "+84912000003", "rau-cai-xanh", first_name="Hoa", last_name="Y", is_staff=True
    )
    user.groups.add(Group.objects.get(name="Biên tập viên"))
    return user


def upload(data: bytes | None = None, name: str = "Ảnh nhà ông Sinh.jpg") -> SimpleUploadedFile:
    """A photo with position and camera, as a phone sends it."""
    content = pictures.with_position(pictures.photo()) if data is None else data
    return SimpleUploadedFile(name, content, "image/jpeg")
