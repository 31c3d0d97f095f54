"""A stranger with the right role but from another household or cooperative, and real objects' addresses."""

from __future__ import annotations

import io
import json

import pytest
from django.test import Client
from django.urls import reverse

from base.access import matrix
from base.access.matrix import Role, Scope
from base.access.walk import every_pattern
from marketplace.catalogue.models import ListingState
from media.attachments import add_attachment
from tests.factories.accounts import UserFactory
from tests.factories.market import make_good_in, make_manager, make_member, make_photo
from tests.factories.orders import make_cooperative, make_household, make_product, make_purchase

pytestmark = pytest.mark.django_db

HERE = {"Sec-Fetch-Site": "same-origin"}


class Village:
    """One cooperative with a household, goods, an order and files; two of them are strangers."""

    def __init__(self, name: str) -> None:
        self.cooperative = make_cooperative(f"Hợp tác xã {name}")
        self.household = make_household(self.cooperative, f"Hộ {name}")
        self.member = make_member(self.household)
        self.manager = make_manager(self.cooperative)
        self.draft = make_good_in(ListingState.DRAFT, self.household)
        self.waiting = make_good_in(ListingState.SUBMITTED, self.household)
        self.goods = make_product(self.household)
        self.purchase = make_purchase({self.goods: 1})
        self.photo = make_photo(self.member)
        self.file = add_attachment(
            upload=io.BytesIO(b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"),
            owner=self.member,
            kind="consent",
            title="Giấy đồng ý",
        )

    def addresses(self) -> dict[str, str]:
        """Return the address of everything here that is not everybody's, by URL name."""
        order = self.purchase.orders.get()
        own = {
            "selling:edit": [self.draft.key],
            "selling:amount": [self.goods.key],
            "selling:put_away": [self.goods.key],
            "selling:put_back": [self.goods.key],
            "desk:review": [self.waiting.key],
            "desk:order": [order.number],
            "desk:pickup_day": [order.pickup_point_id, "2026-11-24"],
            "desk:pickup_note": [order.pickup_point_id, "2026-11-24"],
            "desk:member": [self.member.pk],
            "media:photo": [self.photo.key],
            "media:private_rendition": [self.photo.key, "card.webp"],
            "media:attachment": [self.file.key],
            "intake:file": ["0" * 64],  # whose it is and who gets what: tests/integration/intake
        }
        return {name: reverse(name, args=arguments) for name, arguments in own.items()}


@pytest.fixture
def ours() -> Village:
    return Village("Chiềng Đi")


@pytest.fixture
def theirs() -> Village:
    return Village("Đăk Tô")


def signed_in(user: object) -> Client:
    client = Client(raise_request_exception=False)
    if user is not None:
        client.force_login(user)  # type: ignore[arg-type]  # a user of ours
    return client


def test_every_scoped_address_is_tried(ours: Village) -> None:
    """A new address with an argument, of somebody's own, must be added above."""
    scoped = {
        pattern.view_name
        for pattern in every_pattern()
        if (row := matrix.find(pattern.route, pattern.view_name))
        and row.urls
        and row.scope in (Scope.OWN, Scope.OWN_HOUSEHOLD, Scope.OWN_COOPERATIVE)
        and "<" in pattern.route
        and not pattern.view_name.startswith(
            ("learn:", "wagtail")
        )  # a lesson is public; progress is the session's
    }
    assert scoped == set(ours.addresses())


@pytest.mark.parametrize("who", ["guest", "learner", "member", "manager", "both"])
def test_stranger_never_sees_or_changes_what_is_anothers(ours: Village, theirs: Village, who: str) -> None:
    person = {
        "guest": None,
        "learner": UserFactory.create(),
        "member": theirs.member,
        "manager": theirs.manager,
        "both": theirs.member,
    }[who]
    if who == "both":
        theirs.cooperative.memberships.create(user=theirs.member)
    client = signed_in(person)
    before = state_of(ours)
    number = ours.purchase.orders.get().number
    for name, address in ours.addresses().items():
        form = {"action": "approve", "quantity": "99", "title": "Của tôi", "step": "packed"}
        form |= {"order": number, "did": "handed_over"}
        for answer in (client.get(address), client.post(address, form, headers=HERE)):
            assert answer.status_code in (302, 403, 404, 405), (who, name, answer.status_code)
            if answer.status_code == 302:
                assert answer["Location"].startswith("/dang-nhap/"), (who, name)
    assert state_of(ours) == before


def test_stranger_is_a_member_in_her_own_village(theirs: Village) -> None:
    """The same addresses do open for their owners, so that the test above means something."""
    addresses = theirs.addresses()
    member, manager = signed_in(theirs.member), signed_in(theirs.manager)
    assert member.get(addresses["selling:edit"]).status_code == 200
    assert member.get(addresses["media:attachment"]).status_code == 200
    assert manager.get(addresses["desk:review"]).status_code == 200
    assert manager.get(addresses["desk:order"]).status_code == 200
    assert manager.get(addresses["desk:member"]).status_code == 200
    assert manager.get(addresses["desk:pickup_day"]).status_code == 200


def test_lists_hold_nothing_of_the_other_village(ours: Village, theirs: Village) -> None:
    lists = {theirs.member: ("/ban/", "/ban/don/"), theirs.manager: ("/htx/", "/htx/don/", "/htx/giao/")}
    for person, pages in lists.items():
        client = signed_in(person)
        for page in pages:
            html = client.get(page).content.decode()
            assert ours.purchase.orders.get().number not in html
            assert str(ours.draft.key) not in html
            assert str(ours.waiting.key) not in html


def test_purchase_shows_its_buyer_only_to_who_knows_the_phone(ours: Village) -> None:
    page = Client().get(reverse("follow:show", args=[ours.purchase.code]))
    assert ours.purchase.contact_name not in page.content.decode()
    assert ours.purchase.contact_phone not in page.content.decode()


def test_views_without_a_token_ask_where_the_post_comes_from() -> None:
    """Every view of ours that Django's own check passes over is behind same_origin_post, or takes no post at all."""
    ours_unchecked = {
        pattern.view_name: pattern.view
        for pattern in every_pattern()
        if getattr(pattern.view, "csrf_exempt", False)
        and not getattr(pattern.view, "is_same_origin_post", False)
        and not pattern.route.startswith("quan-tri/")
    }
    assert all(getattr(view, "is_read_only", False) for view in ours_unchecked.values()), ours_unchecked
    assert {name: Client().post(reverse(name)).status_code for name in ours_unchecked} == dict.fromkeys(
        ours_unchecked, 405
    )


def test_matrix_names_only_addresses_that_exist() -> None:
    known = {pattern.view_name for pattern in every_pattern()}
    named = {name for row in matrix.rows() for name in row.urls}
    assert named - known <= {"shell:guide"}  # mounted while DEBUG is on


def test_code_holder_is_everybody_until_the_view_has_asked() -> None:
    """The matrix lets codes in for anyone: the view asks, so each such row must say so in its scope."""
    assert {row.scope for row in matrix.rows() if Role.CODE_HOLDER in row.who} == {Scope.BY_CODE}


def state_of(village: Village) -> str:
    """Return what a stranger could have changed."""
    found = []
    for product in (village.draft, village.waiting, village.goods):
        product.refresh_from_db()
        record = product.stockrecords.get()
        found.append(
            (product.title, product.listing_state, product.is_public, record.num_in_stock, str(record.price))
        )
    order, codes = village.purchase.orders.get(), village.member.shown_codes.count()
    return json.dumps([found, order.status, str(order.paid_at), codes], default=str, ensure_ascii=False)
