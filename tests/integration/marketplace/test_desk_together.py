"""Two managers decide on the same goods: nobody's decision or reason is written over unseen."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from marketplace.catalogue.listing import approve
from marketplace.catalogue.models import ListingState, Product
from marketplace.cooperative.models import Cooperative
from marketplace.partner.models import Partner
from tests.factories.market import make_good_in, make_manager, make_photo
from tests.integration.orders.concurrency import at_once

pytestmark = pytest.mark.django_db


@pytest.fixture
def thoan(may: Cooperative, client: Client) -> Client:
    """A manager of the cooperative, signed in."""
    client.force_login(make_manager(may))
    return client


def waiting(household: Partner) -> Product:
    return make_good_in(ListingState.SUBMITTED, household, cover=make_photo())


def review_url(product: Product) -> str:
    return reverse("desk:review", args=[product.key])


def text(response: Any) -> str:
    return str(response.content.decode())


def send_back(client: Client, product: Product, shown: Any = None, **body: str) -> Any:
    """Send goods back from the page as it was ``shown`` (as it is now, by default)."""
    version = (shown or client.get(review_url(product))).context["version"]
    return client.post(review_url(product), {"decision": "return", "version": version, **body})


def test_an_old_page_does_not_send_back_what_another_manager_approved(
    thoan: Client, may: Cooperative, household: Partner
) -> None:
    product = waiting(household)
    old = thoan.get(review_url(product))
    approve(product, by=make_manager(may))

    told = send_back(thoan, product, old, reason="photo", words="Chụp gần hơn nhé.")

    product.refresh_from_db()
    assert (told.status_code, product.listing_state) == (200, ListingState.APPROVED)
    assert len(list(told.context["messages"])) == 1
    assert ("Chụp gần hơn nhé." in text(told), 'value="photo" id="id_reason_0" checked' in text(told)) == (
        True,
        True,
    )
    send_back(thoan, product, told, reason="photo", words="Chụp gần hơn nhé.")  # she has looked again
    product.refresh_from_db()
    assert product.listing_state == ListingState.RETURNED


def test_a_second_manager_does_not_write_over_the_first_ones_reason_unseen(
    thoan: Client, household: Partner
) -> None:
    product = waiting(household)
    old = thoan.get(review_url(product))

    for _press in range(2):  # the same twice is once
        assert send_back(thoan, product, old, reason="other", words="Ảnh mờ.").status_code == 302
    told = send_back(thoan, product, old, reason="other", words="Giá cao.")

    product.refresh_from_db()
    assert product.return_reason == "Ảnh mờ."
    assert ("Ảnh mờ." in text(told), "Giá cao.</textarea>" in text(told)) == (True, True)


def test_a_page_that_changed_meanwhile_stays_old_beside_a_missing_reason(
    thoan: Client, may: Cooperative, household: Partner
) -> None:
    product = waiting(household)
    old = thoan.get(review_url(product))
    approve(product, by=make_manager(may))

    asked = send_back(thoan, product, old)
    send_back(thoan, product, asked, reason="photo")

    product.refresh_from_db()
    assert product.listing_state == ListingState.APPROVED


@pytest.mark.django_db(transaction=True)
def test_of_two_reasons_at_once_one_counts_and_the_other_is_told(
    may: Cooperative, household: Partner
) -> None:
    product = waiting(household)
    jobs, words = [], ("Ảnh mờ.", "Giá cao.")
    for said in words:
        client = Client()
        client.force_login(make_manager(may))
        jobs.append(
            partial(send_back, client, product, client.get(review_url(product)), reason="other", words=said)
        )

    answers = [answer.status_code for answer in at_once(jobs)]

    product.refresh_from_db()
    assert (sorted(answers), product.return_reason) == ([200, 302], words[answers.index(302)])
