"""The one way in for a picture: decide by content, refuse what is too big, turn upright, drop all metadata, shrink.

Needs no database. ``ingest`` either returns a clean JPEG or raises ``BadPhoto`` with a message for the person; nothing
else ever comes out of it, whatever the bytes are. Names and Content-Type headers are never looked at.
"""

from __future__ import annotations

import hashlib
import io
import logging
from dataclasses import dataclass
from importlib import import_module
from typing import IO, TYPE_CHECKING, Final

from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageCms

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

logger = logging.getLogger(__name__)

MAX_BYTES: Final = 15 * 1024 * 1024
MAX_PIXELS: Final = 50_000_000  # JPEG and HEIC: a phone's large mode. libjpeg decodes them already shrunk
MAX_PIXELS_WHOLE: Final = 20_000_000  # the other formats are decoded whole, 4 bytes a pixel
MAX_JPEG_WORK_PIXELS: Final = (
    500_000_000  # pixels x scans: a JPEG of hundreds of empty scans costs seconds each
)
MAX_ICC_BYTES: Final = 1_000_000
LONGEST_PX: Final = 1600
QUALITY: Final = 82
ORIENTATION_TAG: Final = 0x0112

# EXIF orientation -> what brings the picture upright (CIPA DC-008, table 6)
UPRIGHT: Final = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}

MESSAGES: Final = {
    "empty": _("This file is empty. Please choose the photo again."),
    "too_big": _("This photo is too heavy (over 15 MB). Please choose a smaller one."),
    "too_many_pixels": _("This photo is too large. Please choose a smaller one or take it again."),
    "not_a_photo": _("This file is not a photo. Please choose a photo (JPEG, PNG, WebP or HEIC)."),
    "no_heic": _("This phone saves photos as HEIC, which cannot be opened here. Please send a JPEG photo."),
    "broken": _("This photo cannot be opened. Please take it again or choose another one."),
}


class BadPhoto(ValueError):
    """A file that cannot become a photo. ``code`` is a key of MESSAGES, ``message`` is for the person."""

    def __init__(self, code: str) -> None:
        self.code = code
        self.message: _StrPromise = MESSAGES[code]
        super().__init__(code)


@dataclass(frozen=True, slots=True)
class CleanPhoto:
    """What is left of an upload: JPEG bytes, upright, no metadata, at most LONGEST_PX on the longer side."""

    data: bytes
    width: int
    height: int
    format: str  # always "JPEG"; named so that a reader need not guess
    sha256: str
    colour: str  # the most common colour, "#rrggbb": shown until the picture is there


def heic_reader() -> str:
    """Return the name of the installed HEIC decoder, "" when there is none.

    pi-heif decodes only (LGPL); pillow-heif is what Wagtail's Willow may have brought.
    """
    for package in ("pi_heif", "pillow_heif"):
        try:
            import_module(package).register_heif_opener()
        except ImportError:
            continue
        return package
    return ""


HEIC_READER: Final = heic_reader()


def ingest(file: IO[bytes] | bytes) -> CleanPhoto:
    """Return the clean photo in ``file``. Raises BadPhoto, and nothing else."""
    try:
        return _ingest(_read(file))
    except BadPhoto:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise BadPhoto("too_many_pixels") from error
    except Exception as error:
        # decoders raise nearly anything on hostile bytes (struct.error, SyntaxError, MemoryError ...)
        logger.info("photo refused: %s: %s", type(error).__name__, error)
        raise BadPhoto("broken") from error


def sniff(head: bytes) -> str:
    """Return Pillow's name of the format that ``head`` (the first 64 bytes) begins, "" when we do not take it."""
    if head.startswith(b"\xff\xd8\xff"):
        return "JPEG"
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "PNG"
    if head.startswith((b"GIF87a", b"GIF89a")):
        return "GIF"
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "WEBP"
    if head.startswith(b"BM"):
        return "BMP"
    if head[4:8] == b"ftyp":
        return _sniff_iso(head)
    return ""


