"""Migrate an empty database a third faster than `manage.py migrate`, with the same migrations and the same result.

From empty, nearly all the time goes into Django's picture of the models, drawn anew for every model that an operation
reaches. Two things make that less: Wagtail's long history runs while there are few other models (any order that keeps
to the dependencies is right; Django's is by name), and the names of swappable models are looked up once.
"""

import os
import sys
from pathlib import Path
from typing import Any

import django
from django.apps import apps
from django.apps.registry import Apps
from django.core.management import call_command
from django.core.management.commands import migrate
from django.db.migrations.executor import MigrationExecutor

FIRST = ("wagtailcore", "wagtailadmin", "wagtailimages", "wagtailusers", "wagtailsearch")


class WagtailFirst(MigrationExecutor):
    def migration_plan(self, targets: Any, clean_start: bool = False) -> Any:
        first = [target for app in FIRST for target in targets if target[0] == app]
        return super().migration_plan([*first, *(t for t in targets if t not in first)], clean_start)


def _remember_swappable_names() -> None:
    """Answer from a table what Django else finds by walking all models, whenever a foreign key is copied."""
    names: dict[str, str] = {}
    for model in apps.get_models(include_swapped=True):
        if setting := model._meta.swappable:
            names[model._meta.label_lower] = setting
            if model._meta.swapped:
                names[str(model._meta.swapped).lower()] = setting

    def find(self: Apps, to_string: str) -> str | None:
        return names.get(to_string.lower())

    find.cache_clear = lambda: None  # type: ignore[attr-defined]  # Django clears it with its other caches
    Apps.get_swappable_settings_name = find  # type: ignore[method-assign]


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")
    django.setup()
    _remember_swappable_names()
    migrate.MigrationExecutor = WagtailFirst  # type: ignore[attr-defined]
    call_command("migrate", verbosity=0, skip_checks="--skip-checks" in sys.argv)
