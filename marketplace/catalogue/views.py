"""Public pages of the market: the list, a product, a household, a cooperative. All cached whole for everybody."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone

from base import pagecache
from base.prepared import prepared
from marketplace.catalogue.cards import Stretch, availability, cards, changes_next
from marketplace.catalogue.models import Category
from marketplace.catalogue.offer import offer_of
from marketplace.catalogue.paging import Slice, page_number
from marketplace.cooperative.models import Cooperative
from marketplace.cooperative.windows import OpenState, Seller, open_states
from marketplace.partner.models import Partner
from media.pictures import picture

PER_PAGE: Final = 12
PER_PAGE_SAVING: Final = 8


class Kind(NamedTuple):
    """A kind of goods as the list offers it."""

    pk: int
    slug: str
    name: str
    icon: str


@prepared
def _kinds() -> QuerySet[Category, Any]:
    return Category.objects.filter(depth=1, is_public=True).values_list(*Kind._fields)


@prepared
def _sellers() -> QuerySet[Cooperative, Any]:
    return Cooperative.objects.active().values_list(*Seller._fields)


def _per_page(request: HttpRequest) -> int:
    return PER_PAGE_SAVING if request.headers.get("Save-Data", "").lower() == "on" else PER_PAGE


def _page_of(request: HttpRequest, states: Mapping[int, OpenState], scope: str = "", of: int = 0) -> Slice:
    number, size = page_number(request.GET.get("trang")), _per_page(request)
    found = cards(request, Stretch((number - 1) * size, number * size + 1, scope, of), states)
    return Slice(found[:size], number, has_next=len(found) > size)


@pagecache.public_page(stamps=("market",), query=("nhom", "trang"))
def market_list(request: HttpRequest) -> HttpResponse:
    """Show what is for sale, newest first, all kinds or one (``?nhom=``)."""
    categories = [Kind._make(row) for row in _kinds().rows()]
    chosen = next((c for c in categories if c.slug == request.GET.get("nhom")), None)
    if request.GET.get("nhom") and chosen is None:
        raise Http404("no such category")
    states = open_states(Seller._make(row) for row in _sellers().rows())
    pagecache.expires_at(request, changes_next(states))
    context = {
        "nav": "market",
        "categories": categories,
        "chosen": chosen,
        "page": _page_of(request, states, "category", chosen.pk) if chosen else _page_of(request, states),
    }
    return render(request, "market/list.html", context)


@pagecache.public_page(stamps=("market",))
def product_detail(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Show one product that is on the market; an old name in the address leads to the new one."""
    offer = offer_of(pk)
    if offer is None:
        raise Http404("not on the market")
    address = reverse("market:product", args=[offer.slug or "hang", offer.pk])
    if request.path != address and slug != offer.slug:
        return HttpResponsePermanentRedirect(address)
    states = open_states([offer.seller])
    state = states[offer.cooperative_id]
    today = timezone.localdate()
    is_too_late = state.is_open and state.misses(offer.ready_from)
    tag, tag_kind = availability(offer.left, offer.unit, offer.ready_from, state, today)
    pagecache.expires_at(request, changes_next(states))
    context = {
        "nav": "market",
        "offer": offer,
        "state": state,
        "is_later": offer.ready_from is not None and offer.ready_from > today,
        "tag": tag,
        "tag_kind": tag_kind,
        "picture": picture(request, offer.cover_id, "cover", offer.title),
        "can_buy": offer.left > 0 and state.is_open and offer.has_pickup and not is_too_late,
        "is_too_late": is_too_late,
    }
    return render(request, "market/product.html", context)


@pagecache.public_page(stamps=("market",), query=("trang",))
def household_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """Show a household and what it sells."""
    household = get_object_or_404(
        Partner.objects.active().select_related("commune__province", "cooperative"), slug=slug
    )
    states = open_states([household.cooperative])
    pagecache.expires_at(request, changes_next(states))
    context = {
        "nav": "market",
        "household": household,
        "page": _page_of(request, states, "household", household.pk),
    }
    return render(request, "market/household.html", context)


@pagecache.public_page(stamps=("market",), query=("trang",))
def cooperative_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """Show a cooperative: who it is, when it takes orders, where one collects, and its goods."""
    cooperative = get_object_or_404(
        Cooperative.objects.active().select_related("commune__province"), slug=slug
    )
    states = open_states([cooperative])
    pagecache.expires_at(request, changes_next(states))
    context = {
        "nav": "market",
        "cooperative": cooperative,
        "state": states[cooperative.pk],
        "pickup_points": cooperative.pickup_points.active().select_related("commune__province"),
        "page": _page_of(request, states, "cooperative", cooperative.pk),
    }
    return render(request, "market/cooperative.html", context)
