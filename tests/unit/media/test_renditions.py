"""Every agreed size keeps its budget, whatever the picture."""

import io
from functools import partial

import pytest
from PIL import Image

from media.models import Photo
from media.renditions import ENCODINGS, SIZES, Encoding, Size, cut, encode, fingerprint
from tests.shared import SHARED
from tests.unit.media import pictures

EVERY = [(size, encoding) for size in SIZES.values() for encoding in ENCODINGS]


def names(case: object) -> str:
    return getattr(case, "name", "")


def test_budgets_are_those_of_the_design() -> None:
    """In lists at most 4 KiB each; on the first screen 35 KiB, with room for an icon or two."""
    assert {size.name: size.max_bytes for size in SIZES.values()} == {
        "thumb": 2048,
        "card": 4096,
        "cover": 25 * 1024,
        "figure": 35 * 1024,
    }


@pytest.mark.parametrize(("size", "encoding"), EVERY, ids=names)
def test_even_noise_keeps_the_budget(size: Size, encoding: Encoding) -> None:
    data, width, height = encode(cut(pictures.noise(800, 800), size), size, encoding)
    assert len(data) <= size.max_bytes
    assert Image.open(io.BytesIO(data)).size == (width, height)


@pytest.mark.parametrize(("size", "encoding"), EVERY, ids=names)
def test_an_easy_picture_gets_the_best_quality_and_all_its_pixels(size: Size, encoding: Encoding) -> None:
    easy = Image.new("RGB", (1600, 1200), (90, 140, 60))
    data, *shape = encode(cut(easy, size), size, encoding)
    assert len(data) <= size.max_bytes
    assert shape == {"figure": [720, 540]}.get(size.name, [size.width, size.height])


def test_a_small_picture_is_cropped_to_shape_and_never_enlarged() -> None:
    assert cut(Image.new("RGB", (348, 464)), SIZES["cover"]).size == (348, 261)
    assert cut(Image.new("RGB", (30, 300)), SIZES["card"]).size == (30, 30)
    assert cut(Image.new("RGB", (1, 900)), SIZES["cover"]).size == (1, 1)


def test_a_crop_stays_around_the_focal_point() -> None:
    picture = Image.new("RGB", (1000, 200), "black")
    picture.paste("red", (800, 0, 1000, 200))
    assert cut(picture, SIZES["card"], (0.9, 0.5)).getpixel((100, 100)) == (255, 0, 0)
    assert cut(picture, SIZES["card"]).getpixel((100, 100)) == (0, 0, 0)


def test_a_figure_is_shown_whole() -> None:
    assert cut(Image.new("RGB", (1600, 400)), SIZES["figure"]).size == (720, 180)


def test_renditions_carry_no_metadata() -> None:
    with Image.open(io.BytesIO(pictures.with_position(pictures.photo()))) as photo:
        photo.load()
        for size, encoding in EVERY:
            assert b"secret" not in encode(cut(photo, size), size, encoding)[0].lower()


def test_fingerprint_changes_with_what_a_rendition_was_made_from() -> None:
    made = partial(Photo, collection_id=1)  # Wagtail asks the database for the usual one
    variants = [
        made(file_hash="a"),
        made(file_hash="b"),
        made(file_hash="a", is_public=True),
        made(file_hash="a", focal_point_x=3, focal_point_y=4),
    ]
    assert len({fingerprint(photo) for photo in variants}) == 4
    assert fingerprint(made(file_hash="a", title="other words")) == fingerprint(variants[0])


def test_real_photos_keep_the_budget_and_stay_recognisable() -> None:
    """The worst quality is a last resort: most real cards must be sent with nearly all their pixels."""
    if SHARED is None:
        pytest.skip("the folder of real pictures is not here; generated ones are tried above")
    widths: list[int] = []
    for path in sorted((SHARED / "data/demo-photos").glob("*.jpg"))[::9]:
        with Image.open(path) as photo:
            photo.load()
        for size, encoding in EVERY:
            small = cut(photo, size)
            data, width, _height = encode(small, size, encoding)
            assert len(data) <= size.max_bytes, (path.name, size.name, encoding.name)
            assert width >= small.width * 0.6, (path.name, size.name, encoding.name)
            if (size.name, encoding.name) == ("card", "webp"):
                widths.append(width)
    assert sum(width == 200 for width in widths) >= len(widths) * 0.6
