"""PhotoField: a clean file, or words beside the field."""

from typing import Any

import pytest
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import translation
from django.utils.datastructures import MultiValueDict

from media.fields import CleanFile
from media.forms import PhotoField
from tests.integration.media.conftest import upload
from tests.unit.media import pictures


class GoodsForm(forms.Form):
    """As a household's form has it."""

    photo = PhotoField()
    second = PhotoField(required=False)


def sent(file: Any) -> MultiValueDict[str, Any]:
    """What came with the form."""
    return MultiValueDict({"photo": [file]})


def test_a_photo_becomes_a_clean_file() -> None:
    form = GoodsForm({}, sent(upload()))
    assert form.is_valid(), form.errors
    assert isinstance(form.cleaned_data["photo"], CleanFile)
    assert form.cleaned_data["second"] is None


@pytest.mark.parametrize(
    "data",
    [b"", b"<html>", pictures.png_bomb(), pictures.photo()[:-2000], b"\xff\xd8\xff" + bytes(15 * 2**20)],
    ids=len,
)
def test_a_bad_file_gives_one_plain_message_in_vietnamese(data: bytes) -> None:
    with translation.override("vi"):
        form = GoodsForm({}, sent(SimpleUploadedFile("anh.jpg", data)))
        [message] = form.errors["photo"]
    assert "ảnh" in str(message).lower() or "tệp" in str(message).lower()


def test_no_file_or_something_else_than_a_file_is_an_error_not_a_crash() -> None:
    assert GoodsForm({}).errors["photo"]
    assert GoodsForm({}, sent("text")).errors["photo"]


def test_the_control_offers_the_camera_roll_and_is_shrunk_on_the_phone() -> None:
    html = str(GoodsForm()["photo"])
    assert 'accept="image/*,.heic,.heif"' in html
    assert "data-shrink" in html
