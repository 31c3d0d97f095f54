"""How soon a thing is found, for `make bench`: from the commit of an approval to its link in /tim/, outbox running.

As a script, with the site's environment, it is the part that needs Django: it approves goods under words that nobody
else has, asks the search page until the goods are there, and prints the milliseconds as JSON. Beside them the same
loop for goods that are found already: what one question costs here and now.
"""

import http.client
import json
import os
import random
import statistics
import string
import subprocess
import sys
import time
from dataclasses import dataclass
from typing import Any

import services
from environment import ROOT

TIMES = 20
MARK = " mã "  # the word of a run stands behind it, and goes away again
LIMIT_S = 30.0


@dataclass
class Found:
    """Milliseconds, median and worst of ``TIMES``."""

    median_ms: float
    worst_ms: float
    empty_median_ms: float
    empty_worst_ms: float


def measure(host: str, environment: dict[str, str]) -> Found:
    """Start the real outbox process of the site at ``host``, approve goods, and say how soon each is found."""
    everything = {**os.environ, **environment, "PYTHONPATH": str(ROOT)}
    outbox = subprocess.Popen(
        [sys.executable, "manage.py", "run_outbox"], cwd=ROOT, env=everything, start_new_session=True
    )
    try:
        done = subprocess.run(
            [sys.executable, __file__, host],
            cwd=ROOT,
            env=everything,
            capture_output=True,
            text=True,
            check=False,
        )
    finally:
        services.end(outbox)
    if done.returncode:
        sys.exit(f"found.py failed:\n{done.stderr[-3000:]}")
    took: dict[str, list[float]] = json.loads(done.stdout.splitlines()[-1])
    found, empty = took["found"], took["empty"]
    return Found(
        *(round(value, 1) for times in (found, empty) for value in (statistics.median(times), max(times)))
    )


# --- in the process that has Django -----------------------------------------------------------------------------------


def _approve_and_look(host: str) -> dict[str, list[float]]:
    import django

    django.setup()
    from base.outbox.models import Entry
    from marketplace.catalogue.models import Product

    _wait_until(lambda: not Entry.objects.filter(topic="search.index").exists())
    took: dict[str, list[float]] = {"found": [], "empty": []}
    chosen = Product.objects.listed().order_by("pk").select_related("household")[:TIMES]
    for product in chosen:
        title, word = product.title.split(MARK)[0], "".join(random.choices(string.ascii_lowercase, k=14))
        _rename_and_approve(product, f"{title}{MARK}{word}")
        took["found"].append(_until_found(host, product.pk, word))
        took["empty"].append(_until_found(host, product.pk, word))
        _rename_and_approve(product, title)
    return took


def _rename_and_approve(product: Any, title: str) -> None:
    from marketplace.catalogue.listing import Listing, approve, save_listing, submit

    stock = product.stockrecords.get()
    listing = Listing(
        title=title,
        description=product.description,
        category=product.category,
        price_vnd=int(stock.price),
        unit=stock.unit,
        left=stock.net_stock_level,
        ready_from=product.ready_from,
        cover=product.cover,
    )
    by = product.household.cooperative.memberships.first().user
    approve(submit(save_listing(product.household, listing, product)), by=by)


def _until_found(host: str, number: int, word: str) -> float:
    """Return the milliseconds until the search page for ``word`` links to the product."""
    started = time.monotonic()
    link = f"-{number}/".encode()
    _wait_until(lambda: link in _page(host, f"/tim/?q={word}"))
    return (time.monotonic() - started) * 1000


def _page(host: str, address: str) -> bytes:
    connection = http.client.HTTPConnection(host, timeout=30)
    connection.request("GET", address)
    body = connection.getresponse().read()
    connection.close()
    return body


def _wait_until(is_so: Any) -> None:
    end = time.monotonic() + LIMIT_S
    while not is_so():
        if time.monotonic() > end:
            sys.exit(f"not found within {LIMIT_S:.0f} s")
        time.sleep(0.01)


if __name__ == "__main__":
    print(json.dumps(_approve_and_look(sys.argv[1])))
