"""The installable site: worker, manifest, icons, the page without a network, and the switch that empties phones."""

from __future__ import annotations

import json
import re
from io import BytesIO
from typing import Any

import pytest
from django.contrib.staticfiles import finders
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from PIL import Image
from pytest_django import Settings

from base.access.walk import every_pattern
from base.offline.rendering import Unavailable

pytestmark = pytest.mark.django_db


def configuration(client: Client) -> dict[str, Any]:
    found = re.match(r"self\.LANGSO=(\{.*\});importScripts", client.get("/sw.js").content.decode())
    assert found
    return json.loads(found[1])


def test_worker_may_serve_the_whole_site_and_is_never_kept_without_asking(client: Client) -> None:
    answer = client.get("/sw.js")
    told = {name: answer[name] for name in ("Content-Type", "Service-Worker-Allowed", "Cache-Control")}
    assert told == {
        "Content-Type": "text/javascript; charset=utf-8",
        "Service-Worker-Allowed": "/",
        "Cache-Control": "no-cache",
    }
    again = client.get("/sw.js", headers={"if-none-match": answer["ETag"]})
    assert (again.status_code, again["Service-Worker-Allowed"]) == (304, "/")


def test_worker_asks_no_database(client: Client) -> None:
    client.get("/sw.js")
    with CaptureQueriesContext(connection) as queries:
        client.get("/sw.js")
    assert [query["sql"] for query in queries] == []


def test_page_that_breaks_leaves_phones_with_the_worker_they_have(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(*args: Any) -> Any:
        raise Unavailable

    monkeypatch.setattr("base.offline.worker.as_stranger", breaks)
    assert client.get("/sw.js").status_code == 503


def test_worker_is_told_addresses_that_exist(client: Client) -> None:
    known = configuration(client)
    assert known["offline"] == {"": "/ngoai-mang/", "en": "/en/ngoai-mang/"}
    assert known["sign_out"] == [reverse("account_logout"), "/en/dang-xuat/"]
    missing = [url for url in known["precache"] if url.startswith("/static/") and not finders.find(url[8:])]
    closed = [
        url for url in known["precache"] if url[:8] != "/static/" and client.get(url).status_code != 200
    ]
    assert (missing, closed) == ([], [])


def test_worker_is_told_the_host_of_photos_when_it_is_another(client: Client, settings: Settings) -> None:
    here = configuration(client)["media"]
    settings.MEDIA_URL = "https://anh.lang-so.example/so/"
    assert (here, configuration(client)["media"]) == ("", "https://anh.lang-so.example")


def test_worker_changes_only_when_something_that_it_keeps_does(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = client.get("/sw.js").content
    assert client.get("/sw.js").content == first
    from django.core.cache import cache

    cache.clear()
    monkeypatch.setattr("time.time", lambda: 0)
    assert client.get("/sw.js").content == first
    monkeypatch.setattr("base.offline.views.signing.public_key", lambda: "another key on a page that is kept")
    cache.clear()
    assert client.get("/sw.js").content != first


def test_switch_empties_caches_and_never_the_queue(client: Client, settings: Settings) -> None:
    settings.OFFLINE_ENABLED = False
    body = client.get("/sw.js").content.decode()
    assert "caches.delete" in body
    assert "registration.unregister" in body
    assert not re.search(r"indexedDB\.|deleteDatabase|importScripts|navigate\(|\breload\(", body)
    assert 'data-sw="' not in client.get("/cho/").content.decode()


def test_pages_name_worker_and_manifest(client: Client) -> None:
    for path, install in (("/cho/", "/manifest.webmanifest"), ("/en/cho/", "/en/manifest.webmanifest")):
        html = client.get(path).content.decode()
        assert (f'<link rel="manifest" href="{install}">' in html, ' data-sw="/sw.js"' in html) == (
            True,
            True,
        )


@pytest.mark.parametrize(("prefix", "language"), [("", "vi"), ("/en", "en")])
def test_manifest_installs_the_site_in_its_language(client: Client, prefix: str, language: str) -> None:
    answer = client.get(f"{prefix}/manifest.webmanifest")
    told = answer.json()
    assert answer["Content-Type"] == "application/manifest+json"
    assert (told["lang"], told["start_url"], told["scope"], told["display"]) == (
        language,
        f"{prefix}/",
        "/",
        "standalone",
    )
    assert [shortcut["url"] for shortcut in told["shortcuts"]] == [
        f"{prefix}/ban/",
        f"{prefix}/hoc/",
        f"{prefix}/don/",
    ]
    assert [icon["sizes"] for icon in told["icons"]] == ["192x192", "512x512", "512x512"]
    assert told["icons"][-1]["purpose"] == "maskable"
    for icon in told["icons"]:
        data = open(finders.find(icon["src"].removeprefix("/static/")), "rb").read()  # noqa: SIM115
        with Image.open(BytesIO(data)) as picture:
            assert f"{picture.width}x{picture.height}" == icon["sizes"]
        assert len(data) < 8 * 1024


@pytest.mark.parametrize("path", ["/ngoai-mang/", "/tai-ve/", "/en/ngoai-mang/", "/en/tai-ve/"])
def test_pages_for_phones_are_the_same_for_everybody(client: Client, path: str) -> None:
    from tests.factories.accounts import UserFactory

    stranger = client.get(path).content
    client.force_login(UserFactory.create())
    assert client.get(path).content == stranger
    assert b"data-author" not in stranger


def test_page_of_what_is_saved_says_each_kinds_rule(client: Client) -> None:
    from base.intake import kinds

    html = client.get("/tai-ve/").content.decode()
    assert [kind.name for kind in kinds.every() if f'data-kind="{kind.name}"' not in html] == []


def test_no_answer_of_the_site_empties_a_phones_storage(client: Client) -> None:
    """Clear-Site-Data would take the queue with it; signing out above all."""
    from tests.factories.accounts import UserFactory

    client.force_login(UserFactory.create())
    answers = [
        client.get(path) for path in ("/", "/cho/", "/tai-khoan/", "/tai-ve/", "/sw.js", "/dang-xuat/")
    ]
    answers.append(client.post("/dang-xuat/", headers={"sec-fetch-site": "same-origin"}))
    assert not [answer for answer in answers if answer.has_header("Clear-Site-Data")]


def test_every_address_of_packs_is_reached_by_the_walk() -> None:
    names = {
        pattern.view_name
        for pattern in every_pattern()
        if pattern.view_name.startswith(("offline:", "worker:"))
    }
    assert names == {
        "worker:script",
        *(
            f"offline:{name}"
            for name in ("install", "nothing", "saved", "contact", "pack", "carried", "file")
        ),
    }
