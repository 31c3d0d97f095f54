"""The one way in: what comes out is clean, what cannot be a photo is refused with words, nothing else happens."""

import contextlib
import io
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from media.ingest import LONGEST_PX, MAX_BYTES, MESSAGES, BadPhoto, ingest, sniff
from tests.shared import ROOT, SHARED
from tests.unit.media import pictures


def opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(ingest(data).data))


def refusal(data: bytes) -> str:
    with pytest.raises(BadPhoto) as refused:
        ingest(data)
    assert str(refused.value.message)
    return refused.value.code


def jpeg_markers(data: bytes) -> set[int]:
    """Every segment before the picture itself."""
    found, at = set(), 2
    while data[at + 1] != 0xDA:
        found.add(data[at + 1])
        at += 2 + int.from_bytes(data[at + 2 : at + 4], "big")
    return found


APP1_TO_15 = set(range(0xE1, 0xF0))
COMMENT = 0xFE


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_photo_taken_in_any_position_comes_out_upright(orientation: int) -> None:
    picture = opened(pictures.turned(orientation))
    assert (picture.size, pictures.corner_names(picture)) == ((120, 80), ["red", "lime", "blue", "yellow"])


def test_gps_camera_comment_and_every_other_metadata_are_gone() -> None:
    before = pictures.with_position(pictures.photo())
    assert b"secret" in before
    assert Image.open(io.BytesIO(before)).getexif().get_ifd(pictures.GPS_IFD)
    after = ingest(before).data
    assert not jpeg_markers(after) & (APP1_TO_15 | {COMMENT})
    assert b"secret" not in after.lower()


def test_png_text_and_webp_exif_are_gone_too() -> None:
    from PIL import PngImagePlugin

    info = PngImagePlugin.PngInfo()
    info.add_itxt("Comment", "secret words")
    assert b"secret" not in ingest(pictures.saved(pictures.corners(), "PNG", pnginfo=info)).data
    exif = Image.Exif()
    exif[0x010F] = "secret camera"
    assert b"secret" not in ingest(pictures.saved(pictures.corners(), "WEBP", exif=exif)).data


def test_a_large_photo_is_shrunk_to_the_agreed_length_and_keeps_its_shape() -> None:
    clean = ingest(pictures.saved(Image.new("RGB", (4000, 2000), "green")))
    assert (clean.width, clean.height, clean.format) == (LONGEST_PX, LONGEST_PX // 2, "JPEG")


def test_a_small_photo_is_not_enlarged() -> None:
    assert opened(pictures.saved(Image.new("RGB", (40, 30)))).size == (40, 30)


def test_a_very_long_strip_keeps_at_least_one_pixel() -> None:
    assert opened(pictures.saved(Image.new("RGB", (10_000, 2)), "PNG")).size == (1600, 1)


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "GIF", "BMP", "AVIF", "MPO"])
def test_other_formats_become_a_jpeg_of_the_same_picture(kind: str) -> None:
    picture = opened(pictures.saved(pictures.corners(), kind))
    assert (picture.format, picture.mode) == ("JPEG", "RGB")
    assert pictures.corner_names(picture) == ["red", "lime", "blue", "yellow"]


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "CMYK", "I;16"])
def test_every_colour_mode_becomes_rgb(mode: str) -> None:
    kind = {"CMYK": "JPEG"}.get(mode, "PNG")
    source = (
        pictures.corners().convert("L").convert("I;16")
        if mode == "I;16"
        else pictures.corners().convert(mode)
    )
    assert opened(pictures.saved(source, kind)).mode == "RGB"


def test_16_bits_a_pixel_are_scaled_and_not_cut() -> None:
    source = Image.new("I;16", (40, 40), 0x8000)
    grey = opened(pictures.saved(source, "PNG")).getpixel((20, 20))
    assert isinstance(grey, tuple)
    assert 120 <= grey[0] <= 136


