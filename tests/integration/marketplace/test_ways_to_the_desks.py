"""How people who work on the site get to their desk: after signing in, and by "Sell" on pages cached for all."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.factories.accounts import PASSWORD, UserFactory
from tests.factories.market import make_manager, make_member
from tests.factories.orders import make_cooperative, make_household

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("who", "after_sign_in", "sell_leads_to"),
    [
        ("member", "/ban/", "/ban/"),
        ("manager", "/htx/", "/htx/"),
        ("manager with a household", "/htx/", "/ban/"),
        ("buyer", "/tai-khoan/", "/ban/"),
    ],
)
def test_everybody_finds_the_desk(client: Client, who: str, after_sign_in: str, sell_leads_to: str) -> None:
    cooperative = make_cooperative()
    household = make_household(cooperative)
    person = {
        "member": lambda: make_member(household),
        "manager": lambda: make_manager(cooperative),
        "manager with a household": lambda: make_manager(cooperative),
        "buyer": UserFactory.create,
    }[who]()
    if who == "manager with a household":
        household.users.add(person)

    answer = client.post("/dang-nhap/", {"login": person.phone, "password": PASSWORD})

    assert answer["Location"] == after_sign_in
    assert client.get(after_sign_in).status_code == 200
    sell = client.get("/ban/", follow=True)
    assert (sell.redirect_chain[-1][0] if sell.redirect_chain else "/ban/") == sell_leads_to
    assert sell.status_code == 200
    if who == "manager with a household":
        assert 'href="/htx/"' in sell.content.decode()
        assert 'class="btn quiet wide" href="/ban/"' in client.get("/htx/").content.decode()


def test_the_page_asked_for_comes_before_the_desk(client: Client) -> None:
    person = make_manager(make_cooperative())
    form = {"login": person.phone, "password": PASSWORD, "next": "/tai-khoan/ten/"}
    assert client.post("/dang-nhap/", form)["Location"] == "/tai-khoan/ten/"


def test_sell_on_a_public_page_is_one_address_for_all(client: Client) -> None:
    make_cooperative()
    assert 'href="/ban/"' in client.get("/cho/").content.decode()
