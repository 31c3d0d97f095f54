"""``manage.py forget_pages [stamp ...]``: make kept pages old at once, all of them unless stamps are named."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from base.pagecache import generations


class Command(BaseCommand):
    """Used after a deploy and by staff who doubt what the site shows."""

    help = "Forget kept public pages (all, or those with the given stamps, e.g. market or product:12)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take any number of stamps."""
        parser.add_argument("stamps", nargs="*", default=[], help="stamps to bump; without any: every page")

    def handle(self, *args: Any, **options: Any) -> None:
        """Bump now."""
        stamps = options["stamps"] or [generations.EVERY_PAGE]
        generations.bump_now(stamps, generations.new_token())
        self.stdout.write(f"Forgotten: {', '.join(stamps)}")
