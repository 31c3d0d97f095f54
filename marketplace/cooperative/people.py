"""The people of a cooperative's households, and to which of them its managers may show a code that lets them in."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from django.db.models import Prefetch, QuerySet

from base.accounts import in_person
from base.accounts.models import User
from marketplace.partner.models import Partner
from search.text import fold

if TYPE_CHECKING:
    from marketplace.cooperative.models import Cooperative

FEWEST_DIGITS: Final = 3


def people_of(cooperatives: Sequence[Cooperative], *, manager: User) -> QuerySet[User]:
    """Return who belongs to an open household of these cooperatives, but for the manager herself; with ``here``, their
    households there. Two queries."""
    own = Partner.objects.active().filter(cooperative__in=cooperatives)
    found = User.objects.filter(is_active=True, partners__in=own).exclude(pk=manager.pk).distinct()
    shown = Prefetch("partners", queryset=own.order_by("name", "pk"), to_attr="here")
    return found.prefetch_related(shown).order_by("first_name", "last_name", "pk")


def matching(people: QuerySet[User], typed: str) -> QuerySet[User]:
    """Return those whose phone ends in the digits, or who, or whose household, is called so, with or without marks.

    Names are compared here, not in the database, which cannot fold đ: a cooperative has hundreds of people at most.
    """
    digits = "".join(char for char in unicodedata.normalize("NFKC", typed) if char in "0123456789")
    if len(digits) >= FEWEST_DIGITS:
        return people.filter(phone__endswith=digits.removeprefix("0") if len(digits) >= 10 else digits)
    words = fold(typed).strip()
    named = people.values_list("pk", "last_name", "first_name", "partners__name")
    return people.filter(pk__in={pk for pk, *parts in named if words in fold(" ".join(filter(None, parts)))})


def may_let_in(person: User, cooperatives: Sequence[Cooperative]) -> bool:
    """Return whether managers of these cooperatives may open this person's account by a code.

    Not if it opens more than theirs: the desk or a household of another cooperative, or a page of the office.
    """
    elsewhere = person.cooperative_memberships.exclude(cooperative__in=cooperatives).exists()
    elsewhere = (
        elsewhere or Partner.objects.filter(users=person).exclude(cooperative__in=cooperatives).exists()
    )
    return not elsewhere and in_person.may_be_let_in(person)
