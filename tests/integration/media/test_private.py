"""Private photos and files are given out after asking, and never to a stranger."""

from __future__ import annotations

import io

import pytest
from django.http import HttpRequest
from django.test import Client

from base import outbox
from base.accounts.models import User
from media import private
from media.attachments import BadAttachment, add_attachment
from media.models import Attachment, Photo
from media.photos import add_photo, publish
from tests.integration.media.conftest import upload
from tests.unit.media import pictures

pytestmark = pytest.mark.django_db

PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


def addresses(photo: Photo) -> list[str]:
    return [photo.url, *(row.file.url for row in photo.renditions.all())]


@pytest.fixture
def photo(sinh: User) -> Photo:
    """A photo of Sinh's that nobody else may see, rendered."""
    photo = add_photo(upload=upload(), owner=sinh)
    outbox.drain()
    return photo


def test_only_the_owner_sees_a_private_photo_at_any_size(
    photo: Photo, client: Client, sinh: User, pao: User, editor: User
) -> None:
    assert len(addresses(photo)) == 7
    for address in addresses(photo):
        client.logout()
        assert client.get(address).status_code == 404
        for stranger in (pao, editor):
            client.force_login(stranger)
            assert client.get(address).status_code == 404, (address, stranger)
        client.force_login(sinh)
        answer = client.get(address)
        assert answer.status_code == 200
        body = b"".join(answer.streaming_content)  # type: ignore[attr-defined]  # a FileResponse
        assert body[:3] == b"\xff\xd8\xff" or body[8:12] == b"WEBP"
        assert answer["Content-Type"] in ("image/jpeg", "image/webp")


def test_a_private_photo_is_asked_for_again_and_never_kept_by_a_proxy(
    photo: Photo, client: Client, sinh: User
) -> None:
    client.force_login(sinh)
    first = client.get(photo.url)
    assert (first["Cache-Control"], first["X-Content-Type-Options"]) == ("private, no-cache", "nosniff")
    assert "sandbox" in first["Content-Security-Policy"]
    again = client.get(photo.url, headers={"If-None-Match": first["ETag"]})
    assert again.status_code == 304
    client.logout()
    assert client.get(photo.url, headers={"If-None-Match": first["ETag"]}).status_code == 404


def test_publishing_does_not_open_the_original(photo: Photo, client: Client) -> None:
    publish(photo)
    outbox.drain()
    assert client.get(photo.url).status_code == 404
    for row in photo.renditions.all():
        answer = client.get(row.file.url)
        assert (answer.status_code, answer["Cache-Control"]) == (200, "public, max-age=31536000, immutable")


def test_a_registered_question_opens_it_for_others(
    photo: Photo, client: Client, pao: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(private, "_questions", [*private._questions])

    @private.register_access
    def manages(request: HttpRequest, thing: Photo | Attachment) -> bool:
        return isinstance(thing, Photo) and request.user == pao

    client.force_login(pao)
    assert client.get(photo.url).status_code == 200


def test_a_blocked_owner_sees_nothing(photo: Photo, client: Client, sinh: User) -> None:
    client.force_login(sinh)
    sinh.is_active = False
    sinh.save()
    assert client.get(photo.url).status_code == 404


@pytest.mark.parametrize(
    "name",
    [
        "../../langso.sqlite3",
        "..%2f..%2fx.webp",
        "x.webp",
        "%00.webp",
        "a" * 24 + ".html",
        "a" * 24 + ".webp/",
        ".",
    ],
)
def test_names_that_lead_elsewhere_lead_nowhere(photo: Photo, client: Client, sinh: User, name: str) -> None:
    client.force_login(sinh)
    assert client.get(f"/tep/anh/{photo.key}/{name}").status_code in (400, 404)
    assert client.get(f"/tep-anh/anh/aa/{name}").status_code in (400, 404)
    assert client.get(f"/tep-anh/{name}").status_code in (400, 404)


def test_the_public_view_gives_out_nothing_private(photo: Photo, client: Client, sinh: User) -> None:
    client.force_login(sinh)
    for row in photo.renditions.all():
        assert client.get(f"/tep-anh/{row.file.name}").status_code == 404
    assert client.get(f"/tep-anh/{photo.file.name}").status_code == 404


# --- attachments ------------------------------------------------------------------------------------------------------


def test_a_scan_is_cleaned_and_a_pdf_kept_as_it_is(sinh: User) -> None:
    scan = add_attachment(upload=upload(), owner=sinh, kind="consent", title="Phiếu đồng ý")
    assert scan.content_type == "image/jpeg"
    assert b"secret" not in scan.file.read().lower()
    paper = add_attachment(upload=upload(PDF, "a.exe"), owner=sinh, kind="certificate", title="VietGAP")
    assert (paper.content_type, paper.size, paper.file.read()) == ("application/pdf", len(PDF), PDF)


@pytest.mark.parametrize(
    "data",
    [b"", b"MZ\x90", b"<html>", b"%PDF-1.4 without an end", pictures.png_bomb(), bytes(15 * 2**20 + 1)],
    ids=len,
)
def test_other_files_are_refused_with_words(data: bytes, sinh: User) -> None:
    with pytest.raises(BadAttachment) as refused:
        add_attachment(upload=io.BytesIO(data), owner=sinh, kind="consent", title="x")
    assert str(refused.value.message)
    assert Attachment.objects.count() == 0


def test_an_attachment_is_a_download_for_its_owner_only(client: Client, sinh: User, pao: User) -> None:
    paper = add_attachment(upload=io.BytesIO(PDF), owner=sinh, kind="consent", title='Phiếu "đồng ý"\r\nX: y')
    address = paper.get_absolute_url()
    assert address == f"/tep/{paper.key}/"
    assert client.get(address).status_code == 404
    client.force_login(pao)
    assert client.get(address).status_code == 404
    client.force_login(sinh)
    answer = client.get(address)
    assert answer.status_code == 200
    assert answer["Content-Disposition"].startswith('attachment; filename="')
    assert answer["Content-Disposition"].isascii()
    assert {name: answer[name] for name in ("Cache-Control", "Content-Type", "X-Content-Type-Options")} == {
        "Cache-Control": "private, no-store",
        "Content-Type": "application/pdf",
        "X-Content-Type-Options": "nosniff",
    }
