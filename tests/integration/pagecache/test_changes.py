"""A kept page ends when what it shows changes, at its date, and never because of a race."""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, as_completed

import pytest
from django.core.cache import caches
from django.core.management import call_command
from django.db import transaction
from django.test import Client
from pytest_django import Settings

from base import outbox
from base.outbox.models import Entry
from base.pagecache import bump, generations, middleware
from tests.integration.pagecache import site


def shows(visitor: Client, address: str, text: str) -> bool:
    return text in visitor.get(address).content.decode()


@pytest.mark.django_db(transaction=True)
def test_bump_makes_the_page_new_at_commit_and_not_before(visitor: Client) -> None:
    assert shows(visitor, "/cho/", "măng khô")
    with transaction.atomic():
        site.state["goods"] = "mật ong"
        bump("market")
        assert shows(visitor, "/cho/", "măng khô")
    assert shows(visitor, "/cho/", "mật ong")


@pytest.mark.django_db(transaction=True)
def test_bump_of_a_transaction_rolled_back_changes_nothing(visitor: Client) -> None:
    visitor.get("/cho/")

    with transaction.atomic():
        bump("market")
        transaction.set_rollback(True)
    visitor.get("/cho/")
    assert site.runs["market"] == 1
    assert not Entry.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_bump_of_one_product_leaves_the_others(visitor: Client) -> None:
    for address in ("/cho/1/", "/cho/2/", "/cho/"):
        visitor.get(address)
    bump("product:1")
    for address in ("/cho/1/", "/cho/2/", "/cho/"):
        visitor.get(address)
    assert site.runs == {"product": 3, "market": 1}


