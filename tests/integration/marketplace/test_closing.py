"""Closing a cooperative or a household: open orders are finished, goods and their photos leave the market at once."""

from __future__ import annotations

import pytest
from django.core.files.storage import default_storage
from django.test import Client
from pytest_django import DjangoCaptureOnCommitCallbacks

from base import outbox
from base.access.roles import Role, roles_of_user
from marketplace.catalogue.listing import approve
from marketplace.catalogue.models import ListingState
from marketplace.changes import cooperative_changed, household_changed
from marketplace.cooperative.models import Cooperative
from marketplace.order import fulfilment
from marketplace.order.placement import OffTheMarket
from marketplace.partner.models import Partner
from media.models import Photo
from media.storage import is_private
from tests.factories.market import make_good_in, make_manager, make_member, make_photo
from tests.factories.orders import make_purchase, stock_of
from tests.integration.marketplace.test_desk import (
    HOME,
    order_url,
    ordered,
    review_url,
    text,
    titles,
    waiting,
)

pytestmark = pytest.mark.django_db


def test_manager_of_a_closed_cooperative_without_open_orders_is_no_manager(
    client: Client, may: Cooperative, household: Partner
) -> None:
    done, gone = ordered(household), ordered(household)
    fulfilment.mark_paid(fulfilment.hand_over(fulfilment.pack(done)))
    fulfilment.cancel(gone, reason="Người mua đổi ý.")
    manager = make_manager(may)
    may.is_active = False
    may.save()

    assert Role.MANAGER not in roles_of_user(manager)
    client.force_login(manager)
    assert client.get(HOME).status_code == 403


def test_desk_of_a_closed_cooperative_stays_until_its_orders_are_done(
    thoan: Client, may: Cooperative, household: Partner
) -> None:
    first, second = ordered(household), ordered(household)
    product, goods = waiting(household), first.lines.get().product
    may.is_active = False
    may.save()
    cooperative_changed(may)

    home = thoan.get(HOME)
    assert "Hợp tác xã này đã đóng" in text(home)
    assert [order.pk for order in home.context["orders"]] == [first.pk, second.pk]
    assert (titles(home), home.context["load"].to_pack) == ([], 2)
    assert thoan.get(review_url(product)).status_code == 404
    assert thoan.post(review_url(product), {"decision": "approve"}).status_code == 404
    assert Client().get(goods.get_absolute_url()).status_code == 404  # off the market at once
    with pytest.raises(OffTheMarket):
        make_purchase({goods: 1})

    for step in ("pack", "hand_over", "paid"):
        assert thoan.post(order_url(first), {"step": step})["Location"] == order_url(first)
    thoan.post(order_url(second), {"step": "pack"})
    thoan.post(order_url(second), {"step": "hand_over"})
    assert thoan.get(HOME).status_code == 200  # the cash is not taken yet
    last = thoan.post(order_url(second), {"step": "paid"}, follow=True)

    assert last.redirect_chain == [("/tai-khoan/", 302)]
    assert "đơn cuối cùng" in text(last)
    assert thoan.get(HOME).status_code == 403
    assert stock_of(goods) == (6, 0)


@pytest.mark.parametrize("closed", ["household", "cooperative"])
def test_photos_are_public_only_while_household_and_cooperative_are_open(
    may: Cooperative,
    household: Partner,
    closed: str,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    product = make_good_in(ListingState.SUBMITTED, household, cover=make_photo(make_member(household)))
    approve(product, by=make_manager(may))
    outbox.drain()
    photo = product.cover
    assert photo is not None
    before = public_files(photo)
    assert before
    thing, follow = (household, household_changed) if closed == "household" else (may, cooperative_changed)

    for is_active in (False, True):
        thing.is_active = is_active
        thing.save()
        follow(thing)  # type: ignore[arg-type]  # one of the two
        with django_capture_on_commit_callbacks(execute=True):  # files go with the commit
            outbox.drain()
        photo.refresh_from_db()
        assert photo.is_public is is_active
        assert bool(public_files(photo)) is is_active
        assert [
            name for name in before if default_storage.exists(name)
        ] == []  # it comes back under new names


def public_files(photo: Photo) -> list[str]:
    return [row.file.name for row in photo.renditions.all() if not is_private(row.file.name)]
