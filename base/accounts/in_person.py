"""A one-time code that a manager shows to somebody in front of her: lost password, new phone, no message comes.

Who may show it to whom is the caller's rule (marketplace.cooperative.people); nobody with rights under /quan-tri/ is
let in this way, whoever asks. Each code is a row that the person and platform staff can read; the code itself is kept
only as a keyed hash.
"""

from __future__ import annotations

import datetime as dt
import secrets
import unicodedata
from typing import Final

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone, translation
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _

from base.access import rates
from base.access.roles import Role, roles_of_user
from base.accounts import sms
from base.accounts.models import ShownCode, User
from base.outbox.forgetting import forget

LASTS: Final = dt.timedelta(minutes=10)
MOST_TRIES: Final = 5  # then it is void; one of a million is guessed in 200,000 codes
PER_MANAGER: Final = 40  # a day
PER_PERSON: Final = 6  # a day
DAY_S: Final = 24 * 3600
KEPT: Final = dt.timedelta(days=365)
OFFICE: Final = frozenset({Role.EDITOR, Role.REVIEWER, Role.PLATFORM_STAFF, Role.SUPERUSER})


class CannotHelp(Exception):
    """This person is not let in by a shown code: an account with rights of the office, a closed one, or one's own."""


class TooMany(Exception):
    """The manager showed, or the person got, as many codes as one day allows."""


def may_be_let_in(person: User) -> bool:
    """Return whether a shown code may open the account: it is open and has no rights under /quan-tri/."""
    return person.is_active and not OFFICE & roles_of_user(person)


def show_code(person: User, *, by: User) -> str:
    """Return six digits that let ``person`` in once within ten minutes; any earlier code is void from now on.

    The row is the log. The person's phone is told who did this, never the code. Raises CannotHelp, TooMany.
    """
    if person.pk == by.pk or not may_be_let_in(person):
        raise CannotHelp(person.pk)
    is_within = rates.hit("shown code.by", str(by.pk), PER_MANAGER, DAY_S)
    if not (rates.hit("shown code.for", str(person.pk), PER_PERSON, DAY_S) and is_within):
        raise TooMany(person.pk)
    code, now = f"{secrets.randbelow(10**6):06}", timezone.now()
    with transaction.atomic():
        User.objects.select_for_update().get(pk=person.pk)  # two at once: the later one's code counts
        ShownCode.objects.filter(person=person, used_at=None, expires_at__gt=now).update(expires_at=now)
        ShownCode.objects.create(
            person=person,
            shown_by=by,
            shown_by_name=by.get_full_name(),
            shown_at=now,
            expires_at=now + LASTS,
            digest=_digest(person.pk, code),
        )
        # not in the manager's language: nobody said which the person reads
        with translation.override(settings.LANGUAGE_CODE):
            text = _(
                "%(name)s showed a code to open your Làng Số account. If you did not ask, tell the cooperative."
            )
        sms.send("code shown", person.phone, text % {"name": by.get_full_name()})
    return code


def use_code(phone: str, typed: str) -> User | None:
    """Return who is let in by ``typed``, else None without saying why. Every call is a try, of five a code.

    Counting is one conditional statement before comparing, so guesses sent at once are not more than five. A phone that
    nobody has takes the same statements.
    """
    now = timezone.now()
    live = ShownCode.objects.filter(person__phone=phone, used_at=None, expires_at__gt=now)
    row = live.order_by("-pk").first()
    tries_left = ShownCode.objects.filter(pk=row.pk if row else 0, tries__lt=MOST_TRIES)
    is_counted = tries_left.update(tries=F("tries") + 1) == 1
    typed_digest = _digest(row.person_id if row else 0, unicodedata.normalize("NFKC", typed))
    is_right = constant_time_compare(row.digest if row else "", typed_digest)
    return _open(row) if row and is_counted and is_right else None


@transaction.atomic
def _open(row: ShownCode) -> User | None:
    """Use the code up, and return its person unless the account may no longer be opened by one.

    The manager who saw the person vouches for the phone, as staff do who give a password. An unverified sign-up may
    have been made by somebody else: its password goes (pre-hijack, registration.py).
    """
    is_first = ShownCode.objects.filter(pk=row.pk, used_at=None).update(used_at=timezone.now(), digest="")
    person = User.objects.select_for_update().get(pk=row.person_id)
    if not is_first or not may_be_let_in(person):
        return None
    if not person.is_phone_verified:
        if person.has_usable_password():
            person.set_unusable_password()
        person.phone_verified_at = timezone.now()
        person.save(update_fields=["password", "phone_verified_at"])
    return person


def prune() -> int:
    """Delete rows older than a year; returns how many."""
    return forget(ShownCode.objects.filter(shown_at__lt=timezone.now() - KEPT))


def _digest(person_id: int, code: str) -> str:
    return salted_hmac("base.accounts.in_person", f"{person_id}:{code}", algorithm="sha256").hexdigest()
