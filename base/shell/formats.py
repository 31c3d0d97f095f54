"""Money, dates, hours and phone numbers as people here write them: pure functions behind the filters."""

from datetime import date, datetime, time
from decimal import Decimal
from zoneinfo import ZoneInfo

NO_BREAK = "\u00a0"
_HERE = ZoneInfo("Asia/Ho_Chi_Minh")
_WEEKDAYS = ("thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật")


def vnd(amount: int | Decimal) -> str:
    """25000 -> "25.000 ₫" (no-break space). Decimals are taken when whole; a fraction: ValueError."""
    whole = int(amount)
    if whole != amount:
        raise ValueError(f"not whole đồng: {amount}")
    sign = "−" if whole < 0 else ""
    return f"{sign}{number(abs(whole))}{NO_BREAK}₫"


def number(value: int) -> str:
    """1234567 -> "1.234.567"."""
    return f"{value:,}".replace(",", ".")


def local(moment: datetime) -> datetime:
    """The same moment on a clock in Vietnam; a naive one is taken to be there already."""
    return moment.astimezone(_HERE) if moment.tzinfo else moment


def day(value: date | datetime, today: date | None = None) -> str:
    """A date in full: "thứ Hai, 24 tháng 11", with "năm 2027" when that is not the year of `today`."""
    if isinstance(value, datetime):
        value = local(value).date()
    this_year = (today or datetime.now(_HERE).date()).year
    text = f"{_WEEKDAYS[value.weekday()]}, {value.day} tháng {value.month}"
    return text if value.year == this_year else f"{text} năm {value.year}"


def hour(value: time | datetime) -> str:
    """An hour: "20 giờ", "6 giờ 05"."""
    if isinstance(value, datetime):
        value = local(value).time()
    return f"{value.hour} giờ" if not value.minute else f"{value.hour} giờ {value.minute:02}"


def phone(number_e164: str) -> str:
    """ "+84912345678" -> "0912 345 678"; anything else comes back as it is."""
    digits = number_e164.removeprefix("+84")
    if digits == number_e164 or not digits.isdigit() or len(digits) != 9:
        return number_e164
    return f"0{digits[:3]}{NO_BREAK}{digits[3:6]}{NO_BREAK}{digits[6:]}"
