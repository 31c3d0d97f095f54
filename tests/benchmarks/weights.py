"""What a page of this site costs a visitor: bytes, requests, pictures and queries, measured through Django's client."""

from __future__ import annotations

import posixpath
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, Final
from urllib.parse import unquote, urljoin

import brotli
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.staticfiles import finders
from django.core.cache import cache
from django.core.files.storage import default_storage
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

BUDGETS: Final[dict[str, Any]] = tomllib.loads(
    (Path(__file__).parent / "budgets.toml").read_text(encoding="utf-8")
)
HOST: Final = "localhost"
IN_VIEW: Final = 4  # cards of a list that a phone of 360 x 640 px shows at once
IMPORT: Final = re.compile(r"""(?:^|[\s;])import\s+(?:[^"'()]*?\sfrom\s*)?["']([./][^"']+)["']""")
CSS_URL: Final = re.compile(r"""url\(\s*["']?([^"')]+)["']?\s*\)""")


@dataclass
class Resources(HTMLParser):
    """Collects what a page makes the browser fetch."""

    files: list[str] = field(default_factory=list)  # style sheets, scripts, icon
    eager: list[str] = field(default_factory=list)  # pictures fetched at once
    lazy: list[str] = field(default_factory=list)
    small_requests: int = 0  # what our own script asks for when the page opens

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        """Note links, scripts and pictures."""
        found = {name: value or "" for name, value in attributes}
        if tag == "link" and {"stylesheet", "icon", "manifest", "preload", "modulepreload"} & set(
            found.get("rel", "").split()
        ):
            self.files.append(found["href"])
        elif tag == "script" and found.get("src"):
            self.files.append(found["src"])
        elif tag == "img":
            (self.lazy if found.get("loading") == "lazy" else self.eager).append(found["src"])
        if "data-count" in found:
            self.small_requests += 1


@dataclass
class Weight:
    """One page's figures."""

    name: str
    address: str
    status: int
    html_bytes: int
    text_bytes: int
    requests: int
    first_screen_bytes: int
    largest_list_picture: int
    pictures: int
    queries: int
    queries_kept: int

    def over(self, page: dict[str, Any]) -> list[str]:
        """Return a sentence for each budget it breaks."""
        budget = BUDGETS["browse"]
        allowed = budget["queries_wagtail" if page.get("is_wagtail") else "queries"]
        limits = [
            ("bytes of HTML, CSS, scripts and fonts", self.text_bytes, budget["text_bytes"]),
            ("requests without pictures", self.requests, budget["requests"]),
            ("bytes of pictures on the first screen", self.first_screen_bytes, budget["first_screen_bytes"]),
            ("queries when not kept", self.queries, allowed),
            ("queries when kept", self.queries_kept, budget["queries_kept"]),
        ]
        if page.get("is_list"):
            limits += [
                ("bytes of a picture in the list", self.largest_list_picture, budget["list_picture_bytes"]),
                ("pictures in the list", self.pictures, budget["list_items"]),
            ]
        broken = [f"{self.name}: {got} {what}, {limit} allowed" for what, got, limit in limits if got > limit]
        return broken if self.status == 200 else [f"{self.name}: {self.address} answered {self.status}"]


def addresses() -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Yield name, address and settings of each browse page; some are the first link of another page."""
    visitor = Client(headers={"host": HOST})
    for name, page in BUDGETS["pages"].items():
        address = page.get("address")
        if address is None:
            html = visitor.get(page["from"]).content.decode()
            found = re.search(rf'href="({page["link"]})"', html)
            assert found, f"{page['from']} links to no {name}"
            address = found[1]
        yield name, address, page


def weigh(name: str, address: str, page: dict[str, Any]) -> Weight:
    """Open the page as a stranger's browser would and return its figures. Empties the cache."""
    visitor = _visitor()
    visitor.get(address)  # templates compiled, content types read: as in a process that runs already
    cache.clear()
    with CaptureQueriesContext(connection) as first:
        answer = visitor.get(address)
    with CaptureQueriesContext(connection) as second:
        visitor.get(address)
    queries, queries_kept = len(first), len(second)  # before any other request, which empties their log
    html = brotli.decompress(answer.content) if answer.get("Content-Encoding") == "br" else answer.content
    resources = Resources()
    resources.feed(html.decode())
    files = _with_imports(resources.files)
    eager = [picture_bytes(address) for address in resources.eager]
    lazy = [picture_bytes(address) for address in resources.lazy]
    return Weight(
        name=name,
        address=address,
        status=answer.status_code,
        html_bytes=len(answer.content),
        text_bytes=len(answer.content) + sum(files.values()),
        requests=1 + len(files) + resources.small_requests,
        first_screen_bytes=sum(eager) + (sum(lazy[:IN_VIEW]) if page.get("is_list") else 0),
        largest_list_picture=max(lazy, default=0),
        pictures=len(eager) + len(lazy),
        queries=queries,
        queries_kept=queries_kept,
    )


def desk_queries(phone: str, address: str) -> int:
    """Return the queries of a page for one person, signed in as the person with this phone."""
    client = _visitor()
    client.force_login(get_user_model().objects.get(phone=phone))
    client.get(address)
    with CaptureQueriesContext(connection) as captured:
        answer = client.get(address)
    assert answer.status_code == 200, f"{address} answered {answer.status_code} to {phone}"
    return len(captured)


def picture_bytes(address: str) -> int:
    """Return the size of a picture of ours; any other address counts as too big."""
    if not address.startswith(settings.MEDIA_URL):
        return _static(address)[0] if address.startswith(settings.STATIC_URL) else 10**9
    return default_storage.size(unquote(address.removeprefix(settings.MEDIA_URL)))


def _visitor() -> Client:
    return Client(headers={"host": HOST, "accept-encoding": "br"})


def _with_imports(addresses: list[str]) -> dict[str, int]:
    """Return the packed size of each file, and of what style sheets and modules fetch in turn."""
    sizes: dict[str, int] = {}
    waiting = list(addresses)
    while waiting:
        address = waiting.pop()
        if address in sizes or address.startswith("data:"):
            continue
        sizes[address], text = _static(address)
        pattern = CSS_URL if address.endswith(".css") else IMPORT
        waiting += [urljoin(address, inner) for inner in pattern.findall(text)]
    return sizes


def _static(address: str) -> tuple[int, str]:
    """Return the packed size and the text of a static file, collected or not; of the site's manifest as it is sent."""
    if not address.startswith(settings.STATIC_URL):
        return len(_visitor().get(address).content), ""
    name = posixpath.normpath(unquote(address.removeprefix(settings.STATIC_URL)))
    path = finders.find(name) or str(Path(settings.STATIC_ROOT) / name)
    data = Path(path).read_bytes()
    packed = min(len(data), len(brotli.compress(data)))
    return packed, data.decode("utf-8", "ignore") if name.endswith((".css", ".js")) else ""
