"""The part of soak.py that needs Django: goods with little stock, households that bring more, and the count at the end.

Counted: stock sold is never above the stock there was; what is allocated is what order lines say; every purchase that a
buyer was told of is there whole, with an order for each of its cooperatives, and there is no other.
"""

import json
import os
import random
import signal
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

import django

django.setup()

from django.db.models import F, Sum  # noqa: E402  (Django first)

from marketplace.catalogue.models import Product  # noqa: E402
from marketplace.cooperative.models import Cooperative  # noqa: E402
from marketplace.order.models import Line, Purchase  # noqa: E402
from marketplace.partner.models import StockRecord  # noqa: E402

FOLDER = Path(os.environ["LANGSO_VAR"])
EACH = 6  # goods of each cooperative: few, so that buyers meet
AT_FIRST = 5
EVERY_S = 0.5


def prepare() -> None:
    """Leave a few of each of a few goods, open every cooperative, and print the goods' ids."""
    Cooperative.objects.update(is_always_open=True)
    chosen = [
        product.pk
        for cooperative in Cooperative.objects.order_by("pk")
        for product in Product.objects.listed()
        .filter(household__cooperative=cooperative)
        .order_by("pk")[:EACH]
    ]
    StockRecord.objects.filter(product__in=chosen).update(num_in_stock=F("num_allocated") + AT_FIRST)
    rows = StockRecord.objects.filter(product__in=chosen).values_list(
        "product_id", "num_in_stock", "num_allocated"
    )
    before = {pk: {"in_stock": stock, "allocated": allocated} for pk, stock, allocated in rows}
    purchases = Purchase.objects.count()
    (FOLDER / "before.json").write_text(json.dumps({"goods": before, "purchases": purchases}))
    print(json.dumps(chosen))


def restock(seed: int) -> None:
    """Bring one to four more of whatever is gone, twice a second, until told to end; then write down how many."""
    luck, brought, ends = random.Random(seed), Counter[int](), []
    signal.signal(signal.SIGTERM, lambda *_: ends.append(1))
    goods = [int(pk) for pk in _read("before.json")["goods"]]
    while not ends:
        for stock in StockRecord.objects.filter(product__in=goods, num_in_stock=F("num_allocated")):
            more = luck.randint(1, 4)
            StockRecord.objects.filter(pk=stock.pk).update(num_in_stock=F("num_in_stock") + more)
            brought[stock.product_id] += more
        time.sleep(EVERY_S)
    (FOLDER / "brought.json").write_text(json.dumps(brought))


def count() -> None:
    """Print the counts and what is wrong, as JSON."""
    before, brought, accepted = _read("before.json"), _read("brought.json"), _read("accepted.json")
    codes = list(accepted)
    wrong: list[str] = []
    there = sold = 0
    for pk, was in before["goods"].items():
        stock = StockRecord.objects.get(product=pk)
        lines = Line.objects.filter(order__purchase__code__in=codes, product=pk)
        in_lines = lines.aggregate(n=Sum("quantity"))["n"] or 0
        supply = was["in_stock"] - was["allocated"] + brought.get(pk, 0)
        there, sold = there + supply, sold + in_lines
        if in_lines > supply or stock.num_allocated > stock.num_in_stock:
            wrong.append(f"product {pk}: {in_lines} sold of {supply}")
        if stock.num_allocated - was["allocated"] != in_lines:
            wrong.append(
                f"product {pk}: {stock.num_allocated - was['allocated']} allocated, {in_lines} in lines"
            )
        if stock.num_in_stock != was["in_stock"] + brought.get(pk, 0):
            wrong.append(f"product {pk}: {stock.num_in_stock} in stock")
    purchases = Purchase.objects.count() - before["purchases"]
    if purchases != len(accepted):
        wrong.append(f"{purchases} purchases, buyers were told of {len(accepted)}")
    orders = sum(_look_at(code, goods, wrong) for code, goods in accepted.items())
    print(
        json.dumps(
            {
                "purchases": purchases,
                "orders_of_cooperatives": orders,
                "stock": there,
                "sold": sold,
                "wrong": wrong,
            }
        )
    )


def _look_at(code: str, goods: dict[str, int], wrong: list[str]) -> int:
    """Compare a purchase with what its buyer asked for; return how many orders it has."""
    purchase = Purchase.objects.filter(code=code).first()
    if purchase is None:
        wrong.append(f"{code}: not there")
        return 0
    lines = Line.objects.filter(order__purchase=purchase)
    got = {str(pk): quantity for pk, quantity in lines.values_list("product_id", "quantity")}
    orders = list(purchase.orders.values_list("cooperative_id", flat=True))
    theirs = set(Product.objects.filter(pk__in=got).values_list("household__cooperative_id", flat=True))
    if got != goods or not got or sorted(orders) != sorted(theirs):
        wrong.append(f"{code}: asked for {goods}, got {got} in orders of {orders}")
    return len(orders)


def _read(name: str) -> Any:
    return json.loads((FOLDER / name).read_text())


if __name__ == "__main__":
    if sys.argv[1] == "restock":
        restock(int(sys.argv[2]))
    else:
        {"prepare": prepare, "count": count}[sys.argv[1]]()
