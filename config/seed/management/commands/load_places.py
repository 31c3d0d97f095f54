"""Load provinces and communes: production needs them too, without sample people."""

from typing import Any

from django.core.management.base import BaseCommand

from config.seed.places import load_places


class Command(BaseCommand):
    """``manage.py load_places``; safe to repeat."""

    help = "Write all provinces and communes, or bring them up to date."

    def handle(self, *args: Any, **options: Any) -> None:
        """Load them."""
        self.stdout.write(f"{load_places()} communes")
