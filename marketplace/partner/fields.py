"""Form fields for what a household types: đồng, whole amounts, days, text; forgiving in how, strict in what."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from marketplace.partner.units import WORDS, Unit

LEAST_VND: Final = 500  # less is nearly always "25" for "25 nghìn"
MOST_VND: Final = 100_000_000
MOST_UNITS: Final = 100_000
DAYS_AHEAD: Final = 366
LONGEST_TYPED: Final = 40  # characters of a number; nobody needs more

# "25.000", "25 000", "25,000": groups of three, one sign throughout; a decimal is none of these
_WHOLE = re.compile(r"\d+|\d{1,3}(?:\.\d{3})+|\d{1,3}(?:,\d{3})+|\d{1,3}(?: \d{3})+", re.ASCII)
_WITH_WORD = re.compile(r"(\d{1,6}(?:[.,]\d{1,2})?) ?(nghìn|ngàn|nghin|ngan|k|triệu|trieu|tr)", re.ASCII)
# "2tr5", "25k500": one digit or three; two could be read in two ways
_SHORT = re.compile(r"(\d{1,3})(k|tr|triệu|trieu)(\d|\d{3})", re.ASCII)
_PER = re.compile(r" ?/ ?([^\W\d_]+)$")
_DONG = re.compile(r" ?(?:đồng|dong|vnđ|vnd|₫|đ|d)$")
_TIMES = {"triệu": 1_000_000, "trieu": 1_000_000, "tr": 1_000_000}
_DAY_FORMATS: Final = ("%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%d/%m/%y")


def plain(raw: object) -> str:
    """Return what was typed in lower case, composed, with ASCII digits (full width is typed, too) and single spaces."""
    return " ".join(unicodedata.normalize("NFKC", str(raw)).lower().split())


def clean_text(raw: str, *, keep_lines: bool = False) -> str:
    """Return the text composed, without control characters and invisible signs that turn its direction."""
    text = unicodedata.normalize("NFC", raw.replace("\r\n", "\n"))
    kept = "".join(
        char
        if unicodedata.category(char) not in ("Cc", "Cf", "Cs", "Co") or (keep_lines and char == "\n")
        else " "
        for char in text
    )
    if not keep_lines:
        return " ".join(kept.split())
    lines = [" ".join(line.split()) for line in kept.split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def whole_number(typed: str) -> int | None:
    """Return the number in ``typed`` (from ``plain``), None when it is none or has decimals."""
    if len(typed) > LONGEST_TYPED or not _WHOLE.fullmatch(typed):
        return None
    return int(re.sub(r"[., ]", "", typed))


def unit_in_price(raw: object) -> Unit | None:
    """Return the unit in "25.000/kg", None when none that we know is named."""
    said = _PER.search(plain(raw))
    return WORDS.get(said[1]) if said else None


def parse_vnd(raw: object) -> int | None:
    """Return the đồng in "25.000", "25000 đ/kg", "25 nghìn" or "2tr5"; None when it cannot be read as whole đồng."""
    typed = plain(raw)
    if unit_in_price(raw):
        typed = _PER.sub("", typed)
    short = _SHORT.fullmatch(_DONG.sub("", typed))
    if short:
        times = _TIMES.get(short[2], 1_000)
        return int(short[1]) * times + int(short[3]) * times // 10 ** len(short[3])
    worded = _WITH_WORD.fullmatch(_DONG.sub("", typed)) or _WITH_WORD.fullmatch(typed)
    if worded:
        number, word = worded.groups()
        whole, _sign, part = number.replace(",", ".").partition(".")
        hundredths = int(whole) * 100 + int(part.ljust(2, "0") or 0)
        return hundredths * _TIMES.get(word, 1_000) // 100
    return whole_number(_DONG.sub("", typed))


class TextField(forms.CharField):
    """One line of text (or several), cleaned; an empty one is ''."""

    def __init__(self, *, keep_lines: bool = False, **kwargs: Any) -> None:
        """Remember whether lines are kept."""
        self.keep_lines = keep_lines
        super().__init__(**kwargs)

    def clean(self, value: Any) -> str:
        """Return the cleaned text; its length is measured once it is composed."""
        raw = self.to_python(value) or ""
        if "\x00" in raw:  # what is left of such a text would not be what was sent
            raise ValidationError(_("This text cannot be read. Please type it again."), code="nul")
        text: str = super().clean(clean_text(raw, keep_lines=self.keep_lines))
        return text


class PriceField(forms.CharField):
    """A price in whole đồng; cleaned_data holds an int, None when nothing was typed."""

    widget = forms.TextInput(attrs={"inputmode": "text"})
    default_error_messages = {
        "invalid": _("Write the price in whole đồng, for example 25.000."),
        "least": _("The price is in đồng: for 25 thousand write 25.000."),
        "most": _("This price is too high. Please look at it again."),
    }

    def clean(self, value: Any) -> int | None:
        """Return the price."""
        raw = super().clean(value)
        if not raw:
            return None
        price = parse_vnd(raw)
        if price is None:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        if price < LEAST_VND:
            raise ValidationError(self.error_messages["least"], code="least")
        if price > MOST_VND:
            raise ValidationError(self.error_messages["most"], code="most")
        return price


class CountField(forms.CharField):
    """A whole number of units, zero included; cleaned_data holds an int, None when nothing was typed."""

    widget = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"})
    default_error_messages = {
        "invalid": _("Write a whole number, for example 20."),
        "most": _("This is more than can be noted here. Please look at it again."),
    }

    def clean(self, value: Any) -> int | None:
        """Return the number."""
        raw = super().clean(value)
        if not raw:
            return None
        count = whole_number(plain(raw))
        if count is None:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        if count > MOST_UNITS:
            raise ValidationError(self.error_messages["most"], code="most")
        return count


class DayField(forms.CharField):
    """The day from which goods can be had; None means now, and so does a day that is over."""

    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    default_error_messages = {
        "invalid": _("Choose a day, for example 28/11/2026, or leave it empty."),
        "far": _("This day is too far away. Choose one within a year."),
    }

    def clean(self, value: Any) -> dt.date | None:
        """Return the day, None for now."""
        typed = plain(super().clean(value) or "")
        if not typed:
            return None
        day = _parse_day(typed)
        if day is None:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        today = timezone.localdate()
        if day > today + dt.timedelta(days=DAYS_AHEAD):
            raise ValidationError(self.error_messages["far"], code="far")
        return day if day > today else None


def _parse_day(typed: str) -> dt.date | None:
    for written in _DAY_FORMATS:
        try:
            return dt.datetime.strptime(typed, written).date()
        except ValueError:
            continue
    return None
