"""Reads a price in Vietnamese words: “dưới 50k”, “từ 1tr5”, “200 nghìn trở xuống”, “20-50k”, “giá 100.000đ”."""

import re
from collections.abc import Sequence
from typing import Final, NamedTuple

from search import text
from search.documents import Price

_AROUND: Final = 0.2
_THOUSAND: Final = "nghin|ngan|k"
_WORTH: Final = {"k": 1_000, "nghin": 1_000, "ngan": 1_000, "tr": 1_000_000, "trieu": 1_000_000}
_TIMES: Final = {"tram": 100, "chuc": 10}
_GROUPED: Final = r"\d{1,3}(?:[., ]\d{3}){1,4}(?![\d])"


def _amount(name: str, *, needs_unit: bool = True) -> str:
    """Return the pattern of an amount: “50k”, “1,5 triệu”, “1tr5”, “1 triệu 500 nghìn”, “2 trăm nghìn”, “50.000₫”."""
    more = rf"\s?(?P<{name}_rest>\d{{1,3}})\s?(?:{_THOUSAND})|(?P<{name}_tail>\d{{1,3}})|\s?(?P<{name}_half>ruoi)"
    word = (
        rf"(?P<{name}_times>tram|chuc)?\s?(?P<{name}_unit>{_THOUSAND}|trieu|tr|dong|vnd|d)(?:{more})?(?!\w)"
    )
    unit = rf"(?:\s?(?:{word}|₫))"
    return rf"(?P<{name}>{_GROUPED}|\d{{1,9}}(?:[.,]\d{{1,2}})?){unit}{'' if needs_unit else '?'}"


_LEAD: Final = (
    r"(?<!\w)(?:(?P<below>duoi|khong qua|toi da|re hon|it hon)|(?P<above>tren|hon|it nhat|tu)"
    r"|(?P<around>khoang|tam|gia))\s+|(?P<less>[<≤]=?)\s*|(?P<more>[>≥]=?)\s*"
)
_RANGE: Final = re.compile(
    rf"(?<!\w)(?:(?P<above>tu)\s+)?{_amount('low', needs_unit=False)}\s?(?:den|toi|-|–)\s?{_amount('high')}"
)
_ONE: Final = re.compile(
    rf"(?:{_LEAD})(?:{_amount('one')}|(?P<bare>{_GROUPED}|\d{{4,9}})(?=\W*$))"
    r"(?:\s+(?P<down>tro xuong|do lai|tro lai)|\s+(?P<up>tro len))?"
)
_ENDED: Final = re.compile(rf"(?<!\w){_amount('one')}\s+(?:(?P<down>tro xuong|do lai)|(?P<up>tro len))(?!\w)")
_WHOLE: Final = re.compile(_amount("one"))
# Other words when they are written with other marks: tủ, tám, hòn, giả.
_WRITTEN: Final = {"tu": "từ", "tam": "tầm", "hon": "hơn", "gia": "giá"}
_JOINED: Final = re.compile(r"\W*(?:(?:và|va|nhưng|nhung)\s+)?", re.IGNORECASE)
_BARE_STEP: Final = 500
_YEARS: Final = range(1900, 2101)


class Asked(NamedTuple):
    """A price, and from where to where each of its bounds stands in what was typed."""

    price: Price
    spans: Sequence[tuple[int, int]]


def amount(typed: str) -> int | None:
    """Return the đồng of a text that is one amount and nothing else, with its unit: “20k”, “1tr5”, “50.000đ”."""
    match = _WHOLE.fullmatch(_folded(text.clean(typed).strip()))
    return _vnd(found, "one", found["one_unit"] or "") if match and (found := match.groupdict()) else None


