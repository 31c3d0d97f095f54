"""Small pictures made on the spot for tests of media: good ones, odd ones and hostile ones."""

from __future__ import annotations

import io
import random
import struct
import zlib
from typing import Any

from PIL import Image, ImageDraw

GPS_IFD = 0x8825
ORIENTATION = 0x0112


def corners(width: int = 120, height: int = 80) -> Image.Image:
    """A picture that tells how it is turned: red, green, blue and yellow corners, clockwise from the top left."""
    picture = Image.new("RGB", (width, height), "white")
    draw = ImageDraw.Draw(picture)
    w, h = width // 2, height // 2
    draw.rectangle((0, 0, w - 1, h - 1), fill="red")
    draw.rectangle((w, 0, width, h - 1), fill="lime")
    draw.rectangle((w, h, width, height), fill="blue")
    draw.rectangle((0, h, w - 1, height), fill="yellow")
    return picture


def corner_names(picture: Image.Image) -> list[str]:
    """What ``corners`` looks like now, clockwise from the top left."""
    names = {"red": (255, 0, 0), "lime": (0, 255, 0), "blue": (0, 0, 255), "yellow": (255, 255, 0)}
    width, height = picture.size
    found = []
    for x, y in ((0.25, 0.25), (0.75, 0.25), (0.75, 0.75), (0.25, 0.75)):
        seen = picture.convert("RGB").getpixel((int(width * x), int(height * y)))
        assert isinstance(seen, tuple)
        found.append(
            min(names, key=lambda name: sum(abs(a - b) for a, b in zip(names[name], seen, strict=True)))
        )
    return found


def saved(picture: Image.Image, kind: str = "JPEG", **options: Any) -> bytes:
    """The bytes of ``picture`` in a format."""
    out = io.BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()


def photo(width: int = 640, height: int = 480, *, seed: int = 4) -> bytes:
    """A JPEG with soft shapes and some grain, as a phone would take it."""
    rng = random.Random(seed)
    small = Image.frombytes("RGB", (16, 12), rng.randbytes(16 * 12 * 3))
    picture = small.resize((width, height), Image.Resampling.BICUBIC)
    grain = noise(width, height, seed=seed)
    return saved(Image.blend(picture, grain, 0.06), quality=90)


def noise(width: int, height: int, *, seed: int = 4) -> Image.Image:
    """The worst picture for every encoder."""
    return Image.frombytes("RGB", (width, height), random.Random(seed).randbytes(width * height * 3))


def with_position(data: bytes) -> bytes:
    """The JPEG with GPS, camera, comment, XMP and thumbnail-like words in its metadata."""
    picture = Image.open(io.BytesIO(data))
    exif = Image.Exif()
    exif[0x010F] = "Secret Camera"
    exif.get_ifd(GPS_IFD).update({1: "N", 2: (14.0, 21.0, 0.5), 3: "E", 4: (108.0, 0.0, 1.5)})
    return saved(picture, exif=exif, comment=b"secret comment", xmp=b"<x:xmpmeta>secret xmp</x:xmpmeta>")


def turned(orientation: int) -> bytes:
    """``corners`` stored so that a viewer who obeys EXIF sees it upright."""
    undo = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }
    picture = corners()
    if orientation in undo:
        picture = picture.transpose(undo[orientation])
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    return saved(picture, exif=exif, quality=95)


def png_bomb(width: int = 50_000, height: int = 50_000) -> bytes:
    """A PNG of a few kilobytes that says it is gigapixels."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(bytes(1_000_000)))
        + chunk(b"IEND", b"")
    )


def jpeg_of_many_scans(scans: int = 500, width: int = 4000, height: int = 3000) -> bytes:
    """A progressive JPEG with one scan said again and again: small, and minutes of work for a decoder."""
    data = saved(Image.new("RGB", (width, height), "gray"), progressive=True, quality=30)
    last = data.rindex(b"\xff\xda")
    return data[:-2] + data[last:-2] * scans + b"\xff\xd9"