def test_what_is_transparent_becomes_white() -> None:
    clear = Image.new("RGBA", (40, 40), (0, 0, 0, 0))
    assert opened(pictures.saved(clear, "PNG")).getpixel((5, 5)) == (255, 255, 255)
    clear.info["transparency"] = 0
    palette = Image.new("P", (40, 40), 0)
    assert opened(pictures.saved(palette, "GIF", transparency=0)).getpixel((5, 5)) == (255, 255, 255)


def test_an_animation_gives_its_first_frame() -> None:
    frames = [pictures.corners(), Image.new("RGB", (120, 80), "black")]
    for kind in ("GIF", "WEBP", "AVIF", "PNG"):
        data = pictures.saved(frames[0], kind, save_all=True, append_images=frames[1:])
        assert pictures.corner_names(opened(data)) == ["red", "lime", "blue", "yellow"], kind


def test_the_commonest_colour_is_kept_for_the_placeholder() -> None:
    green = ingest(pictures.saved(Image.new("RGB", (60, 60), (20, 120, 40)), "PNG")).colour
    red, leaf, blue = (int(green[i : i + 2], 16) for i in (1, 3, 5))
    assert abs(red - 20) < 4
    assert abs(leaf - 120) < 4
    assert abs(blue - 40) < 4


def test_type_is_decided_by_content_and_never_by_name() -> None:
    file = io.BytesIO(pictures.photo())
    file.name = "../../etc/passwd.exe"
    assert ingest(file).format == "JPEG"
    page = io.BytesIO(b"<html><script>alert(1)</script></html>")
    page.name = "anh.jpg"
    with pytest.raises(BadPhoto, match="not_a_photo"):
        ingest(page)


def test_a_picture_that_is_also_a_page_or_an_archive_loses_the_rest() -> None:
    tail = b"<html><script>alert(1)</script></html>PK\x03\x04"
    assert tail not in ingest(pictures.photo() + tail).data


