"""Let a member of a household in again: the manager who sees the person shows a one-time code."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from base.accounts import in_person
from base.accounts.models import ShownCode
from base.shell import errors
from marketplace.access import SignedInRequest, cooperatives_of
from marketplace.catalogue.paging import Slice, page_number
from marketplace.cooperative import people

if TYPE_CHECKING:
    from marketplace.cooperative.models import Cooperative

PER_PAGE: Final = 20
LONGEST_SEARCH: Final = 40
LATEST: Final = 5


@never_cache
@require_GET
def members(request: SignedInRequest) -> HttpResponse:
    """List the people of the households, or those found by name or last digits of the phone."""
    found = people.people_of(_open_ones(request), manager=request.user)
    typed = request.GET.get("q", "").strip()[:LONGEST_SEARCH]
    if typed:
        found = people.matching(found, typed)
    number = page_number(request.GET.get("trang"))
    rows = list(found[(number - 1) * PER_PAGE : number * PER_PAGE + 1])
    page = Slice(rows[:PER_PAGE], number, has_next=len(rows) > PER_PAGE)
    context = {"nav": "sell", "typed": typed, "page": page}
    return render(request, "desk/members.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
def member(request: SignedInRequest, pk: int) -> HttpResponse:
    """Show one person and, after the press of a button, the code: this once, on this page only."""
    cooperatives = _open_ones(request)
    person = people.people_of(cooperatives, manager=request.user).filter(pk=pk).first()
    if person is None:
        raise Http404("nobody of these households")
    can_let_in, code = people.may_let_in(person, cooperatives), ""
    if request.method == "POST" and can_let_in:
        try:
            code = in_person.show_code(person, by=request.user)
        except in_person.CannotHelp:  # got other rights a moment ago
            can_let_in = False
        except in_person.TooMany:
            return _too_many(request)
    context = {
        "nav": "sell",
        "person": person,
        "can_let_in": can_let_in,
        "code": f"{code[:3]} {code[3:]}".strip(),
        "minutes": in_person.LASTS.seconds // 60,
        "latest": ShownCode.objects.filter(person=person)[:LATEST] if can_let_in else [],
    }
    return render(request, "desk/member.html", context, status=200 if can_let_in or not request.POST else 403)


def _open_ones(request: SignedInRequest) -> list[Cooperative]:
    return [cooperative for cooperative in cooperatives_of(request.user) if cooperative.is_active]


def _too_many(request: SignedInRequest) -> HttpResponse:
    return errors.page(
        request,
        429,
        heading=_("No more codes today"),
        text=_(
            "One person gets at most six codes a day, and one manager shows at most forty. Try again tomorrow."
        ),
        back=request.path,
        retry_after_s=in_person.DAY_S,
    )
