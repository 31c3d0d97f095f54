"""The selling desk of a household, ``/ban/``: put goods up, change them, see what is ordered."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any, Final

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from base.intake.verbs import Conflict, Owner, accept
from marketplace.access import SignedInRequest, cooperatives_of, households_of
from marketplace.catalogue.listing import NotReady, archive, submit
from marketplace.catalogue.models import ListingState
from marketplace.catalogue.paging import Slice, page_number
from marketplace.order.models import OrderStatus
from marketplace.partner import desk, entry
from marketplace.partner.forms import AmountForm, ListingForm, written

if TYPE_CHECKING:
    from marketplace.partner.models import Partner, StockRecord

PER_PAGE: Final = 12
LINES_PER_PAGE: Final = 20
TO_BRING: Final = 4
STATES: Final = {
    "can-sua": ListingState.RETURNED,
    "dang-lam": ListingState.DRAFT,
    "cho-duyet": ListingState.SUBMITTED,
    "dang-ban": ListingState.APPROVED,
    "cat-di": ListingState.ARCHIVED,
}
LINES: Final = {
    "can-giao": desk.OPEN_STATUSES,
    "da-giao": (OrderStatus.HANDED_OVER,),
    "da-huy": (OrderStatus.CANCELLED,),
}


@never_cache
@require_GET
def home(request: SignedInRequest) -> HttpResponse:
    """Show what is ordered from her and her goods, those that need something first.

    "Sell" stands on cached pages, the same for all: whoever only runs a cooperative is led on to its desk.
    """
    households = households_of(request.user)
    runs_desk = bool(cooperatives_of(request.user))
    if not households and runs_desk:
        return redirect("desk:home")
    if not households:
        return render(request, "selling/no_household.html", {"nav": "sell"})
    chosen = _chosen(request, households)
    state = STATES.get(request.GET.get("muc", ""), "")
    number = page_number(request.GET.get("trang"))
    rows = list(desk.goods_by_state(chosen, state)[(number - 1) * PER_PAGE : number * PER_PAGE + 1])
    counts = desk.counts_by_state(chosen)
    context = {
        "nav": "sell",
        "households": households,
        "runs_desk": runs_desk,
        "chosen": chosen[0] if len(chosen) == 1 else None,
        "chips": [(slug, one.value, counts[one]) for slug, one in STATES.items() if counts.get(one)],
        "state": state,
        "total": sum(counts.values()),
        "to_bring": desk.to_bring(chosen, TO_BRING),
        "page": Slice(rows[:PER_PAGE], number, has_next=len(rows) > PER_PAGE),
    }
    return render(request, "selling/home.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
def add(request: SignedInRequest) -> HttpResponse:
    """Take in new goods, with a draft kept whatever is missing. Sent twice, it makes one product."""
    households = households_of(request.user)
    if request.method == "GET":
        chosen = str(_chosen(request, households)[0].pk)
        form = ListingForm(user=request.user, households=households, initial={"household": chosen})
        return _form_page(request, form)
    form = _bound(request, households)
    household, entry_id = form.whose, form.cleaned_data.get("entry_id")
    if household is None or entry_id is None:
        if entry_id is None:
            form.add_error(None, _("This page was open for too long. Please send it once more."))
        _put(form, entry_id=entry_id or uuid.uuid4())
        return _form_page(request, form)
    if form.is_empty:
        form.add_error(None, _("There is nothing to keep yet. Take a photo, or write what it is."))
        return _form_page(request, form)
    try:
        receipt = accept(
            "listing",
            Owner(user=request.user),
            entry_id,
            entry.body_of(form),
            lambda: entry.take_new(form, household),
        )
    except Conflict as conflict:
        return render(request, "selling/sent_before.html", {"nav": "sell", "key": str(conflict)}, status=409)
    stock = _own_or_404(households, uuid.UUID(receipt.result))
    if receipt.is_repeat and stock.product.listing_state == ListingState.DRAFT:
        entry.send_off(form, stock.product)  # kept at first, sent off with the second press
        stock = _own_or_404(households, stock.product.key)
    return _after_saving(request, form, stock)


@never_cache
@require_http_methods(["GET", "POST"])
def edit(request: SignedInRequest, key: uuid.UUID) -> HttpResponse:
    """Show goods for changing, or keep the change. What people see already is only ever replaced by something whole."""
    households = households_of(request.user)
    stock = _own_or_404(households, key)
    product = stock.product
    if request.method == "GET":
        texts = written(product, stock)
        form = ListingForm(
            initial=texts, user=request.user, households=households, product=product, stock=stock
        )
        form.was = texts
        return _form_page(request, form)
    form, is_saved = entry.change(_bound(request, households, stock), key)
    stock = _own_or_404(households, key)
    if is_saved:
        return _after_saving(request, form, stock)
    form.product, form.stock = stock.product, stock
    _put(form, photo_key=form.sent_photo.key if form.sent_photo else "")
    messages.error(request, _("Not saved yet. Please look at the marked places."))
    return _form_page(request, form)


@never_cache
@require_POST
def amount(request: SignedInRequest, key: uuid.UUID) -> HttpResponse:
    """Set how much is left, in one step from the list."""
    households = households_of(request.user)
    stock = _own_or_404(households, key)
    form = AmountForm(request.POST)
    left = entry.change_left(form, request.user, households, key) if form.is_valid() else None
    if form.errors:
        if left is not None:  # she has read it now
            form.data = {"left": form.data["left"], "left_was": str(left)}
        return render(request, "selling/amount.html", {"nav": "sell", "form": form, "stock": stock})
    words = {"left": left, "unit": stock.get_unit_display(), "name": stock.product.title}
    messages.success(request, _("%(name)s: %(left)d %(unit)s left.") % words)
    return redirect("selling:home")


@never_cache
@require_POST
def put_away(request: SignedInRequest, key: uuid.UUID) -> HttpResponse:
    """Take goods off the market; what is ordered stays ordered."""
    stock = _own_or_404(households_of(request.user), key)
    archive(stock.product)
    messages.success(request, _("Put away. You can sell it again at any time."))
    return redirect("selling:home")


@never_cache
@require_POST
def put_back(request: SignedInRequest, key: uuid.UUID) -> HttpResponse:
    """Send goods that were put away to the cooperative again; what is missing is asked for."""
    stock = _own_or_404(households_of(request.user), key)
    try:
        submit(stock.product)
    except NotReady:
        messages.error(request, _("Something is missing. Fill it in, then send it."))
        return redirect("selling:edit", key)
    messages.success(request, _("Sent to the cooperative."))
    return redirect("selling:home")


@never_cache
@require_GET
def lines(request: SignedInRequest) -> HttpResponse:
    """Show her own lines of orders: what, how much, for which day, how far."""
    households = households_of(request.user)
    chosen = _chosen(request, households)
    shown = request.GET.get("muc", "")
    shown = shown if shown in LINES else "can-giao"
    number = page_number(request.GET.get("trang"))
    found = desk.ordered_lines(chosen, LINES[shown], (number - 1) * LINES_PER_PAGE, LINES_PER_PAGE + 1)
    context = {
        "nav": "sell",
        "households": households,
        "chosen": chosen[0] if len(chosen) == 1 else None,
        "shown": shown,
        "page": Slice(found[:LINES_PER_PAGE], number, has_next=len(found) > LINES_PER_PAGE),
    }
    return render(request, "selling/lines.html", context)


def _chosen(request: SignedInRequest, households: list[Partner]) -> list[Partner]:
    """Return the household of ``?ho=``, else all of the person's. Raises Http404 for one that is not theirs."""
    asked = request.GET.get("ho", "")
    if not asked:
        return households
    found = [household for household in households if str(household.pk) == asked]
    if not found:
        raise Http404("no such household")
    return found


