"""What platform staff can press in Oscar's dashboard either does what it says or leads to who does it; never a 500."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.factories.accounts import UserFactory
from tests.factories.orders import (
    make_cooperative,
    make_goods,
    make_household,
    make_order,
    make_purchase,
    stock_of,
)

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "report",
    [
        "order_report",
        "product_analytics",
        "customer_report",
        "open_baskets",
        "submitted_baskets",
        "vouchers",
        "conditional-offers",
    ],
)
def test_reports_are_shown_and_downloaded_with_orders_of_buyers_without_account(
    office: Client, report: str
) -> None:
    make_purchase({make_goods(): 2})
    for download in ({}, {"download": "download"}):
        answer = office.get("/quan-tri/cho/reports/", {"report_type": report, **download})
        assert answer.status_code == 200, download


def test_report_of_orders_names_the_buyer(office: Client) -> None:
    order, _product = make_order()
    answer = office.get("/quan-tri/cho/reports/", {"report_type": "order_report", "download": "download"})
    _head, row = answer.content.decode().strip().splitlines()
    assert row.split(",")[:2] == [order.number, order.purchase.contact_name]


@pytest.mark.parametrize(
    "posted",
    [
        {"line_action": "change_line_statuses", "new_status": "cancelled"},
        {"line_action": "change_line_statuses", "new_status": ""},
        {"line_action": "create_payment_event", "amount": "1"},
        {"line_action": "create_shipping_event"},
        {"line_action": "create_shipping_event", "selected_line": "x"},
        {"order_action": "create_order_payment_event", "amount": "1"},
        {"order_action": "delete_note", "note_id": "abc"},
        {"order_action": "delete_note"},
        {"order_action": "change_order_status", "new_status": "handed_over"},
    ],
)
def test_orders_change_as_a_whole(office: Client, posted: dict[str, str]) -> None:
    order, product = make_order(left=10, quantity=4)
    line = order.lines.get()
    address = f"/quan-tri/cho/orders/{order.number}/"
    answer = office.post(address, {"selected_line": line.pk, f"selected_line_qty_{line.pk}": "4", **posted})
    assert answer.status_code == 302
    line.refresh_from_db()
    order.refresh_from_db()
    assert (order.status, line.status, stock_of(product)) == ("placed", "placed", (10, 4))
    assert not order.payment_events.exists()
    assert not order.shipping_events.exists()


def test_order_is_cancelled_from_its_page_with_its_lines_and_stock(office: Client) -> None:
    order, product = make_order(left=10, quantity=4)
    address = f"/quan-tri/cho/orders/{order.number}/"
    assert 'name="line_action"' not in office.get(address).content.decode()
    office.post(address, {"order_action": "change_order_status", "new_status": "cancelled"})
    order.refresh_from_db()
    assert (order.status, order.lines.get().status, stock_of(product)) == ("cancelled", "cancelled", (10, 0))


def test_people_of_a_household_are_not_added_by_oscars_forms(office: Client) -> None:
    household, person = make_household(make_cooperative()), UserFactory.create()
    for address in (
        f"{household.pk}/users/add/",
        f"{household.pk}/users/select/",
        f"{household.pk}/users/{person.pk}/link/",
    ):
        for answer in (
            office.get(f"/quan-tri/cho/partners/{address}"),
            office.post(f"/quan-tri/cho/partners/{address}"),
        ):
            assert answer.status_code == 403
            assert "/quan-tri/he-thong/" in answer.content.decode()
    assert not household.users.exists()
