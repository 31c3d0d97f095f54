"""Every upload door of Wagtail's admin leads through ingest, and none shows a person's photo."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image
from wagtail.documents.models import Document
from wagtail.images.forms import get_image_form
from wagtail.models import Collection
from wagtail.permissions import policy_registry

from base import outbox
from base.accounts.models import User
from base.outbox.models import Entry
from base.pagecache.generations import TOPIC
from base.shell.pages import page_path
from media.forms import EditorPhotoForm
from media.models import Photo
from media.photos import add_photo
from media.policy import EditorPhotoPolicy
from tests.factories import pages
from tests.integration.media.conftest import upload
from tests.unit.media import pictures

pytestmark = pytest.mark.django_db

Stored = Callable[[], tuple[list[Path], list[Path]]]


def root() -> int:
    collection = Collection.get_first_root_node()
    assert collection is not None
    return int(collection.pk)


@pytest.fixture
def desk(client: Client, editor: User) -> Client:
    """Wagtail's admin as an editor sees it."""
    client.force_login(editor)
    return client


def assert_all_clean(stored: Stored) -> None:
    public, private = stored()
    assert private
    for path in [*public, *private]:
        assert b"secret" not in path.read_bytes().lower(), path
        assert "Sinh" not in path.name


DOORS: dict[str, tuple[str, str, dict[str, Any]]] = {
    "add": ("wagtailimages:add", "file", {"title": "Vườn rau", "tags": ""}),
    "several": ("wagtailimages:add_multiple", "files[]", {"title": "Vườn rau"}),
    "chooser": (
        "wagtailimages_chooser:create",
        "image-chooser-upload-file",
        {"image-chooser-upload-title": "Vườn rau", "image-chooser-upload-tags": ""},
    ),
}


def post(desk: Client, door: str, file: SimpleUploadedFile, **more: Any) -> Any:
    name, field, data = DOORS[door]
    prefix = "image-chooser-upload-" if door == "chooser" else ""
    return desk.post(reverse(name), {**data, f"{prefix}collection": root(), field: file, **more})


@pytest.mark.parametrize("door", DOORS)
def test_a_photo_through_any_door_is_clean_public_and_named_by_us(
    desk: Client, door: str, stored: Stored
) -> None:
    response = post(desk, door, upload())
    assert response.status_code in (200, 302), response.content[:500]
    [photo] = Photo.objects.all()
    assert (photo.title, photo.owner, photo.is_public) == ("Vườn rau", None, True)
    assert photo.uploaded_by_user is not None
    assert photo.colour != "#d9d3c7"
    assert_all_clean(stored)
    outbox.drain()
    assert photo.renditions.filter(filter_spec="cover-webp").count() == 1


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("data", [b"<html>", pictures.png_bomb(), pictures.photo()[:-2000], b""], ids=len)
def test_a_bad_file_through_any_door_is_refused_with_words(
    desk: Client, door: str, data: bytes, stored: Stored
) -> None:
    response = post(desk, door, SimpleUploadedFile("anh.jpg", data, "image/jpeg"))
    assert response.status_code == 200
    assert (Photo.objects.count(), stored()) == (0, ([], []))


@pytest.mark.parametrize("door", DOORS)
def test_the_name_of_the_file_does_not_decide(desk: Client, door: str) -> None:
    png = pictures.saved(pictures.corners(), "PNG")
    post(desk, door, SimpleUploadedFile("không-có-đuôi", png, "application/x-msdownload"))
    assert Photo.objects.count() == 1


def test_several_at_once_with_another_field_wrong_stores_nothing_raw(desk: Client, stored: Stored) -> None:
    """Wagtail puts the raw upload into the public storage when another field than the file is wrong."""
    response = post(desk, "several", upload(), title="x" * 300)
    assert response.json()["success"] is True
    assert Photo.objects.count() == 0
    public, private = stored()
    [waiting] = [*public, *private]
    assert b"secret" not in waiting.read_bytes().lower()
    number = response.json()["uploaded_file_id"]
    made = desk.post(
        reverse("wagtailimages:create_multiple_from_uploaded_image", args=(number,)),
        {
            f"uploaded-image-{number}-title": "Vườn rau",
            f"uploaded-image-{number}-collection": root(),
            f"uploaded-image-{number}-tags": "",
        },
    )
    assert made.json()["success"] is True
    photo = Photo.objects.get()
    assert photo.file_size == photo.file.size
    assert_all_clean(stored)


def test_a_large_upload_on_disk_is_cleaned_as_well(desk: Client, stored: Stored, settings: Any) -> None:
    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 100
    post(desk, "several", upload(), title="x" * 300)
    public, private = stored()
    [waiting] = [*public, *private]
    assert b"secret" not in waiting.read_bytes().lower()
    assert Image.open(io.BytesIO(waiting.read_bytes())).size == (640, 480)


