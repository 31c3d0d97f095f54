"""Money, dates, hours and phone numbers read as people here write them."""

from datetime import UTC, date, datetime, time
from decimal import Decimal

import pytest

from base.shell import formats


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        (0, "0\u00a0₫"),
        (500, "500\u00a0₫"),
        (25_000, "25.000\u00a0₫"),
        (Decimal("1150000.00"), "1.150.000\u00a0₫"),
        (-8_000, "−8.000\u00a0₫"),
    ],
)
def test_vnd_groups_by_thousands_and_never_breaks_the_line(amount: int | Decimal, text: str) -> None:
    assert formats.vnd(amount) == text


def test_vnd_refuses_a_part_of_a_dong() -> None:
    with pytest.raises(ValueError, match="not whole"):
        formats.vnd(Decimal("0.5"))


def test_day_names_every_weekday() -> None:
    week = [formats.day(date(2026, 11, 23 + i), today=date(2026, 1, 1)) for i in range(7)]
    assert week == [
        "thứ Hai, 23 tháng 11",
        "thứ Ba, 24 tháng 11",
        "thứ Tư, 25 tháng 11",
        "thứ Năm, 26 tháng 11",
        "thứ Sáu, 27 tháng 11",
        "thứ Bảy, 28 tháng 11",
        "Chủ nhật, 29 tháng 11",
    ]


def test_day_says_the_year_when_it_is_another() -> None:
    assert formats.day(date(2027, 1, 4), today=date(2026, 12, 31)) == "thứ Hai, 4 tháng 1 năm 2027"


def test_day_of_a_moment_is_the_day_in_vietnam() -> None:
    late_in_london = datetime(2026, 11, 23, 18, 0, tzinfo=UTC)
    assert formats.day(late_in_london, today=date(2026, 1, 1)) == "thứ Ba, 24 tháng 11"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (time(20, 0), "20 giờ"),
        (time(6, 5), "6 giờ 05"),
        (time(0, 0), "0 giờ"),
        (datetime(2026, 11, 23, 13, 30, tzinfo=UTC), "20 giờ 30"),
    ],
)
def test_hour_leaves_out_minutes_of_zero(value: time | datetime, text: str) -> None:
    assert formats.hour(value) == text


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("+84912345678", "0912\u00a0345\u00a0678"),
        ("+8421238555", "+8421238555"),
        ("+8562012345", "+8562012345"),
        ("không", "không"),
    ],
)
def test_phone_groups_mobile_numbers_and_leaves_others_alone(raw: str, text: str) -> None:
    assert formats.phone(raw) == text
