"""What can be wrong with sizes, storages and settings of photos, said before somebody loses a picture."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from django.apps import AppConfig, apps
from django.conf import settings
from django.core.checks import CheckMessage, Error, Info, register
from django.core.files.storage import FileSystemStorage, InvalidStorageError, storages

from media.ingest import HEIC_READER
from media.renditions import SIZES

FORM: Final = "media.forms.EditorPhotoForm"
TAG: Final = re.compile(r"""\{%\s*photo\s+\S+\s+["']([^"']*)["']""")


@register()
def sizes_in_templates(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Every ``{% photo x "size" %}`` in our templates names an agreed size."""
    return [
        Error(
            f'{path}: {{% photo … "{name}" %}} is no agreed size.',
            hint=f"Use one of {', '.join(SIZES)}, or add it to media/renditions.py.",
            id="media.E001",
        )
        for path in _our_templates()
        for name in TAG.findall(path.read_text(encoding="utf-8"))
        if name not in SIZES
    ]


@register()
def storages_apart(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """The private storage exists and does not lie where public files are given out."""
    if settings.MEDIA_BUCKET or settings.PRIVATE_BUCKET:
        return []  # see ``buckets_whole``
    try:
        private, public = storages["private"], storages["default"]
    except InvalidStorageError:
        return [
            Error("STORAGES has no 'private'.", hint="Add it as in config/settings/base.py.", id="media.E002")
        ]
    if not (isinstance(private, FileSystemStorage) and isinstance(public, FileSystemStorage)):
        return []
    inside, outside = Path(private.location).resolve(), Path(public.location).resolve()
    if inside == outside or outside in inside.parents:
        return [
            Error(
                "The private storage lies inside MEDIA_ROOT: anybody could open private photos.",
                hint="Give PRIVATE_ROOT a folder of its own.",
                id="media.E003",
            )
        ]
    return []


@register(deploy=True)
def storages_writable(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Folders of both storages can be written to."""
    if settings.MEDIA_BUCKET or settings.PRIVATE_BUCKET:
        return []
    return [
        Error(
            f"The folder of the '{alias}' storage cannot be written: {storage.location}",
            hint=f"Let the user that runs the site own it: chown -R langso {storage.location}",
            id="media.E004",
        )
        for alias in ("default", "private")
        if isinstance(storage := storages[alias], FileSystemStorage)
        and not _is_writable(Path(storage.location))
    ]


@register()
def buckets_whole(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Files lie in folders, or in two buckets with all that these need; nothing by halves."""
    return [
        Error(message, hint=f"{cure} See docs/operations.md, Photos and files in buckets.", id="media.E006")
        for message, cure in _faults_of_buckets()
    ]


def _faults_of_buckets() -> Iterator[tuple[str, str]]:
    public, private, url = settings.MEDIA_BUCKET, settings.PRIVATE_BUCKET, settings.MEDIA_URL
    is_elsewhere = bool(urlsplit(url).netloc)
    if not (public or private):
        if is_elsewhere:
            yield (
                "MEDIA_URL names another host, but there are no buckets.",
                "Set MEDIA_BUCKET and PRIVATE_BUCKET.",
            )
        return
    if not (public and private):
        missing = "PRIVATE_BUCKET" if public else "MEDIA_BUCKET"
        yield f"{missing} is not set, the other bucket is.", f"Set {missing}, or neither for folders."
    elif public == private:
        yield (
            "MEDIA_BUCKET and PRIVATE_BUCKET are the same: anybody could open private files.",
            "Make a second bucket that only the site's key can read.",
        )
    if public and not re.fullmatch(r"https?://[^/?#]+(/[^?#]*)?/", url):
        yield (
            f"MEDIA_URL is {url!r}, but public photos lie in a bucket.",
            "Set it to the address where anybody reads MEDIA_BUCKET, with a slash at the end: https://anh.example.vn/.",
        )
    endpoint = settings.S3_ENDPOINT_URL
    if endpoint and not re.fullmatch(r"https?://[^/?#]+/?", endpoint):
        yield (
            f"S3_ENDPOINT_URL is {endpoint!r}.",
            "Write it as https://s3.example.vn, or leave it out for Amazon's.",
        )
    keys = [bool(os.environ.get(name)) for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")]
    if not all(keys) and (any(keys) or endpoint):
        yield "The key of the buckets is incomplete.", "Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY."
    if find_spec("storages") is None or find_spec("boto3") is None:
        yield (
            "django-storages is not installed.",
            "pip install -r requirements/production.txt, or langso[s3].",
        )


@register()
def one_way_in(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Wagtail's upload screens use our form."""
    if getattr(settings, "WAGTAILIMAGES_IMAGE_FORM_BASE", "") == FORM:
        return []
    return [
        Error(
            "Wagtail's uploader does not use our form: it would judge photos by name.",
            hint=f'Set WAGTAILIMAGES_IMAGE_FORM_BASE = "{FORM}".',
            id="media.E005",
        )
    ]


@register(deploy=True)
def heic_can_be_read(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Say when iPhone photos would be turned away."""
    if HEIC_READER:
        return []
    return [Info("HEIC photos (iPhone) are turned away.", hint="pip install pi-heif", id="media.I001")]


def _our_templates() -> Iterator[Path]:
    root = Path(settings.ROOT) if hasattr(settings, "ROOT") else Path(__file__).resolve().parents[1]
    for app in apps.get_app_configs():
        folder = Path(app.path) / "templates"
        if root in folder.parents and folder.is_dir():
            yield from folder.rglob("*.html")


def _is_writable(folder: Path) -> bool:
    """Return whether a file can be made in ``folder``, or in its nearest parent while it is not there."""
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    return os.access(folder, os.W_OK | os.X_OK)
