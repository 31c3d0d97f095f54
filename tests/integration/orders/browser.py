"""A visitor without scripts, over real HTTP: cookies, forms with their hidden fields, and no redirects followed."""

from __future__ import annotations

import html
import http.cookiejar
import re
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass
from typing import Any

from marketplace.catalogue.models import Product

INPUT = re.compile(r"<input\b[^>]*>")
ATTRIBUTE = re.compile(r'([\w-]+)="([^"]*)"')


@dataclass(frozen=True)
class Answer:
    """What came back; ``section`` is the first part of the address that a redirect leads to ("/don/")."""

    status: int
    location: str
    text: str

    @property
    def section(self) -> str:
        return "/" + self.location.split("/")[1] + "/" if self.location.startswith("/") else str(self.status)


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args: Any, **kwargs: Any) -> None:
        return None


class Browser:
    """One visitor with a cookie jar."""

    def __init__(self, url: str) -> None:
        self.url, self.jar = url, http.cookiejar.CookieJar()
        self._opener = urllib.request.build_opener(
            urllib.request.HTTPCookieProcessor(self.jar), _NoRedirects, urllib.request.ProxyHandler({})
        )

    def ask(self, path: str, fields: dict[str, str] | None = None) -> Answer:
        data = urllib.parse.urlencode(fields).encode() if fields is not None else None
        headers = {"Sec-Fetch-Site": "same-origin", "Referer": self.url + "/"}
        try:
            with self._opener.open(
                urllib.request.Request(self.url + path, data, headers), timeout=60
            ) as answer:
                return Answer(answer.status, "", answer.read().decode())
        except urllib.error.HTTPError as answer:
            return Answer(answer.code, answer.headers.get("Location", ""), answer.read().decode())

    def put_in_basket(self, product: Product, quantity: int) -> None:
        answer = self.ask("/gio/them/", {"product": str(product.pk), "quantity": str(quantity)})
        assert answer.section == "/gio/", answer

    def checkout_form(self, **typed: str) -> dict[str, str]:
        """Return the checkout form as the page gives it, its only pickup point chosen, filled in by Mai."""
        page = self.ask("/dat-hang/")
        assert page.status == 200, page
        return {**fields_of(page.text), "name": "Lò Thị Mai", "phone": "0912 345 678", "note": "", **typed}

    def send(self, form: dict[str, str]) -> Answer:
        return self.ask("/dat-hang/", form)


def fields_of(page: str) -> dict[str, str]:
    """Return name and value of the inputs of a page that holds one form; of radio buttons the checked one."""
    fields = {}
    for tag in INPUT.findall(page[page.index("<form") :]):
        attributes = {name: html.unescape(value) for name, value in ATTRIBUTE.findall(tag)}
        if "name" in attributes and (attributes.get("type") != "radio" or " checked" in tag):
            fields[attributes["name"]] = attributes.get("value", "")
    return fields
