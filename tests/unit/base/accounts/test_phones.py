"""Spellings of phone numbers."""

import pytest

from base.accounts.phones import InvalidPhone, display, last4, normalise

SPELLINGS = [
    "0912345678", "0912 345 678", "0912.345.678", "0912-345-678", "(0912) 345-678", "+84912345678", "+84 912 345 678",
    "84912345678", "0084 912 345 678", "+84 0912 345 678", "+84-(0)912345678", "０９１２３４５６７８", "912345678",
    "\u200b0912\u00a0345\u2009678\u202c",
]  # fmt: skip
NOT_PHONES = [
    "", " ", "091234567", "09123456789", "0012025550123", "+1 202 555 0123", "0912 FLOWER", "٠٩١٢٣٤٥٦٧٨",
    "0912\x00345678",
    "1900 1234", "1900123456", "+84 1900 1234", "1800 1234", "0672 123 456",
    "0" * 500, "113", "0912345678;ext=1", "+", "𝟎𝟗𝟏𝟐", "0912345678\n0912345679",
]  # fmt: skip


@pytest.mark.parametrize("typed", SPELLINGS)
def test_normalise_brings_every_spelling_to_one_form(typed: str) -> None:
    assert normalise(typed) == "+84912345678"


@pytest.mark.parametrize("typed", NOT_PHONES)
def test_normalise_refuses_what_is_no_vietnamese_phone(typed: str) -> None:
    with pytest.raises(InvalidPhone):
        normalise(typed)


def test_normalise_takes_a_landline() -> None:
    assert normalise("0212 3852 123") == "+842123852123"


def test_normalise_of_its_own_display_comes_back() -> None:
    assert normalise(display("+84912345678")) == "+84912345678"


def test_last4() -> None:
    assert last4("+84912345678") == "5678"
