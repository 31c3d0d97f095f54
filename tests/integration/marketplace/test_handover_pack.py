"""A pickup day to carry along: its manager's pages with all orders, nobody else's; the same while nothing happens."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from marketplace.catalogue.models import ListingState
from marketplace.cooperative import handover
from marketplace.cooperative.models import Cooperative, PickupPoint
from marketplace.order.models import Order
from marketplace.partner.models import Partner
from tests.factories.accounts import UserFactory
from tests.factories.market import make_good_in, make_manager, make_member
from tests.factories.orders import make_cooperative, make_purchase

pytestmark = pytest.mark.django_db


@pytest.fixture
def order(household: Partner) -> Order:
    product = make_good_in(ListingState.APPROVED, household, left=10)
    made: Order = make_purchase({product: 2}).orders.get()
    Order.objects.filter(pk=made.pk).update(collection_on=timezone.localdate())
    return made


def pack_of(client: Client, point: PickupPoint | None, day: dt.date | None = None) -> Any:
    assert point is not None
    return client.get(f"/tai-ve/goi/giao/{point.pk}-{day or timezone.localdate()}/")


def files_of(client: Client, order: Order) -> dict[str, str]:
    """Return address -> sha256 of the pages in the pack."""
    manifest = json.loads(pack_of(client, order.pickup_point).content)
    return {one["url"]: one["sha256"] for one in manifest["files"] if one["url"].startswith("/htx/")}


def test_pack_holds_the_page_as_it_is_and_changes_with_what_happens(thoan: Client, order: Order) -> None:
    page = reverse("desk:pickup_day", args=[order.pickup_point_id, timezone.localdate()])
    first = files_of(thoan, order)
    assert list(first) == [page]
    assert files_of(thoan, order) == first

    html = thoan.get(
        f"/tai-ve/goi/giao/{order.pickup_point_id}-{timezone.localdate()}/{first[page]}/"
    ).content
    for words in ("Lò Thị Mai", order.number, "2 kg", 'data-queue="handover"'):
        assert words in html.decode()
    assert "inert" not in html.decode()

    handover.note(order, by=make_manager(), is_handed_over=True)
    assert files_of(thoan, order) != first


def test_pack_holds_every_page_of_a_long_day(
    thoan: Client, order: Order, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(handover, "ORDERS_PER_PAGE", 1)
    second: Order = make_purchase({order.lines.get().product: 1}).orders.get()
    Order.objects.filter(pk=second.pk).update(collection_on=timezone.localdate())
    page = reverse("desk:pickup_day", args=[order.pickup_point_id, timezone.localdate()])

    assert list(files_of(thoan, order)) == [page, f"{page}?trang=2"]


def test_pack_is_for_managers_of_that_cooperative_only(household: Partner, order: Order) -> None:
    others = make_manager(make_cooperative("Hợp tác xã Tiếng Chiêng"))
    for person in (None, UserFactory.create(), make_member(household), others):
        client = Client()
        if person:
            client.force_login(person)
        answer = pack_of(client, order.pickup_point)
        assert answer.status_code == 403, person
        assert "Lò Thị Mai" not in answer.content.decode()


def test_of_many_desks_only_some_are_looked_at(thoan: Client, order: Order) -> None:
    here = f"{order.pickup_point_id}-{timezone.localdate()}"
    asked = [{"kind": "giao", "id": one, "language": "vi"} for one in [*["987654-2026-11-24"] * 10, here]]
    answer = thoan.post(
        "/tai-ve/goi/",
        json.dumps({"packs": [*asked, {"kind": "khoa-hoc", "id": "987654", "language": "vi"}]}),
        content_type="application/json",
        headers={"Sec-Fetch-Site": "same-origin"},
    )
    assert [one["state"] for one in answer.json()["packs"]] == [*["gone"] * 10, "same", "gone"]


def test_pack_of_a_manager_who_left_is_gone_at_next_contact(
    thoan: Client, may: Cooperative, order: Order
) -> None:
    asked = {"kind": "giao", "id": f"{order.pickup_point_id}-{timezone.localdate()}", "language": "vi"}
    version = json.loads(pack_of(thoan, order.pickup_point).content)["version"]

    def contact() -> str:
        answer = thoan.post(
            "/tai-ve/goi/",
            json.dumps({"packs": [asked | {"version": version}]}),
            content_type="application/json",
            headers={"Sec-Fetch-Site": "same-origin"},
        )
        return str(answer.json()["packs"][0]["state"])

    assert contact() == "same"
    may.memberships.all().delete()
    assert contact() == "gone"


@pytest.mark.parametrize("id", ["1", "x-2026-11-24", "1-2026-02-30", "-2026-11-24", "9" * 30 + "-2026-11-24"])
def test_pack_that_cannot_be_is_not_found(thoan: Client, id: str) -> None:
    assert thoan.get(f"/tai-ve/goi/giao/{id}/").status_code in (403, 404)


def test_pack_expires_days_after_its_day(thoan: Client, order: Order) -> None:
    manifest = json.loads(pack_of(thoan, order.pickup_point).content)
    ends = dt.datetime.fromtimestamp(manifest["expires"] / 1000, dt.UTC)
    assert timezone.localdate(ends) == timezone.localdate() + dt.timedelta(days=3)


@pytest.mark.parametrize("day", ["9999-12-31", "9999-12-29"])
def test_a_day_at_the_end_of_time_is_no_pack(
    day: str, client: Client, order: Order, may: Cooperative
) -> None:
    client.force_login(make_manager(may))
    assert pack_of(client, order.pickup_point, dt.date.fromisoformat(day)).status_code == 404
