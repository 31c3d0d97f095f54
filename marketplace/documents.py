"""What search finds of the market: goods that are listed and not sold out; closed order windows do not hide them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any, Final

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from base.shell import formats
from marketplace.catalogue.cards import availability, changes_next, listed_stock
from marketplace.cooperative.models import Cooperative
from marketplace.cooperative.windows import open_states
from marketplace.partner.models import StockRecord
from marketplace.partner.units import Unit
from search.documents import Card, SearchDocument

CHUNK: Final = 2000
SUMMARY_CHARACTERS: Final = 160
INDEXED: Final = (
    "product_id",
    "product__slug",
    "product__title",
    "product__description",
    "product__category__name",
    "product__category__slug",
    "partner__name",
    "partner__village",
    "partner__commune__full_name",
    "partner__commune__former_names",
    "partner__commune__province__code",
    "partner__commune__province__full_name",
    "partner__cooperative__name",
    "partner__cooperative__slug",
)
SHOWN: Final = (
    "product_id",
    "product__slug",
    "product__title",
    "product__description",
    "product__ready_from",
    "price",
    "unit",
    "num_in_stock",
    "num_allocated",
    "partner__name",
    "partner__commune__full_name",
    "partner__cooperative_id",
    "partner__cooperative__is_always_open",
)


class ProductDocuments:
    """Goods as documents and as cards of results."""

    kind = "product"
    label = _("Goods")
    template_name = "market/search_card.html"

    def public(self, ids: Collection[str] | None = None) -> Iterator[SearchDocument]:
        """Yield what can be bought now or once its cooperative takes orders again, of these ids or of all."""
        for row in _stock(ids).values(*INDEXED).iterator(chunk_size=CHUNK):
            yield _document(row)

    def cards(self, ids: Collection[str]) -> Mapping[str, Card]:
        """Return cards of those that are still public: one query, and one for order windows if there are any."""
        rows = list(_stock(ids).values(*SHOWN))
        sellers = {
            row["partner__cooperative_id"]: Cooperative(
                pk=row["partner__cooperative_id"], is_always_open=row["partner__cooperative__is_always_open"]
            )
            for row in rows
        }
        states = open_states(sellers.values())
        today, until = timezone.localdate(), changes_next(states)
        cards = {}
        for row in rows:
            left = row["num_in_stock"] - row["num_allocated"]
            unit = str(Unit(row["unit"]).label)
            tag, tag_kind = availability(
                left, unit, row["product__ready_from"], states[row["partner__cooperative_id"]], today
            )
            place = row["partner__commune__full_name"]
            cards[str(row["product_id"])] = Card(
                title=row["product__title"],
                url=_url(row),
                summary=_summary(row),
                extra={
                    "icon": "market",
                    "price": formats.vnd(row["price"] or 0),
                    "unit": unit,
                    "tag": tag,
                    "tag_kind": tag_kind,
                    "place": f"{row['partner__name']} · {place}" if place else row["partner__name"],
                },
                until=until,
            )
        return cards


def _stock(ids: Collection[str] | None) -> QuerySet[StockRecord]:
    found = listed_stock()
    if ids is None:
        return found.order_by("product_id")
    return found.filter(
        product_id__in=[int(one) for one in ids if one.isascii() and one.isdigit() and len(one) < 19]
    )


def _document(row: Mapping[str, Any]) -> SearchDocument:
    words = (
        row["product__description"],
        row["product__category__name"],
        row["partner__name"],
        row["partner__village"],
        row["partner__commune__full_name"],
        row["partner__commune__province__full_name"],
        (row["partner__commune__former_names"] or "").replace(";", ", "),
        row["partner__cooperative__name"],
    )
    facets = {
        "nhom": row["product__category__slug"],
        "tinh": row["partner__commune__province__code"],
        "htx": row["partner__cooperative__slug"],
    }
    return SearchDocument(
        kind=ProductDocuments.kind,
        object_id=row["product_id"],
        title=row["product__title"],
        body="\n".join(word for word in words if word),
        url=_url(row),
        summary=_summary(row),
        facets={name: value for name, value in facets.items() if value},
    )


def _url(row: Mapping[str, Any]) -> str:
    return reverse("market:product", args=[row["product__slug"] or "hang", row["product_id"]])


def _summary(row: Mapping[str, Any]) -> str:
    text = " ".join((row["product__description"] or "").split())
    if len(text) <= SUMMARY_CHARACTERS:
        return text
    return (
        text[:SUMMARY_CHARACTERS].rpartition(" ")[0] + " …"
    )  # between words: a letter may be several characters
