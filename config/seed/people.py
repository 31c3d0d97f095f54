"""People of the sample site. Their phones are made up, and every one has the same password, so demo sites only."""

from __future__ import annotations

from typing import Final

from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group
from django.utils import timezone

from base.accounts.models import User

PASSWORD: Final = "ruong-bac-thang"
FIRST_PHONE: Final = 84_900_000_100
HOUSEHOLD_PHONE: Final = "+84900000001"
MANAGER_PHONE: Final = "+84900000002"
LEARNER_PHONE: Final = "+84900000003"
EDITOR_PHONE: Final = "+84900000004"
REVIEWER_PHONE: Final = "+84900000005"
STAFF_PHONE: Final = "+84900000006"


class People:
    """Makes users with one password hash, which costs a third of a second, for all."""

    def __init__(self) -> None:
        """Hash the password once and find the first free phone."""
        self._hash = make_password(PASSWORD)
        self._taken = set(User.objects.values_list("phone", flat=True))
        self._next = FIRST_PHONE

    def make(
        self, last_name: str, first_name: str, phone: str = "", groups: tuple[str, ...] = (), **extra: bool
    ) -> User:
        """Return a saved user with a verified phone; ``phone`` is used if nobody has it yet."""
        if not phone or phone in self._taken:
            phone = self._free_phone()
        self._taken.add(phone)
        user = User.objects.create(
            phone=phone,
            password=self._hash,
            last_name=last_name,
            first_name=first_name,
            phone_verified_at=timezone.now(),
            **extra,
        )
        user.groups.set(Group.objects.filter(name__in=groups))
        return user

    def _free_phone(self) -> str:
        while f"+{self._next}" in self._taken:
            self._next += 1
        return f"+{self._next}"


def sign_ins() -> str:
    """Return the sign-ins of the sample site, for people to read."""
    who = [
        ("household", HOUSEHOLD_PHONE, "/ban/"),
        ("manager", MANAGER_PHONE, "/htx/"),
        ("learner", LEARNER_PHONE, "/hoc/"),
        ("editor", EDITOR_PHONE, "/quan-tri/"),
        ("reviewer", REVIEWER_PHONE, "/quan-tri/"),
        ("platform staff", STAFF_PHONE, "/quan-tri/he-thong/"),
    ]
    lines = [f"  {name:15} 0{phone[3:]}   {address}" for name, phone, address in who]
    return "\n".join([f"Sign in at /dang-nhap/ with a phone below and the password {PASSWORD}", *lines, ""])
