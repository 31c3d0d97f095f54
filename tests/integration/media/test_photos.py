"""A photo's life: put in, rendered by the outbox, shown to everybody, hidden again, deleted."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.images import ImageFile
from django.core.management import call_command
from django.db import connection, transaction
from django.template import Context, Template
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext

from base import outbox
from base.accounts.models import User
from base.outbox.models import Entry
from media import renditions
from media.ingest import BadPhoto
from media.models import Photo, Rendition
from media.photos import add_photo, publish, withdraw
from tests.integration.media.conftest import upload
from tests.unit.media import pictures

pytestmark = pytest.mark.django_db

Stored = Callable[[], tuple[list[Path], list[Path]]]
OF_A_PERSON = ["card-jpeg", "card-webp", "cover-jpeg", "cover-webp", "thumb-jpeg", "thumb-webp"]


def shown(photo: Photo | None, size: str = "card", **more: Any) -> str:
    words = "".join(f" {name}={name}" for name in more)
    request = RequestFactory().get("/")
    template = Template("{% load photos %}{% photo photo size" + words + " %}")
    return template.render(Context({"photo": photo, "size": size, "request": request, **more}))


def specs(photo: Photo) -> list[str]:
    return sorted(photo.renditions.values_list("filter_spec", flat=True))


# --- put in -----------------------------------------------------------------------------------------------------------


def test_add_photo_keeps_nothing_of_the_sender(sinh: User, stored: Stored) -> None:
    photo = add_photo(upload=upload(), owner=sinh, title="Rau cải", alt="Một bó rau cải")
    public, private = stored()
    assert (len(public), len(private)) == (0, 1)
    assert b"secret" not in private[0].read_bytes().lower()
    assert "Sinh" not in str(private[0])
    assert "sinh" not in str(private[0])
    assert (photo.width, photo.height, photo.file_size) == (640, 480, private[0].stat().st_size)
    assert (photo.owner, photo.is_public, photo.default_alt_text) == (sinh, False, "Một bó rau cải")
    assert photo.colour != "#d9d3c7"
    assert len(photo.file_hash) == 40
    assert Photo.objects.get(key=photo.key).file_hash == photo.file_hash


def test_add_photo_refuses_and_leaves_nothing_behind(sinh: User, stored: Stored) -> None:
    with pytest.raises(BadPhoto):
        add_photo(upload=upload(b"<html>"), owner=sinh)
    assert (stored(), Photo.objects.count(), Entry.objects.count()) == (([], []), 0, 0)


@pytest.mark.parametrize("way", ["constructor", "attribute", "file.save"])
def test_no_way_around_ingest_into_the_column(way: str, stored: Stored) -> None:
    raw = pictures.with_position(pictures.photo())
    photo = Photo(title="x")
    if way == "constructor":
        photo = Photo(title="x", file=ImageFile(io.BytesIO(raw), name="GPS here.jpg"))
    elif way == "attribute":
        photo.file = ContentFile(raw, name="GPS here.jpg")
    else:
        photo.file.save("GPS here.jpg", ContentFile(raw), save=False)
    photo.save()
    [file] = stored()[1]
    assert b"secret" not in file.read_bytes().lower()
    assert "GPS" not in file.name
    assert (photo.width, photo.height) == (640, 480)
    with pytest.raises(BadPhoto):
        Photo(title="x", file=ImageFile(io.BytesIO(pictures.png_bomb()), name="a.png"))


def test_a_photo_that_is_not_saved_after_all_asks_for_nothing(sinh: User) -> None:
    with transaction.atomic():
        add_photo(upload=upload(), owner=sinh)
        transaction.set_rollback(True)
    assert Entry.objects.count() == 0


# --- render -----------------------------------------------------------------------------------------------------------


def test_saving_renders_nothing_the_outbox_does(sinh: User, stored: Stored) -> None:
    photo = add_photo(upload=upload(), owner=sinh)
    assert specs(photo) == []
    outbox.drain()
    assert specs(photo) == OF_A_PERSON
    public, private = stored()
    assert (len(public), len(private)) == (0, 1 + len(OF_A_PERSON))
    for row in photo.renditions.all():
        assert row.file.size <= renditions.SIZES[row.filter_spec.split("-")[0]].max_bytes


def test_a_picture_of_the_site_also_gets_a_figure() -> None:
    photo = add_photo(upload=upload(), owner=None, is_public=True)
    outbox.drain()
    assert specs(photo) == sorted([*OF_A_PERSON, "figure-jpeg", "figure-webp"])


def test_rendering_again_makes_nothing_new(sinh: User, stored: Stored) -> None:
    photo = add_photo(upload=upload(), owner=sinh)
    assert renditions.render(photo) == 6
    before = stored()
    assert renditions.render(photo) == 0
    assert stored() == before


def test_rendering_repairs_what_is_missing_only(sinh: User) -> None:
    photo = add_photo(upload=upload(), owner=sinh)
    renditions.render(photo)
    photo.renditions.get(filter_spec="card-webp").delete()
    assert renditions.render(photo) == 1


def test_a_deleted_photo_is_no_poison_in_the_outbox(
    sinh: User, django_capture_on_commit_callbacks: Any
) -> None:
    photo = add_photo(upload=upload(), owner=sinh)
    photo.delete()
    outbox.drain()
    assert Entry.objects.filter(topic="media.render").count() == 0


def test_a_photo_whose_file_is_gone_is_parked_and_the_others_are_rendered(sinh: User, stored: Stored) -> None:
    lost = add_photo(upload=upload(), owner=sinh)
    stored()[1][0].unlink()
    good = add_photo(upload=upload(), owner=sinh)
    outbox.drain()
    assert specs(good) == OF_A_PERSON
    assert [entry.key for entry in Entry.objects.filter(parked_at__isnull=False)] == [f"photo:{lost.pk}"]


def test_render_photos_makes_what_is_missing(sinh: User, capsys: pytest.CaptureFixture[str]) -> None:
    add_photo(upload=upload(), owner=sinh)
    add_photo(upload=upload(), owner=None)
    call_command("render_photos")
    call_command("render_photos")
    assert capsys.readouterr().out.splitlines() == [
        "14 files made, 0 photos could not be opened",
        "0 files made, 0 photos could not be opened",
    ]


# --- show and hide ----------------------------------------------------------------------------------------------------


def test_publish_moves_the_sizes_into_the_open_and_withdraw_takes_them_back(
    sinh: User, stored: Stored, django_capture_on_commit_callbacks: Any
) -> None:
    photo = add_photo(upload=upload(), owner=sinh)
    outbox.drain()
    with django_capture_on_commit_callbacks(execute=True):
        publish(photo)
        outbox.drain()
    public, private = stored()
    assert (len(public), len(private)) == (6, 1)
    with django_capture_on_commit_callbacks(execute=True):
        withdraw(photo)
    assert stored()[0] == []
    outbox.drain()
    public, private = stored()
    assert (len(public), len(private)) == (0, 7)
    assert specs(photo) == OF_A_PERSON


def test_rendering_that_comes_too_late_for_a_withdrawal_puts_nothing_into_the_open(
    sinh: User, stored: Stored, monkeypatch: pytest.MonkeyPatch
) -> None:
    photo = add_photo(upload=upload(), owner=sinh, is_public=True)
    make = renditions._made

    def slow(*args: Any) -> Any:
        made = list(make(*args))
        withdraw(Photo.objects.get(pk=photo.pk))
        return made

    monkeypatch.setattr(renditions, "_made", slow)
    assert renditions.render(photo) == 0
    assert stored()[0] == []


def test_names_in_the_open_do_not_lead_from_one_to_another(sinh: User, stored: Stored) -> None:
    photo = add_photo(upload=upload(), owner=sinh, is_public=True)
    outbox.drain()
    stems = {path.stem for path in stored()[0]}
    assert len(stems) == 6
    assert not any(photo.key.hex[:8] in stem for stem in stems)


def test_deleting_a_photo_deletes_its_files(
    sinh: User, stored: Stored, django_capture_on_commit_callbacks: Any
) -> None:
    photo = add_photo(upload=upload(), owner=sinh, is_public=True)
    outbox.drain()
    with django_capture_on_commit_callbacks(execute=True):
        photo.delete()
    assert stored() == ([], [])


# --- the tag ----------------------------------------------------------------------------------------------------------


def test_the_tag_shows_webp_and_jpeg_with_their_box(sinh: User) -> None:
    photo = add_photo(upload=upload(), owner=sinh, is_public=True, alt="Rau cải")
    outbox.drain()
    rows = {row.filter_spec: row.file.url for row in photo.renditions.all()}
    assert shown(photo) == (
        f'<picture><source type="image/webp" srcset="{rows["card-webp"]}">'
        f'<img src="{rows["card-jpeg"]}" width="200" height="200" alt="Rau cải" decoding="async"></picture>'
    )
    assert rows["card-webp"].startswith("/tep-anh/anh/")
    assert 'width="640" height="480"' in shown(photo, "cover")


def test_the_tag_escapes_words_and_loads_later_when_told(sinh: User) -> None:
    photo = add_photo(upload=upload(), owner=sinh, is_public=True)
    outbox.drain()
    html = shown(photo, alt='"><script>', lazy=True)
    assert 'alt="&quot;&gt;&lt;script&gt;"' in html
    assert 'loading="lazy"' in html
    assert " style=" not in html


def test_the_tag_shows_the_photos_colour_until_it_is_rendered(sinh: User) -> None:
    photo = add_photo(upload=upload(), owner=sinh, is_public=True, alt="Rau & cải")
    html = shown(photo)
    assert html == (
        '<svg class="nophoto" width="200" height="200" viewBox="0 0 200 200" role="img" aria-label="Rau &amp; cải">'
        f'<rect width="100%" height="100%" fill="{photo.colour}"/></svg>'
    )


def test_the_tag_shows_a_private_photo_by_its_checked_address(sinh: User) -> None:
    photo = add_photo(upload=upload(), owner=sinh, alt="")
    assert f'src="/tep/anh/{photo.key}/"' in shown(photo)
    outbox.drain()
    assert f'src="/tep/anh/{photo.key}/' in shown(Photo.objects.get(pk=photo.pk))


def test_the_tag_without_a_photo_is_empty_and_an_unknown_size_is_an_error(sinh: User) -> None:
    assert shown(None) == ""
    with pytest.raises(KeyError):
        shown(add_photo(upload=upload(), owner=sinh), "width-437")


@pytest.mark.parametrize("count", [1, 3])
def test_a_list_of_photos_costs_two_queries_however_long(count: int, sinh: User) -> None:
    for _ in range(count):
        add_photo(upload=upload(), owner=sinh, is_public=True)
    outbox.drain()
    with CaptureQueriesContext(
        connection,
    ) as queries:
        html = "".join(shown(photo) for photo in Photo.objects.with_renditions("card"))
    assert len(queries) == 2
    assert html.count("<picture>") == count


def test_stale_renditions_are_never_shown(sinh: User) -> None:
    photo = add_photo(upload=upload(), owner=sinh, is_public=True)
    outbox.drain()
    Rendition.objects.filter(image=photo).update(focal_point_key="0000000000000000")
    assert "<svg" in shown(Photo.objects.get(pk=photo.pk))
