"""A prepared read answers as its queryset would, with new values each time, and its SQL is built once."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.db.models import BigIntegerField, DateTimeField, QuerySet
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from base.prepared import Param, params, prepared, room
from marketplace.catalogue.models import Product
from marketplace.partner.models import StockRecord
from tests.factories.orders import make_goods

pytestmark = pytest.mark.django_db
COLUMNS = (
    "product_id",
    "price",
    "num_in_stock",
    "product__key",
    "product__is_public",
    "product__date_created",
)


def _records(ids: list[Any], since: Any) -> QuerySet[StockRecord, Any]:
    found = StockRecord.objects.filter(product__pk__in=ids, product__date_created__gt=since)
    return found.order_by("pk").values_list(*COLUMNS)


def test_rows_are_those_of_the_queryset_with_pythons_own_types() -> None:
    made = [make_goods(title=f"Gừng {number}").pk for number in range(3)]
    since = timezone.now() - dt.timedelta(days=1)
    read = prepared(
        lambda count: _records(params("ids", count, BigIntegerField()), Param("since", DateTimeField()))
    )
    for ids, after in ((made, since), (made[:1], since), (made, timezone.now())):
        rows = read(room(3)).rows(ids=ids, since=after)
        assert [tuple(row) for row in rows] == list(_records(ids, after))


def test_sql_is_built_once_and_each_run_is_one_query() -> None:
    built = []

    @prepared
    def read(is_public: bool) -> QuerySet[Product, Any]:
        built.append(is_public)
        return Product.objects.filter(is_public=is_public).values_list("pk")

    with CaptureQueriesContext(connection) as queries:
        for _ in range(3):
            read(True).rows()
        read(False).rows()
    assert (built, len(queries)) == ([True, False], 4)


def test_room_is_the_next_power_of_two() -> None:
    assert [room(count) for count in (1, 2, 3, 4, 5, 12, 13, 17)] == [1, 2, 4, 4, 8, 16, 16, 32]


def test_a_moment_baked_in_is_refused() -> None:
    read = prepared(lambda: Product.objects.filter(approved_at__lt=timezone.now()).values_list("pk"))
    with pytest.raises(ValueError, match="for ever"):
        read()
