"""The sample market: cooperatives, households, goods and some orders in every state, made by the site's own verbs."""

from __future__ import annotations

import datetime as dt
import random
import uuid
from collections.abc import Callable, Sequence
from typing import Any, Final

from django.db.models import Model
from django.utils import timezone

from base.codes import ALPHABET, LENGTH, check_character
from config.seed import records
from config.seed.people import HOUSEHOLD_PHONE, MANAGER_PHONE, People
from marketplace.basket.lines import add
from marketplace.basket.models import Basket
from marketplace.catalogue.listing import Listing, approve, save_listing, send_back, submit
from marketplace.catalogue.models import Category, Product
from marketplace.cooperative.models import Cooperative, CooperativeMembership, OrderWindow, PickupPoint
from marketplace.order import fulfilment
from marketplace.order.models import Order, Purchase
from marketplace.order.placement import Contact, place_purchase
from marketplace.partner.models import Partner
from marketplace.partner.strategy import MarketStrategy
from marketplace.partner.units import Unit
from media.models import Photo

PhotoOf = Callable[[records.Picture], Photo]
CLOSING_HOUR: Final = 20
BUYERS: Final = (
    "Nguyễn Thu Hà",
    "Trần Văn Minh",
    "Lê Thị Hồng Nhung",
    "Phạm Quốc Bảo",
    "Bếp ăn Trường Mầm non Hoa Ban",
)


def free_slug(model: type[Model], slug: str) -> str:
    """Return ``slug``, or with a number behind it when it is taken."""
    taken = set(model._default_manager.filter(slug__startswith=slug).values_list("slug", flat=True))
    number, free = 1, slug
    while free in taken:
        number += 1
        free = f"{slug}-{number}"
    return free


