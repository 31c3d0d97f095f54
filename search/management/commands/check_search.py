"""`manage.py check_search`: compares the index with the database, and repairs it."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from search.checking import Check, What
from search.engines import current_engine
from search.engines.base import EngineAway
from search.engines.inspection import inspections

LISTED = 20


class Command(BaseCommand):
    """Safe at any time: what changes meanwhile is no difference. Exits with 1 when something differs."""

    help = "Compares the search index, and its copy in Elasticsearch, with the database. Safe while the site is in use."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--repair", action="store_true", help="have the outbox write anew exactly what differs"
        )
        parser.add_argument("--json", action="store_true", help="one line of JSON instead of a table")

    def handle(self, *args: Any, repair: bool, json: bool, **options: Any) -> None:
        checks = [Check(index) for index in inspections(current_engine())]
        examples: list[str] = []
        for check in checks:
            try:
                for difference in check.differences():
                    if repair:
                        check.repair(difference)
                    if len(examples) < LISTED:
                        examples.append(f"{check.index.name}: {difference.key} {difference.what}")
            except EngineAway as error:
                message = f"{check.index.name} does not answer ({error}). Start it, then try again."
                raise CommandError(message) from error
        self.stdout.write(_line(checks) if json else _table(checks))
        if all(tally.is_same for check in checks for tally in check.tallies.values()):
            return
        if not json:
            self.stdout.write("\n".join(["", *examples]))
            said = (
                "The outbox writes them anew." if repair else "“check_search --repair” has them written anew."
            )
            self.stdout.write(said)
        raise SystemExit(1)


def _line(checks: list[Check]) -> str:
    counts = {
        check.index.name: {
            kind: {"public": tally.public, "waiting": tally.waiting}
            | {str(what): number for what, number in tally.differences.items()}
            for kind, tally in check.tallies.items()
        }
        for check in checks
    }
    return json.dumps(counts)


def _table(checks: list[Check]) -> str:
    names = ("public", *What, "waiting")
    lines = [f"{'index':14} {'kind':12}" + "".join(f"{name:>11}" for name in names)]
    for check in checks:
        for kind, tally in check.tallies.items():
            numbers = (tally.public, *tally.differences.values(), tally.waiting)
            lines.append(f"{check.index.name:14} {kind:12}" + "".join(f"{number:11}" for number in numbers))
    return "\n".join(lines)
