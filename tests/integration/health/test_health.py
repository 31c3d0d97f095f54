"""Liveness touches nothing; readiness says which part is not well."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings

from base.health import probes
from base.outbox.models import Entry

pytestmark = pytest.mark.django_db


def test_alive_answers_without_a_query(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(0):
        answer = client.get("/song/")
    assert (answer.status_code, answer.content) == (200, b"song\n")
    assert "no-store" in answer["Cache-Control"]


def test_ready_asks_every_probe(client: Client) -> None:
    answer = client.get(reverse("health:ready"))
    found = answer.json()
    assert answer.status_code == 200
    assert {"database", "migrations", "cache", "outbox"} <= found["probes"].keys()
    assert all(found["probes"][name]["ok"] for name in ("database", "migrations", "cache", "outbox"))


def test_poison_and_an_outbox_that_nobody_drains_degrade_but_keep_the_site_up(client: Client) -> None:
    old = timezone.now() - dt.timedelta(minutes=5)
    Entry.objects.create(topic="x", key="1", due_at=old)
    Entry.objects.create(topic="x", key="2", parked_at=old, error="secret address")
    answer = client.get("/san-sang/")
    assert (answer.status_code, answer.json()["status"]) == (200, "degraded")
    assert answer.json()["probes"]["outbox"] == {"ok": False, "note": "nobody drains it, 1 parked"}
    assert "secret" not in answer.content.decode()


def test_monitor_that_asks_strictly_sees_degraded_by_the_status(client: Client) -> None:
    assert client.get("/san-sang/?nghiem").status_code == 200
    Entry.objects.create(topic="x", key="1", due_at=timezone.now() - dt.timedelta(minutes=5))
    strict, proxy = client.get("/san-sang/?nghiem"), client.get("/san-sang/")
    assert (strict.status_code, proxy.status_code) == (503, 200)
    assert strict.json() == proxy.json()
    assert strict.json()["status"] == "degraded"


def test_cache_that_cannot_be_written_degrades(client: Client, settings: Settings) -> None:
    settings.CACHES = {"default": settings.CACHES["default"] | {"LOCATION": "/proc/langso"}}
    assert client.get("/san-sang/").json()["probes"]["cache"]["ok"] is False
    assert [client.get(f"/san-sang/{how}").status_code for how in ("", "?nghiem")] == [200, 503]


def test_what_is_tried_in_vain_for_long_is_said_though_nothing_is_parked(client: Client) -> None:
    now = timezone.now()
    for key, age in (("1", 16), ("2", 14)):
        Entry.objects.create(
            topic="x", key=key, created_at=now - dt.timedelta(minutes=age), due_at=now, error="secret address"
        )
    assert client.get("/san-sang/").json()["probes"]["outbox"] == {"ok": False, "note": "1 tried in vain"}


def test_site_is_down_when_an_essential_probe_fails_and_says_no_more(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail() -> probes.Finding:
        raise RuntimeError("password of the database")

    monkeypatch.setitem(probes._probes, "database", probes.Probe("database", fail, is_essential=True))
    answer = client.get("/san-sang/")
    assert (answer.status_code, answer.json()["status"]) == (503, "down")
    assert "password" not in answer.content.decode()


def test_missing_migration_is_down_until_it_is_applied(monkeypatch: pytest.MonkeyPatch) -> None:
    from django.db.migrations.executor import MigrationExecutor

    monkeypatch.setattr(probes, "RECHECK_S", 0.0)
    migrations = probes.Migrations()
    with monkeypatch.context() as before:
        before.setattr(MigrationExecutor, "migration_plan", lambda *_: ["one"])
        assert not migrations().is_ok
    assert migrations().is_ok


def test_second_probe_of_a_name_is_an_error() -> None:
    with pytest.raises(ValueError, match="database"):
        probes.register("database", probes.database)