def asked(typed: str) -> Asked | None:
    """Return the first price in a composed text, or None; “trên 100k dưới 200k” is one, whatever stands between them.

    Numbers without a unit count only at the end of the text.
    """
    if not any(character.isdigit() for character in typed):
        return None
    folded = _folded(typed)
    if range_ := _RANGE.search(folded):
        price = _price(range_)  # from dear to cheap is no price, and neither is half of it
        return Asked(price, [_span(range_, typed)]) if price and _is_meant(range_, typed) else None
    found: list[tuple[Price, tuple[int, int]]] = []
    for pattern in (_ONE, _ENDED):
        for match in pattern.finditer(folded):
            one = _price(match) if _is_meant(match, typed) else None
            if one is not None and not any(
                start < match.end() and match.start() < end for _, (start, end) in found
            ):
                found.append((one, _span(match, typed)))
    if not found:
        return None
    price, span = found[0]
    for other, beside in found[1:]:
        if (both := _between(price, other)) is not None:
            (start, end), (next_start, next_end) = sorted((span, beside))
            is_one = _JOINED.fullmatch(typed, end, next_start)
            return Asked(both, [(start, next_end)] if is_one else [(start, end), (next_start, next_end)])
    return Asked(price, [span])


def _between(one: Price, other: Price) -> Price | None:
    """Return the price between two bounds, or None when they are not a lower and a higher one."""
    least, most = (one, other) if one.most_vnd is None else (other, one)
    if least.most_vnd is None and most.least_vnd is None and (least.least_vnd or 0) <= (most.most_vnd or 0):
        return Price(least.least_vnd, most.most_vnd)
    return None


def _span(match: re.Match[str], typed: str) -> tuple[int, int]:
    return _with_its_name(typed, match.start()), match.end()


def _price(match: re.Match[str]) -> Price | None:
    found = match.groupdict()
    if "high" in found:
        unit = found["low_unit"] or ("" if "₫" in match[0] else found["high_unit"] or "")
        low, high = _vnd(found, "low", unit), _vnd(found, "high", found["high_unit"] or "")
        return Price(low, high) if low <= high else None
    if found.get("bare"):
        amount = int(re.sub(r"\D", "", found["bare"]))
        if amount % _BARE_STEP or amount in _YEARS:  # of a year, of kilometres, of people
            return None
    else:
        amount = _vnd(found, "one", found["one_unit"] or "")
    if found["down"] or found.get("below") or found.get("less"):
        return Price(most_vnd=amount)
    if found["up"] or found.get("above") or found.get("more"):
        return Price(least_vnd=amount)
    return Price(round(amount * (1 - _AROUND)), round(amount * (1 + _AROUND)))


def _vnd(found: dict[str, str], name: str, unit: str) -> int:
    """Return an amount in đồng: the number by its unit, and what stands behind: 1tr5, 1 triệu 500 nghìn, rưỡi."""
    number = found[name]
    is_grouped = re.fullmatch(_GROUPED, number)
    value = float(re.sub(r"\D", "", number)) if is_grouped else float(number.replace(",", "."))
    worth = _WORTH.get(unit, 1) * _TIMES.get(found[f"{name}_times"] or "", 1)
    tail = found[f"{name}_tail"]
    value += 0.5 if found[f"{name}_half"] else int(tail) / 10 ** len(tail) if tail else 0
    return round(value * worth) + 1_000 * int(found[f"{name}_rest"] or 0)


def _is_meant(match: re.Match[str], typed: str) -> bool:
    """Tell whether the word before the number is the one that it looks like without marks."""
    found = match.groupdict()
    for name in ("above", "around"):
        if word := found.get(name):
            written = typed[match.start(name) : match.end(name)].lower()
            if written not in (word, _WRITTEN.get(word, written)):
                return False
    return True


def _with_its_name(typed: str, start: int) -> int:
    """Return where the price begins with the word “giá” before it, if it stands there."""
    before = typed[:start].rstrip()
    is_named = before.lower().endswith((" giá", " gia")) or before.lower() in ("giá", "gia")
    return len(before) - len("giá") if is_named else start


def _folded(typed: str) -> str:
    """Return the text folded letter by letter, so that places in it are places in what was typed."""
    return "".join(map(_fold_in_place, typed))


def _fold_in_place(character: str) -> str:
    folded = text.fold(character)
    return folded if len(folded) == 1 else character
