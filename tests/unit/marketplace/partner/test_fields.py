"""What people type for prices, amounts, days and names, and what becomes of it."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.exceptions import ValidationError

from marketplace.partner.fields import CountField, DayField, PriceField, TextField, clean_text, parse_vnd

NO_BREAK = "\u00a0"


@pytest.mark.parametrize(
    ("typed", "price"),
    [
        ("25000", 25_000),
        ("25.000", 25_000),
        ("25,000", 25_000),
        (" 25 000 ", 25_000),
        (f"25.000{NO_BREAK}₫", 25_000),
        ("25.000đ", 25_000),
        ("25.000 đồng", 25_000),
        ("25.000 VND", 25_000),
        ("２５．０００", 25_000),
        ("25 nghìn", 25_000),
        ("25 ngàn đồng", 25_000),
        ("25 nghi\u0300n", 25_000),  # not composed
        ("25k", 25_000),
        ("25,5 nghìn", 25_500),
        ("1,5 triệu", 1_500_000),
        ("1.250.000", 1_250_000),
        ("025000", 25_000),
        ("2tr5", 2_500_000),
        ("2Tr5 đ", 2_500_000),
        ("1triệu250", 1_250_000),
        ("25k5", 25_500),
        ("22.000đ/kg", 22_000),
        ("22.000 ₫ / kg", 22_000),
        ("22.000/ký", 22_000),
        ("22nghìn/kg", 22_000),
        ("22k/bó", 22_000),
        ("2tr5/con", 2_500_000),
    ],
)
def test_price_is_read_as_people_write_it(typed: str, price: int) -> None:
    assert parse_vnd(typed) == price


@pytest.mark.parametrize(
    "typed",
    ["25,5", "25.50", "25.000,5", "25.00", "1.0000", "1.000,000", "-5000", "+5000", "5e3", "0x10", "٢٥٠٠٠", "½", "abc",
     "nghìn", "25 nghìn 5",
     "2tr50", "1,5tr5", "2tr 5", "22.000/xe", "22.000/", "/kg", "22.000/kg/kg", "22.000/2kg",
     "25000 25000", "9" * 41, "25.000.", ".000", "NaN", "inf"],
)  # fmt: skip
def test_price_that_is_no_whole_amount_is_refused(typed: str) -> None:
    assert parse_vnd(typed) is None
    with pytest.raises(ValidationError) as refusal:
        PriceField().clean(typed)
    assert refusal.value.code == "invalid"


@pytest.mark.parametrize(("typed", "code"), [("25", "least"), ("0", "least"), ("100.000.001", "most")])
def test_price_beyond_belief_is_asked_about(typed: str, code: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        PriceField().clean(typed)
    assert refusal.value.code == code


def test_nothing_typed_is_no_price_no_amount_and_no_day() -> None:
    assert [field(required=False).clean("  ") for field in (PriceField, CountField, DayField)] == [None] * 3


@pytest.mark.parametrize(
    ("typed", "count"), [("0", 0), ("20", 20), ("１２", 12), ("1.000", 1000), (" 7 ", 7)]
)
def test_amount_is_a_whole_number(typed: str, count: int) -> None:
    assert CountField().clean(typed) == count


@pytest.mark.parametrize(
    ("typed", "code"), [("2,5", "invalid"), ("-1", "invalid"), ("20 kg", "invalid"), ("100001", "most")]
)
def test_amount_that_is_none_is_refused(typed: str, code: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        CountField().clean(typed)
    assert refusal.value.code == code


def test_day_is_read_in_any_usual_spelling_and_the_past_means_now() -> None:
    soon = dt.date.today() + dt.timedelta(days=30)
    spellings = [soon.strftime(form) for form in ("%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y")]

    assert [DayField().clean(typed) for typed in spellings] == [soon] * 4
    assert DayField().clean("2020-01-01") is None


@pytest.mark.parametrize(
    ("typed", "code"),
    [("31/02/2027", "invalid"), ("mai", "invalid"), ("9999-12-31", "far"), ("10000-01-01", "invalid")],
)
def test_day_that_is_none_is_refused(typed: str, code: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        DayField().clean(typed)
    assert refusal.value.code == code


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("  Đậu   đỏ ", "Đậu đỏ"),
        ("Đa\u0323\u0302u", "Đậu"),  # composed
        ("Gừng\u202eagn\u200b trâu\x07", "Gừng agn trâu"),
        ("\u200b\u200f\ufeff", ""),
        ("<b>Gừng</b>", "<b>Gừng</b>"),
        ("K’pam ƀok 🌶️", "K’pam ƀok 🌶️"),
    ],
)
def test_text_loses_invisible_signs_and_nothing_else(raw: str, clean: str) -> None:
    assert clean_text(raw) == clean


def test_lines_of_a_description_stay() -> None:
    assert clean_text("Một\r\n\r\n\r\n\r\nhai \n ba", keep_lines=True) == "Một\n\nhai\nba"


def test_nul_and_too_long_text_are_refused() -> None:
    for raw in ("Gừng\x00", "ư" * 121):
        with pytest.raises(ValidationError):
            TextField(max_length=120).clean(raw)