@pytest.mark.django_db(transaction=True)
def test_outbox_bumps_when_the_process_died_between_commit_and_bump(
    visitor: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    visitor.get("/cho/")
    site.state["goods"] = "mật ong"
    with monkeypatch.context() as killed:
        killed.setattr(generations, "bump_now", lambda *_: None)
        bump("market")
    assert shows(visitor, "/cho/", "măng khô")
    outbox.drain()
    assert shows(visitor, "/cho/", "mật ong")
    assert not Entry.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_outbox_does_not_bump_again_what_was_bumped_at_commit(visitor: Client) -> None:
    bump("market")
    visitor.get("/cho/")
    outbox.drain()
    visitor.get("/cho/")
    assert site.runs["market"] == 1


@pytest.mark.django_db(transaction=True)
def test_outbox_bumps_again_when_a_second_bump_hides_a_lost_first(
    visitor: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as killed:
        killed.setattr(generations, "bump_now", lambda *_: None)
        bump("market")
    bump("market")
    visitor.get("/cho/")
    outbox.drain()
    visitor.get("/cho/")
    assert site.runs["market"] == 2


@pytest.mark.django_db
@pytest.mark.parametrize(("address", "stamp"), [("/cho/", "market"), ("/cho/1/", "product:1")])
def test_page_read_before_a_bump_and_kept_after_it_is_never_given(
    visitor: Client, address: str, stamp: str
) -> None:
    """The view reads old data, the change commits and bumps, then the view names its stamps and is kept."""
    name = "market" if stamp == "market" else "product"

    def change() -> None:
        site.after_reading.clear()
        site.state["goods"] = "mật ong"
        generations.bump_now([stamp], generations.new_token())

    site.after_reading[name] = change
    assert shows(visitor, address, "măng khô")  # this visitor was early
    assert shows(visitor, address, "mật ong")
    assert shows(visitor, address, "mật ong")
    assert site.runs[name] == 2


@pytest.mark.django_db
def test_no_old_page_survives_many_threads_that_read_while_goods_change() -> None:
    """Real threads: after each change, no visitor who comes later may see what was before."""
    stop = threading.Event()
    wrong: list[str] = []
    site.state["goods"] = bumped = "số 000"

    def read() -> None:
        visitor = Client()
        while not stop.is_set():
            for address in ("/cho/", "/cho/1/"):
                least = bumped
                page = visitor.get(address).content.decode()
                seen = page[page.index("số") :][:6]
                if seen < least:
                    wrong.append(f"{seen} after {least}")

    def change() -> None:
        nonlocal bumped
        for number in range(1, 120):
            site.state["goods"] = text = f"số {number:03}"  # committed
            generations.bump_now(["market", "product:1"], generations.new_token())
            bumped = text  # whoever asks from now on must see it
            time.sleep(0.004)
        stop.set()

    with ThreadPoolExecutor(5) as pool:
        readers = [pool.submit(read) for _ in range(4)]
        pool.submit(change).result()
        for reader in readers:
            reader.result()
    assert wrong == []
    assert site.runs["market"] > 20


@pytest.mark.django_db
def test_twenty_visitors_of_a_page_just_changed_make_it_once(
    visitor: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(middleware, "WAIT_S", 30)  # however slow this machine is
    visitor.get("/cho/")
    generations.bump_now(["market"], generations.new_token())
    site.before_reading["market"] = lambda: time.sleep(0.1)
    with ThreadPoolExecutor(20) as pool:
        pages = list(pool.map(lambda _: Client().get("/cho/").status_code, range(20)))
    assert pages == [200] * 20
    assert site.runs["market"] - 1 == 1


@pytest.mark.django_db
def test_page_past_its_life_is_given_to_others_while_one_visitor_makes_it_anew(
    visitor: Client, settings: Settings, later: Callable[[float], None]
) -> None:
    visitor.get("/cho/")
    later(settings.PAGE_CACHE_LIFE_S)
    others_have_it = threading.Event()
    waited: list[bool] = []
    site.before_reading["market"] = lambda: waited.append(others_have_it.wait(30))
    with ThreadPoolExecutor(8) as pool:
        asked = [pool.submit(lambda: Client().get("/cho/").status_code) for _ in range(8)]
        given = [one.result() for one in itertools.islice(as_completed(asked), 7)]
        others_have_it.set()
    assert given == [200] * 7
    assert waited == [True]
    assert site.runs["market"] == 2


@pytest.mark.django_db
def test_page_ends_at_its_date(visitor: Client, later: Callable[[float], None]) -> None:
    site.state["ends"] = site.moment(60)
    visitor.get("/cho/1/")
    visitor.get("/cho/1/")
    assert site.runs["product"] == 1
    later(60)
    site.state["ends"] = None
    visitor.get("/cho/1/")
    assert site.runs["product"] == 2


@pytest.mark.django_db
def test_page_whose_date_has_passed_while_it_was_made_is_not_kept(visitor: Client) -> None:
    site.state["ends"] = site.moment(-1)
    visitor.get("/cho/1/")
    visitor.get("/cho/1/")
    assert site.runs["product"] == 2


@pytest.mark.django_db
def test_page_ends_when_the_cache_lost_its_stamp(visitor: Client) -> None:
    """A stamp that was culled must not read as "unchanged", or a bump before the loss would be undone."""
    visitor.get("/cho/")
    assert caches["default"].delete("pc:s:market")
    visitor.get("/cho/")
    assert site.runs["market"] == 2


@pytest.mark.django_db
def test_forget_pages_ends_all_of_them(visitor: Client) -> None:
    for address in ("/cho/", "/cho/1/"):
        visitor.get(address)
    call_command("forget_pages", verbosity=0)
    for address in ("/cho/", "/cho/1/"):
        visitor.get(address)
    assert site.runs == {"market": 2, "product": 2}


@pytest.mark.django_db
def test_page_of_an_older_release_is_not_given(visitor: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    visitor.get("/cho/")
    monkeypatch.setattr("base.pagecache.middleware.release", lambda: "next")
    visitor.get("/cho/")
    assert site.runs["market"] == 2


@pytest.mark.django_db
def test_site_answers_when_its_cache_cannot_be_reached(visitor: Client, settings: Settings) -> None:
    settings.CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": "redis://127.0.0.1:9/0",
        }
    }
    for _ in range(2):
        assert shows(visitor, "/cho/", "măng khô")
    assert site.runs["market"] == 2
    bump("market")  # after the commit it only logs; the outbox will try again
