"""What search finds of the market: goods that are listed and not sold out; closed order windows do not hide them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final, NamedTuple

from django.db.models import BigIntegerField, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from base.prepared import params, prepared, room
from base.shell import formats
from marketplace.catalogue.cards import FEW, availability, changes_next, listed_stock
from marketplace.catalogue.models import Category
from marketplace.cooperative.models import Cooperative
from marketplace.cooperative.windows import Seller, open_states
from marketplace.partner.models import StockRecord
from marketplace.partner.units import Unit
from media.pictures import addresses
from search.choices import Chip
from search.documents import APART, Card, SearchDocument, Stock

CHUNK: Final = 2000
ASKED: Final = 4
"""So many cooperatives are named where nothing was found."""
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
    "partner__commune__code",
    "partner__commune__province__code",
    "partner__commune__province__full_name",
    "partner__cooperative__name",
    "partner__cooperative__slug",
    "product__ready_from",
    "product__approved_at",
    "price",
    "num_in_stock",
    "num_allocated",
)


class Shown(NamedTuple):
    """What a result shows of goods, in the order of ``SHOWN``."""

    pk: int
    slug: str
    title: str
    description: str
    ready_from: dt.date | None
    price: Decimal
    unit: str
    in_stock: int
    allocated: int
    who: str
    place: str | None
    cooperative_id: int
    is_always_open: bool
    photo_id: int | None


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
    "product__cover_id",
)


class ProductDocuments:
    """Goods as documents and as cards of results."""

    kind = "product"
    label = _("Goods")
    template_name = "market/search_card.html"
    asked_as = ("hang", "hang hoa", "san pham", "nong san")
    narrowed_by = ("nhom", "tinh", "xa", "htx")
    has_prices = True

    def public(self, ids: Collection[str] | None = None) -> Iterator[SearchDocument]:
        """Yield what can be bought now or once its cooperative takes orders again, of these ids or of all."""
        for row in _stock(ids).values(*INDEXED).iterator(chunk_size=CHUNK):
            yield _document(row)

    def cards(self, ids: Collection[str]) -> Mapping[str, Card]:
        """Return cards of those that are still public: one query, and one for order windows if there are any."""
        wanted = _numbers(ids)
        rows = [Shown._make(row) for row in _shown(room(len(wanted))).rows(ids=wanted)] if wanted else []
        sellers = {row.cooperative_id: Seller(row.cooperative_id, row.is_always_open) for row in rows}
        states = open_states(sellers.values())
        today, until = timezone.localdate(), changes_next(states)
        cards = {}
        for row in rows:
            left, unit = row.in_stock - row.allocated, str(Unit(row.unit).label)
            state = states[row.cooperative_id]
            tag, tag_kind = availability(left, unit, row.ready_from, state, today)
            cards[str(row.pk)] = Card(
                title=row.title,
                url=_url(row.slug, row.pk),
                summary=_summary(row.description),
                extra={
                    "icon": "market",
                    "price": formats.vnd(row.price or 0),
                    "price_vnd": int(row.price or 0),
                    "unit": unit,
                    "tag": tag,
                    "tag_kind": tag_kind,
                    "place": f"{row.who} · {row.place}" if row.place else row.who,
                    "photo_id": row.photo_id,
                },
                until=until,
            )
        return cards

    def pictures(self, cards: Mapping[str, Card]) -> Mapping[str, str]:
        """Return addresses of small square pictures of these goods, in one query."""
        photos = {pk: card.extra["photo_id"] for pk, card in cards.items() if card.extra.get("photo_id")}
        found = addresses([int(str(one)) for one in set(photos.values())], "thumb")
        return {pk: found[photo] for pk, photo in photos.items() if photo in found}


@prepared
def _shown(count: int) -> QuerySet[StockRecord, Any]:
    ids = params("ids", count, BigIntegerField())
    return listed_stock().filter(product__pk__in=ids).order_by().values_list(*SHOWN)


def _stock(ids: Collection[str] | None) -> QuerySet[StockRecord]:
    found = listed_stock()
    if ids is None:
        return found.order_by("product_id")
    return found.filter(product_id__in=_numbers(ids))


def _numbers(ids: Collection[str]) -> list[int]:
    return [int(one) for one in ids if one.isascii() and one.isdigit() and len(one) < 19]


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
    facets = {"nhom": row["product__category__slug"], "htx": row["partner__cooperative__slug"]}
    return SearchDocument(
        kind=ProductDocuments.kind,
        object_id=row["product_id"],
        title=row["product__title"],
        body=APART.join(word for word in words if word),
        url=_url(row["product__slug"], row["product_id"]),
        summary=_summary(row["product__description"]),
        facets={name: value for name, value in facets.items() if value},
        price_vnd=int(row["price"]) if row["price"] is not None else None,
        stock=stock_level(row["num_in_stock"] - row["num_allocated"]),
        ready_on=row["product__ready_from"],
        published_at=row["product__approved_at"],
        commune=row["partner__commune__code"] or "",
        province=row["partner__commune__province__code"] or "",
    )


def category_names(slugs: Sequence[Any]) -> QuerySet[Category, Any]:
    """Return what people call these kinds of goods."""
    return Category.objects.filter(slug__in=slugs, is_public=True).values_list("slug", "name")


def cooperative_names(slugs: Sequence[Any]) -> QuerySet[Cooperative, Any]:
    """Return the names of these cooperatives that take orders at all."""
    return Cooperative.objects.active().filter(slug__in=slugs).values_list("slug", "name")


def cooperatives_to_ask() -> Sequence[Chip]:
    """Return the cooperatives that a buyer can ask for what the market does not have now."""
    rows = Cooperative.objects.active().order_by("name").values_list("name", "slug")[:ASKED]
    return [Chip(name, reverse("market:cooperative", args=[slug])) for name, slug in rows]


def stock_level(left: int) -> Stock:
    """Return how much is left as the index keeps it; it is written anew only when this changes."""
    if left <= 0:
        return Stock.NONE
    return Stock.FEW if left <= FEW else Stock.PLENTY


def _url(slug: str, pk: int) -> str:
    return reverse("market:product", args=[slug or "hang", pk])


def _summary(description: str | None) -> str:
    text = " ".join((description or "").split())
    if len(text) <= SUMMARY_CHARACTERS:
        return text
    return (
        text[:SUMMARY_CHARACTERS].rpartition(" ")[0] + " …"
    )  # between words: a letter may be several characters