def _sniff_iso(head: bytes) -> str:
    """Tell AVIF from HEIC by the brands of the ``ftyp`` box; video and the rest give ""."""
    box = head[: min(int.from_bytes(head[:4], "big"), 64)]
    brands = {box[i : i + 4] for i in (8, *range(16, len(box), 4))}
    if brands & {b"avif", b"avis"}:
        return "AVIF"
    if brands & {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"}:
        return "HEIF"
    return ""


def _read(file: IO[bytes] | bytes) -> bytes:
    if isinstance(file, bytes):
        data = file
    else:
        if (getattr(file, "size", None) or 0) > MAX_BYTES:
            raise BadPhoto("too_big")
        file.seek(0)
        data = file.read(MAX_BYTES + 1)
    if not data:
        raise BadPhoto("empty")
    if len(data) > MAX_BYTES:
        raise BadPhoto("too_big")
    return data


def _ingest(data: bytes) -> CleanPhoto:
    name = sniff(data[:64])
    if not name:
        raise BadPhoto("not_a_photo")
    if name == "HEIF" and not HEIC_READER:
        raise BadPhoto("no_heic")
    # formats=: no other of Pillow's decoders is reached (the list of crashes in them is long)
    with Image.open(io.BytesIO(data), formats=[name]) as picture:
        _refuse_too_large(picture, name, data)
        turn = _orientation(picture)
        profile = picture.info.get("icc_profile", b"")
        if name == "JPEG":
            picture.draft(None, (LONGEST_PX, LONGEST_PX))
        picture.load()
        small = _flat_rgb(_shrunk(picture), profile)
    if turn in UPRIGHT:
        small = small.transpose(UPRIGHT[turn])
    return _written(small)


def _refuse_too_large(picture: Image.Image, name: str, data: bytes) -> None:
    """Judge by the header alone, before any pixel is decoded."""
    pixels = picture.width * picture.height
    if pixels > (MAX_PIXELS if name in ("JPEG", "HEIF") else MAX_PIXELS_WHOLE):
        raise BadPhoto("too_many_pixels")
    if name == "JPEG" and pixels * data.count(b"\xff\xda") > MAX_JPEG_WORK_PIXELS:
        raise BadPhoto("too_many_pixels")


def _orientation(picture: Image.Image) -> int:
    """Return the EXIF (or XMP) orientation; 1 when the block is broken, which is no reason to refuse a picture."""
    try:
        turn = picture.getexif().get(ORIENTATION_TAG, 1)
    except Exception:
        return 1
    return turn if isinstance(turn, int) else 1


def _shrunk(picture: Image.Image) -> Image.Image:
    """Return the picture within LONGEST_PX, in a mode that can be averaged (L, LA, RGB, RGBA, CMYK)."""
    if picture.mode.startswith("I"):  # 16 bits a pixel: Pillow would cut instead of scale
        picture = picture.convert("I").point(lambda value: value / 256).convert("L")
    elif "transparency" in picture.info or picture.mode in ("P", "PA", "La", "RGBa"):
        picture = picture.convert("RGBA")
    elif picture.mode not in ("L", "LA", "RGB", "RGBA", "CMYK"):
        picture = picture.convert("RGB")
    picture.thumbnail((LONGEST_PX, LONGEST_PX), Image.Resampling.LANCZOS, reducing_gap=2.0)
    return picture


def _flat_rgb(picture: Image.Image, profile: bytes) -> Image.Image:
    """Return it as sRGB on white, without any of the ``info`` that Pillow would write back."""
    if picture.mode in ("RGBA", "LA"):
        picture = picture.convert("RGBA")
        white = Image.new("RGB", picture.size, "white")
        white.paste(picture.convert("RGB"), mask=picture.getchannel("A"))
        picture = white
    picture = _in_srgb(picture, profile).convert("RGB")
    picture.info = {}  # Pillow writes comment and others back from here
    return picture


def _in_srgb(picture: Image.Image, profile: bytes) -> Image.Image:
    """Apply the picture's own colour profile (phones: Display P3; print: CMYK); a broken one is left out."""
    if not profile or len(profile) > MAX_ICC_BYTES:
        return picture
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        target = ImageCms.createProfile("sRGB")
        converted = ImageCms.profileToProfile(picture, source, target, outputMode="RGB")
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        return picture
    return converted or picture


def _written(picture: Image.Image) -> CleanPhoto:
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=QUALITY, optimize=True, progressive=True, subsampling="4:2:0")
    data = out.getvalue()
    return CleanPhoto(
        data=data,
        width=picture.width,
        height=picture.height,
        format="JPEG",
        sha256=hashlib.sha256(data).hexdigest(),
        colour=_commonest_colour(picture),
    )


def _commonest_colour(picture: Image.Image) -> str:
    few = picture.resize((24, 24), Image.Resampling.BOX).quantize(4)
    counts = few.getcolors() or [(1, 0)]
    index = max(counts)[1]
    palette = few.getpalette() or [200, 200, 200]
    assert isinstance(index, int)
    red, green, blue = palette[index * 3 : index * 3 + 3]
    return f"#{red:02x}{green:02x}{blue:02x}"
