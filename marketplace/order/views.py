"""Pages where a buyer follows a purchase: ``/don/`` asks for code and digits, ``/don/<code>/`` shows it."""

from __future__ import annotations

import unicodedata
from typing import Final

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from base.access.client import client_ip
from base.access.rates import hit, take_back
from base.accounts import phones
from base.codes import clean_code
from marketplace.order.follow import find, matching, may_see, remember
from marketplace.order.models import OrderStatus

TRIES_PER_ADDRESS: Final = 30  # misses in ten minutes: a commune shares one address
TRIES_PER_CODE: Final = 10  # misses in an hour: 10,000 endings would take 41 days
FOUR_DIGITS: Final = _("Write the last 4 digits, for example 4567.")


class FollowForm(forms.Form):
    """Code and last four digits of the phone."""

    code = forms.CharField(
        label=_("Order code"),
        max_length=20,
        help_text=_("8 letters and digits, on the order page or paper."),
        widget=forms.TextInput(attrs={"autocapitalize": "characters", "autocomplete": "off"}),
    )
    digits = forms.CharField(
        label=_("Last 4 digits of your phone number"),
        max_length=phones.MAX_LENGTH,
        error_messages={"max_length": FOUR_DIGITS},
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )

    def clean_digits(self) -> str:
        """Return four digits; of a whole phone number the last four."""
        digits = unicodedata.normalize("NFKC", self.cleaned_data["digits"]).strip()
        if len(digits) == 4 and digits.isascii() and digits.isdigit():
            return digits
        try:
            return phones.last4(phones.normalise(digits))
        except phones.InvalidPhone as error:
            raise forms.ValidationError(FOUR_DIGITS) from error


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def lookup(request: HttpRequest, code: str = "") -> HttpResponse:
    """Ask for code and digits. A wrong code and wrong digits get the same answer."""
    form = FollowForm(request.POST if request.method == "POST" else None, initial={"code": code})
    status = 200
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data["code"]
        is_allowed = _count(request, clean_code(typed))
        found = matching(typed, form.cleaned_data["digits"]) if is_allowed else None
        if found:
            _count_back(request, found)
            remember(request, found)
            return redirect("follow:show", found)
        status = 200 if is_allowed else 429
        form.add_error(
            None,
            _("No order with this code and these digits. Please look at both again.")
            if is_allowed
            else _("Too many tries. Please wait a while, or ask the cooperative."),
        )
    return render(request, "market/follow.html", {"form": form}, status=status)


def _count(request: HttpRequest, code: str | None) -> bool:
    """Count a try before it is looked at, so that many at once cannot pass; returns whether it may be looked at."""
    is_allowed = hit("follow:address", client_ip(request), TRIES_PER_ADDRESS, 600)
    if code:  # whether it exists or not; what cannot be a code has nothing to guess
        is_allowed = hit("follow:code", code, TRIES_PER_CODE, 3600) and is_allowed
    return is_allowed


def _count_back(request: HttpRequest, code: str) -> None:
    """A right answer is no try: whoever looks at her own orders may do so all day."""
    take_back("follow:address", client_ip(request))
    take_back("follow:code", code)


@never_cache
@require_safe
def show(request: HttpRequest, code: str) -> HttpResponse:
    """Show a purchase or order to its buyer; anybody else is asked for the digits, whether the code exists or not."""
    clean = clean_code(code)
    purchase, orders = find(clean or "")
    if clean is None or purchase is None or not may_see(request, clean, purchase):
        return lookup(request, code[:20])
    total = sum(order.total_incl_tax for order in orders if order.status != OrderStatus.CANCELLED)
    link = request.build_absolute_uri(reverse("follow:show", args=[clean]))
    context = {"purchase": purchase, "orders": orders, "code": clean, "total": total, "link": link}
    return render(request, "market/purchase.html", context)