@pytest.mark.parametrize(
    ("code", "data"),
    [
        ("empty", b""),
        ("too_big", b"\xff\xd8\xff" + bytes(MAX_BYTES)),
        ("not_a_photo", b"hello"),
        ("not_a_photo", b"%PDF-1.7\n%%EOF"),
        ("not_a_photo", b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
        ("not_a_photo", b"II*\x00\x08\x00\x00\x00"),  # TIFF: half of Pillow's known crashes
        ("not_a_photo", b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom"),
        ("broken", b"\xff\xd8\xff"),
        ("broken", b"\x89PNG\r\n\x1a\n"),
        ("broken", b"RIFF\x10\x00\x00\x00WEBPVP8 "),
        ("broken", b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic"),
        ("broken", pictures.photo()[:-3000]),
        ("broken", pictures.saved(pictures.noise(90, 90), "PNG")[:-5000]),
        ("too_many_pixels", pictures.png_bomb()),
        ("too_many_pixels", pictures.png_bomb(5001, 4000)),
        (
            "too_many_pixels",
            b"GIF89a\xff\xff\xff\xff\x00\x00\x00,\x00\x00\x00\x00\xff\xff\xff\xff\x00\x02\x00;",
        ),
    ],
)
def test_what_cannot_become_a_photo_is_refused_with_its_reason(code: str, data: bytes) -> None:
    assert refusal(data) == code


def test_a_bomb_is_refused_before_it_is_decoded() -> None:
    bombs = [pictures.png_bomb(), pictures.jpeg_of_many_scans()]
    started = time.process_time()
    assert [refusal(bomb) for bomb in bombs] == ["too_many_pixels", "too_many_pixels"]
    assert time.process_time() - started < 0.5


def test_every_reason_has_words() -> None:
    for code in MESSAGES:
        assert len(str(BadPhoto(code).message)) > 20


def test_heic_is_named_as_the_reason_where_it_cannot_be_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("media.ingest.HEIC_READER", "")
    assert refusal(b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic") == "no_heic"


def test_sniff_knows_avif_from_heic() -> None:
    assert sniff(b"\x00\x00\x00\x1cftypmif1\x00\x00\x00\x00mif1avif") == "AVIF"
    assert sniff(b"\x00\x00\x00\x1cftypmif1\x00\x00\x00\x00mif1heic") == "HEIF"


STARTS = [
    pictures.photo(96, 64),
    pictures.saved(pictures.corners(), "PNG"),
    pictures.saved(pictures.corners(), "GIF"),
    pictures.saved(pictures.corners(), "WEBP"),
    pictures.saved(pictures.corners(), "BMP"),
    pictures.saved(pictures.corners(24, 16), "AVIF"),
]


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_damaged_pictures_give_a_photo_or_a_refusal_and_nothing_else(data: st.DataObject) -> None:
    """Bytes overwritten, cut or added anywhere."""
    damaged = bytearray(data.draw(st.sampled_from(STARTS)))
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(damaged) - 1))
        damaged[at : at + 1] = data.draw(st.binary(max_size=4))
        if not damaged:
            break
    try:
        clean = ingest(bytes(damaged))
    except BadPhoto:
        return
    assert clean.data.startswith(b"\xff\xd8\xff")


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_give_a_photo_or_a_refusal(data: bytes) -> None:
    with contextlib.suppress(BadPhoto):
        ingest(data)


# --- real files -------------------------------------------------------------------------------------------------------

LIMITED = """
import resource, sys, time
import django
from django.conf import settings
settings.configure(USE_I18N=False)
from media.ingest import BadPhoto, ingest
resource.setrlimit(resource.RLIMIT_AS, (900 * 2**20, 900 * 2**20))
resource.setrlimit(resource.RLIMIT_CPU, (90, 90))
for path in sys.argv[1:]:
    started = time.process_time()
    try:
        with open(path, "rb") as file:
            clean = ingest(file)
        outcome = f"{clean.width}x{clean.height}"
    except BadPhoto as refused:
        outcome = refused.code
    print(path, outcome, round(time.process_time() - started, 2), sep="\\t")
"""

REFUSED = {  # of the real files; all others must open
    "decompression_bomb.gif": "too_many_pixels",
    "truncated_image.png": "broken",
    "truncated_jpeg.jpg": "broken",
}
NO_PHOTOS = {".tif", ".sgi", ".fli", ".psd", ".dds", ".blp"}


def test_every_real_file_ends_in_a_photo_or_a_refusal_within_time_and_memory() -> None:
    """Phones' photos, broken EXIF, and the files that crashed, hung or exhausted Pillow."""
    if SHARED is None:
        pytest.skip("the folder of real pictures is not here; generated ones are tried above")
    folder = SHARED / "data/images"
    files = sorted(path for path in folder.rglob("*.*") if path.parent != folder)
    run = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", LIMITED, *map(str, files)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )
    assert run.returncode == 0, run.stderr[-2000:]
    outcomes = [line.split("\t") for line in run.stdout.splitlines()]
    assert len(outcomes) == len(files)
    for name, outcome, seconds in outcomes:
        path = Path(name)
        expected = "not_a_photo" if path.suffix in NO_PHOTOS else REFUSED.get(path.name, "photo")
        assert (path.name, "photo" if "x" in outcome and outcome[0].isdigit() else outcome) == (
            path.name,
            expected,
        )
        assert float(seconds) < 5, name


def test_real_photos_with_a_position_lose_it() -> None:
    if SHARED is None:
        pytest.skip("the folder of real pictures is not here; a generated one is tried above")
    photos = [*(SHARED / "data/images/gps").glob("*.jpg"), SHARED / "data/images/heic/IMG_5195.HEIC"]
    for path in photos:
        assert not jpeg_markers(ingest(path.read_bytes()).data) & (APP1_TO_15 | {COMMENT}), path.name


def test_real_photos_in_eight_orientations_are_one_scene() -> None:
    if SHARED is None:
        pytest.skip("the folder of real pictures is not here; generated ones are tried above")
    seen = []
    for number in range(1, 9):
        picture = opened((SHARED / f"data/images/orientation/landscape_{number}.jpg").read_bytes())
        assert picture.size == (600, 450)
        seen.append(picture.convert("L").resize((8, 6)).tobytes())
    for other in seen[1:]:
        assert max(abs(a - b) for a, b in zip(seen[0], other, strict=True)) < 40
