"""What can be wrong with sizes, storages and settings of photos, said before somebody loses a picture."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

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