def test_a_new_file_for_a_photo_replaces_all_its_sizes(
    desk: Client, stored: Stored, django_capture_on_commit_callbacks: Any
) -> None:
    post(desk, "add", upload())
    outbox.drain()
    photo = Photo.objects.get()
    old = {path.name for path in stored()[0] + stored()[1]}
    with django_capture_on_commit_callbacks(execute=True):
        response = desk.post(
            reverse("wagtailimages:edit", args=(photo.pk,)),
            {
                "title": "Mới",
                "collection": root(),
                "tags": "",
                "file": upload(pictures.photo(300, 300, seed=9)),
            },
        )
    assert response.status_code == 302
    outbox.drain()
    photo.refresh_from_db()
    assert (photo.width, photo.height) == (300, 300)
    assert photo.renditions.filter(filter_spec__contains="-").count() >= 8
    new = {path.name for path in stored()[0] + stored()[1]}
    ours = {row.file.name.rpartition("/")[2] for row in photo.renditions.all()}
    assert ours <= new
    assert not old & new


def test_wagtails_screens_work_with_private_originals(desk: Client) -> None:
    post(desk, "add", upload())
    photo = Photo.objects.get()
    for name, args in (
        ("wagtailimages:index", ()),
        ("wagtailimages:edit", (photo.pk,)),
        ("wagtailimages_chooser:choose", ()),
    ):
        response = desk.get(reverse(name, args=args))
        assert response.status_code == 200, name
        assert "/tep-anh/anh/" in response.content.decode() or name.endswith("choose"), name


def test_a_persons_photo_is_on_none_of_wagtails_screens_not_even_for_a_superuser(
    client: Client, desk: Client, editor: User, sinh: User
) -> None:
    private = add_photo(upload=upload(), owner=sinh, title="Của nhà Sinh")
    boss = User.objects.create_superuser("+84912000009", "rau-cai-xanh")
    for user in (editor, boss):
        client.force_login(user)
        for name in ("wagtailimages:index", "wagtailimages_chooser:choose"):
            assert "Của nhà Sinh" not in client.get(reverse(name)).content.decode()
        for name in ("wagtailimages:edit", "wagtailimages:delete", "wagtailimages:image_usage"):
            answer = client.get(reverse(name, args=(private.pk,)))
            assert answer.status_code in (302, 403, 404), (name, answer.status_code)
            assert "Của nhà Sinh" not in answer.content.decode()
        chosen = client.get(reverse("wagtailimages_chooser:chosen", args=(private.pk,)))
        assert "Của nhà Sinh" not in chosen.content.decode()


def test_wagtail_asks_our_policy_and_uses_our_form() -> None:
    assert isinstance(policy_registry.get_by_type(Photo), EditorPhotoPolicy)
    assert issubclass(get_image_form(Photo), EditorPhotoForm)


def test_documents_are_nobodys_and_one_from_before_breaks_nothing(client: Client, editor: User) -> None:
    document = Document.objects.create(title="Mẫu đơn", file="documents/mau-don.pdf")
    boss = User.objects.create_superuser("+84912000009", "rau-cai-xanh")
    doors = [
        reverse("wagtaildocs:index"),
        reverse("wagtaildocs:add"),
        reverse("wagtaildocs:edit", args=(document.pk,)),
        reverse("wagtaildocs_chooser:choose"),
        reverse("admin:wagtaildocs_document_changelist"),
        "/quan-tri/api/main/documents/",
    ]
    for user in (editor, boss):
        client.force_login(user)
        assert [client.get(door).status_code for door in doors] == [403] * len(doors)
        front = client.get(reverse("wagtailadmin_home"))
        assert (front.status_code, doors[0] in front.content.decode()) == (200, False)
        assert client.get(reverse("wagtailimages:index")).status_code == 200


@pytest.mark.parametrize("way", ["one", "ticked"])
def test_deleted_photo_is_gone_from_kept_pages_with_the_commit(
    client: Client, way: str, django_capture_on_commit_callbacks: Any
) -> None:
    photo = add_photo(upload=upload(), owner=None, title="Vườn rau", is_public=True)
    outbox.drain()
    course = pages.course(cover=photo, cover_alt="Vườn rau")
    outbox.drain()
    name = photo.renditions.filter(filter_spec="cover-webp").get().file.name
    assert name in client.get(page_path(course)).content.decode()
    boss = Client()
    boss.force_login(User.objects.create_superuser("+84912000009", "rau-cai-xanh"))
    doors = {
        "one": reverse("wagtailimages:delete", args=(photo.pk,)),
        "ticked": reverse("wagtail_bulk_action", args=["media", "photo", "delete"]) + f"?id={photo.pk}",
    }
    with django_capture_on_commit_callbacks(execute=True):
        boss.post(doors[way])
        assert Entry.objects.filter(topic=TOPIC).exists()
    assert not Photo.objects.filter(pk=photo.pk).exists()
    assert name not in client.get(page_path(course)).content.decode()
