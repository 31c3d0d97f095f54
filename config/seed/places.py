"""Provinces and communes from the shipped lists (docs/data-sources.md)."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Final

from base.places.models import Commune, Province

FOLDER: Final = Path(__file__).resolve().parent / "content" / "places"


def load_places() -> int:
    """Write all provinces and communes, or bring them up to date; returns the number of communes. Safe to repeat."""
    provinces = [
        Province(code=row["code"], name=row["name"], full_name=row["full_name"]) for row in _rows("provinces")
    ]
    Province.objects.bulk_create(
        provinces, update_conflicts=True, unique_fields=["code"], update_fields=["name", "full_name"]
    )
    former = {row["code"]: row["former_names"] for row in _rows("former_names")}
    communes = [
        Commune(
            code=row["code"],
            name=row["name"],
            full_name=row["full_name"],
            kind=row["type"],
            province_id=row["province_code"],
            former_names=former.get(row["code"], ""),
        )
        for row in _rows("communes")
    ]
    Commune.objects.bulk_create(
        communes,
        batch_size=1000,
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=["name", "full_name", "kind", "province", "former_names"],
    )
    return len(communes)


def _rows(name: str) -> list[dict[str, str]]:
    with (FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
