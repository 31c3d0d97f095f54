"""Signs packs that are carried by memory card: Ed25519 over the manifest, which names every file by its hash."""

from __future__ import annotations

import base64
import binascii
import io
import json
import zipfile
from collections.abc import Callable
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings
from django.utils.crypto import salted_hmac

from base.offline.building import Pack
from base.offline.files import File

SUFFIX: Final = "langso"
SEED_BYTES: Final = 32
SAME_ALWAYS: Final = (
    1980,
    1,
    1,
    0,
    0,
    0,
)  # the earliest time that a ZIP can name: the same pack is the same file


class BadKey(ValueError):
    """PACK_SIGNING_KEY is not 32 bytes in base64."""


def public_key() -> str:
    """Return the key by which phones check a pack: 32 bytes in base64."""
    raw = _private_key().public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    return base64.b64encode(raw).decode()


def signature(message: bytes) -> bytes:
    """Return the 64 bytes of the signature."""
    return _private_key().sign(message)


def seed() -> bytes:
    """Return the 32 bytes of the private key: the setting, or made from SECRET_KEY. Raises BadKey."""
    given = settings.PACK_SIGNING_KEY
    if not given:
        return salted_hmac("base.offline.signing", "pack", algorithm="sha256").digest()
    try:
        raw = base64.b64decode(given, validate=True)
    except (binascii.Error, ValueError) as error:
        raise BadKey(str(error)) from error
    if len(raw) != SEED_BYTES:
        raise BadKey(f"{len(raw)} bytes")
    return raw


def _private_key() -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(seed())


def carried(pack: Pack, read: Callable[[File], bytes | None]) -> bytes | None:
    """Return the pack as one file; None when a file of it is not there (any more).

    Not compressed: photos are already, and a phone can read a file out of it without a library. Names are ours alone
    (manifest.json, signature, tep/<sha256>), so unpacking it anywhere can write nowhere else.
    """
    manifest = json.dumps(pack.manifest(), ensure_ascii=False, separators=(",", ":")).encode()
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        _put(archive, "manifest.json", manifest)
        _put(archive, "signature", signature(manifest))
        for file in {file.sha256: file for file in pack.files}.values():
            data = read(file)
            if data is None:
                return None
            _put(archive, f"tep/{file.sha256}", data)
    return out.getvalue()


def _put(archive: zipfile.ZipFile, name: str, data: bytes) -> None:
    archive.writestr(zipfile.ZipInfo(name, SAME_ALWAYS), data)