def _own_or_404(households: list[Partner], key: uuid.UUID) -> StockRecord:
    stock = desk.good_with_sales(households).filter(product__key=key).first()
    if stock is None:
        raise Http404("no such goods")
    return stock


def _bound(
    request: SignedInRequest, households: list[Partner], stock: StockRecord | None = None
) -> ListingForm:
    form = ListingForm(
        request.POST,
        request.FILES,
        user=request.user,
        households=households,
        product=stock.product if stock else None,
        stock=stock,
        then=request.POST.get("then", ""),
    )
    form.full_clean()
    return form


def _put(form: ListingForm, **hidden: Any) -> None:
    """Replace what hidden fields of a bound form will send next time."""
    form.data = {**dict(form.data.items()), **{name: str(value) for name, value in hidden.items()}}


def _form_page(request: SignedInRequest, form: ListingForm) -> HttpResponse:
    context = {
        "nav": "sell",
        "form": form,
        "product": form.product,
        "stock": form.stock,
        "photo": form.shown_photo,
    }
    return render(request, "selling/form.html", context)


def _after_saving(request: SignedInRequest, form: ListingForm, stock: StockRecord) -> HttpResponse:
    """Go home with the news; with a mistake, show it on the page of the draft, which holds all the rest."""
    level, words = entry.news(form, stock.product)
    messages.add_message(request, level, words)
    if form.errors:
        form.product, form.stock = stock.product, stock
        form.note_kept()
        _put(form, photo_key="")
        return _form_page(request, form)
    return redirect("selling:home")
