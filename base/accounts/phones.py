"""Phone numbers as people write them, brought to one form (E.164) for the database."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

import phonenumbers
from django.utils.translation import gettext_lazy as _

from base.shell.formats import phone as display

__all__ = ["WRONG", "InvalidPhone", "display", "last4", "normalise"]

REGION: Final = "VN"
COUNTRY_CODE: Final = 84
# Not 1900 and 1800 (nobody can be called back there, no message arrives); what is invalid has no type at all.
CALLABLE: Final = (
    phonenumbers.PhoneNumberType.MOBILE,
    phonenumbers.PhoneNumberType.FIXED_LINE,
    phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE,
)
MAX_LENGTH: Final = 40  # longer than any number with its dots and spaces
# What may stand between digits. Letters never: phonenumbers would turn "0912 FLOWER" into digits.
_SEPARATORS: Final = re.compile(
    r"[\s.\-_/()\u00ad\u200b-\u200f\u202a-\u202e\u2010-\u2015\u2060\u2066-\u2069\ufeff]+"
)
_DIGITS: Final = re.compile(r"\+?[0-9]{8,16}", re.ASCII)


WRONG: Final = _("Write a mobile or landline number, for example 0912 345 678.")
"""What to say of anything else, wherever it is typed."""


class InvalidPhone(ValueError):
    """Not a phone number that can be called in Vietnam."""


def normalise(raw: str) -> str:
    """Return "+84912345678" for any usual spelling: 0912 345 678, 0912.345.678, +84 912…, 0084912…, 84912….

    Only Vietnamese numbers of people: a code sent abroad costs a lot and is the usual way to drain an SMS budget.
    Raises InvalidPhone.
    """
    text = unicodedata.normalize("NFKC", raw) if len(raw) <= MAX_LENGTH else ""
    digits = _SEPARATORS.sub("", text)
    if not _DIGITS.fullmatch(digits):
        raise InvalidPhone(raw[:MAX_LENGTH])
    if digits.startswith("00"):
        digits = f"+{digits[2:]}"
    try:
        number = phonenumbers.parse(digits, REGION)
    except phonenumbers.NumberParseException as error:
        raise InvalidPhone(raw) from error
    if number.country_code != COUNTRY_CODE or phonenumbers.number_type(number) not in CALLABLE:
        raise InvalidPhone(raw)
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def last4(phone: str) -> str:
    """Return the last four digits, by which a buyer proves that an order is theirs."""
    return phone[-4:]