class MarketMaker:
    """Makes the sample market; the same ``rng`` gives the same market."""

    def __init__(self, people: People, rng: random.Random, photo_of: PhotoOf) -> None:
        """Keep who makes people, chance and photos."""
        self.people, self.rng, self.photo_of = people, rng, photo_of
        self.categories: dict[str, Category] = {}
        self.cooperatives: dict[str, Cooperative] = {}
        self.managers: dict[int, Any] = {}

    def find(self, market: records.Market) -> bool:
        """Take the cooperatives of ``market`` that are there already for one's own; whether any is."""
        known = {(each.slug, each.registration_number): each for each in Cooperative.objects.order_by("pk")}
        wanted = {each.slug: known.get((each.slug, each.registration_number)) for each in market.cooperatives}
        self.cooperatives = {slug: found for slug, found in wanted.items() if found is not None}
        return bool(self.cooperatives)

    def make(self, market: records.Market, each: Callable[[str], None]) -> None:
        """Make everything of ``market``, calling ``each`` after every product."""
        for category in market.categories:
            self.categories[category.slug] = self._category(category)
        for cooperative in market.cooperatives:
            self.cooperatives[cooperative.slug] = self._cooperative(cooperative)
        for household in market.households:
            self._household(household, each)

    def _category(self, data: records.Category) -> Category:
        known = Category.objects.filter(slug=data.slug, depth=1).first()
        return known or Category.add_root(name=data.name, slug=data.slug, icon=data.icon)

    def _cooperative(self, data: records.Cooperative) -> Cooperative:
        cooperative = Cooperative.objects.create(
            name=data.name,
            slug=free_slug(Cooperative, data.slug),
            about=data.about,
            commune_id=data.commune_code,
            address=data.address,
            registration_number=data.registration_number,
            is_always_open=data.always_open,
        )
        manager = self.people.make(
            data.manager.last_name, data.manager.first_name, "" if self.managers else MANAGER_PHONE
        )
        CooperativeMembership.objects.create(cooperative=cooperative, user=manager)
        self.managers[cooperative.pk] = manager
        for point in data.pickups:
            PickupPoint.objects.create(
                cooperative=cooperative,
                name=point.name,
                commune_id=point.commune_code,
                address=point.address,
                hours=point.hours,
            )
        today = timezone.localtime().replace(hour=CLOSING_HOUR, minute=0, second=0, microsecond=0)
        for window in data.windows:
            OrderWindow.objects.create(
                cooperative=cooperative,
                opens_at=today + dt.timedelta(days=window.opens_in_days),
                closes_at=today + dt.timedelta(days=window.closes_in_days),
                collection_on=(today + dt.timedelta(days=window.collection_in_days)).date(),
            )
        return cooperative

    def _household(self, data: records.Household, each: Callable[[str], None]) -> None:
        cooperative = self.cooperatives[data.cooperative]
        is_first = (
            not cooperative.households.exists()
            and len(self.managers)
            and cooperative.pk == min(self.managers)
        )
        household = Partner.objects.create(
            name=data.name,
            slug=free_slug(Partner, data.slug),
            cooperative=cooperative,
            commune_id=data.commune_code,
            village=data.village,
        )
        household.users.add(
            self.people.make(
                data.member.last_name, data.member.first_name, HOUSEHOLD_PHONE if is_first else ""
            )
        )
        for product in data.products:
            self._product(household, product)
            each(product.title)

    def _product(self, household: Partner, data: records.Product) -> None:
        ready = timezone.localdate() + dt.timedelta(days=data.ready_in_days) if data.ready_in_days else None
        product = save_listing(
            household,
            Listing(
                title=data.title,
                description=data.description,
                category=self.categories[data.category],
                price_vnd=data.price_vnd,
                unit=Unit(data.unit),
                left=max(data.quantity, 1),
                ready_from=ready,
                cover=self.photo_of(data.photo),
            ),
        )
        if data.state != "draft":
            submit(product)
        if data.state == "approved":
            assert household.cooperative_id is not None
            approve(product, by=self.managers[household.cooperative_id])
        if data.state == "returned":
            send_back(product, reason=data.return_reason)
        if not data.quantity:  # sold out since it was approved
            product.stockrecords.update(num_in_stock=0)
        approved_at = timezone.now() - dt.timedelta(minutes=self.rng.randrange(10, 60 * 24 * 9))
        Product.objects.filter(pk=product.pk).update(key=uuid.UUID(int=self.rng.getrandbits(128), version=4))
        Product.objects.filter(pk=product.pk, approved_at__isnull=False).update(approved_at=approved_at)

    def make_orders(self) -> list[Purchase]:
        """Return purchases over one and two cooperatives whose orders are in every state."""
        goods = [
            list(
                Product.objects.listed()
                .in_stock()
                .filter(household__cooperative=cooperative, stockrecords__num_in_stock__gte=10)
                .order_by("pk")
            )
            for cooperative in self.cooperatives.values()
        ]
        both = [[self.rng.choice(own) for _ in range(2)] for own in goods]
        steps: list[tuple[Sequence[Product], tuple[Callable[[Order], Any], ...]]] = [
            (both[0] + both[1], ()),
            (both[0], (fulfilment.pack,)),
            (both[1], (fulfilment.pack, fulfilment.hand_over, fulfilment.mark_paid)),
            (both[0] + both[1], (lambda order: fulfilment.cancel(order, reason="Người mua xin thôi"),)),
            (both[0], (fulfilment.mark_paid,)),
        ]
        return [self._purchase(number, wanted, then) for number, (wanted, then) in enumerate(steps)]

    def _purchase(
        self, number: int, wanted: Sequence[Product], then: Sequence[Callable[[Order], Any]]
    ) -> Purchase:
        basket = Basket.objects.create()
        basket.strategy = MarketStrategy(None)
        for product in dict.fromkeys(wanted):
            add(basket, product, self.rng.randrange(1, 4))
        purchase = place_purchase(
            basket=basket,
            contact=Contact(name=BUYERS[number % len(BUYERS)], phone=f"+8490000020{number}"),
            pickup_points={
                cooperative.pk: cooperative.pickup_points.active()[0]
                for cooperative in self.cooperatives.values()
            },
        )
        purchase.code = self.code()
        purchase.save(update_fields=["code"])
        for order in purchase.orders.order_by("pk"):
            Order.objects.filter(pk=order.pk).update(number=self.code())
            for step in then:
                step(order)
        return purchase

    def code(self) -> str:
        """Return a code drawn from the seed's own chance."""
        body = "".join(self.rng.choice(ALPHABET) for _ in range(LENGTH - 1))
        return body + check_character(body)
