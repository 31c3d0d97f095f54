"""Two people change the same goods: a line counts unless somebody changed it since it was shown. Then theirs stays, and
both are told. One set of rules for the form, the amount in the list and what a phone wrote without a network."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from base.shell import formats
from marketplace.catalogue.listing import locked_goods
from marketplace.catalogue.models import Category
from marketplace.partner import desk
from marketplace.partner.forms import ListingForm, Said, initial_of, written
from marketplace.partner.units import Unit

if TYPE_CHECKING:
    from marketplace.partner.models import Partner, StockRecord
    from media.fields import CleanFile


def hold(households: Sequence[Partner], key: uuid.UUID) -> StockRecord | None:
    """Return the goods, held until the end: of two changes at once the second sees what the first did."""
    product = locked_goods().filter(key=key, household__in=households).first()
    # the stock as well: an order that takes from it while this is saved would be written over
    held = desk.goods_of(households).select_for_update(of=("self",), no_key=True)
    return held.filter(product=product).first() if product else None


def touched(reader: ListingForm, shown: Mapping[str, Said]) -> dict[str, Said]:
    """Return the lines that somebody changed on the page; 25.000 for 25000 is no change."""
    return {name: said for name, said in shown.items() if _is_touched(reader, name, said)}


def sort_out(reader: ListingForm, said: Mapping[str, Said]) -> tuple[dict[str, str], dict[str, list[str]]]:
    """Return the changes of the reader's goods that count, and what to say beside those that do not."""
    assert reader.product is not None
    assert reader.stock is not None
    present = initial_of(reader.product, reader.stock)
    texts = written(reader.product, reader.stock)
    changes: dict[str, str] = {}
    notes: dict[str, list[str]] = {}
    for name, one in said.items():
        if any(_is_same(reader, name, present[name], side) for side in _sides(name, one)):
            changes[name] = one.now
        else:
            notes[name] = [_both(name, texts[name], one.now)]
    return changes, notes


def _sides(name: str, said: Said) -> tuple[str, ...]:
    """Return the texts of which one must be what the goods say now."""
    if said.was is None:
        return (said.now,)
    # what is left is counted: 10 of which 2 were sold at the gate are not the 8 that an order has left
    return (said.was,) if name == "left" else (said.was, said.now)


def filled(
    reader: ListingForm, changes: Mapping[str, str], photo: CleanFile | None, then: str
) -> ListingForm:
    """Return the judged form of the reader's goods as they are now, with these changes."""
    assert reader.product is not None
    assert reader.stock is not None
    form = ListingForm(
        {**written(reader.product, reader.stock), **changes},
        {"photo": photo} if photo else {},
        user=reader.user,
        households=list(reader.households.values()),
        product=reader.product,
        stock=reader.stock,
        then=then,
    )
    form.full_clean()
    return form


def _is_touched(reader: ListingForm, name: str, said: Said) -> bool:
    if said.was is None:
        return True
    try:
        return _meaning(reader, name, said.was) != _meaning(reader, name, said.now)
    except ValidationError:
        return said.was != said.now


def _is_same(reader: ListingForm, name: str, present: Any, said: str) -> bool:
    """Whether what was typed means what the goods have now; text that means nothing was never kept."""
    if isinstance(present, dt.date) and present <= timezone.localdate():
        present = None  # "ready from" a day that has come is "ready", in the form as well
    try:
        meant = _meaning(reader, name, said)
    except ValidationError:
        meant = None
        if isinstance(present, Category) and said == str(present.pk):  # one that the market does not show now
            return True
    return meant == (present or None)


def _meaning(reader: ListingForm, name: str, said: str) -> Any:
    """Return what was typed as it would be kept, None for nothing. Raises ValidationError."""
    field = reader.fields[name]
    field.required = False
    return field.clean(said) or None


def _both(name: str, present: str, said: str) -> str:
    shown = {"present": _in_words(name, present), "said": _in_words(name, said)}
    if name == "left":
        return (
            _("Now %(present)s are left, with the orders since; you wrote %(said)s. Please count once more.")
            % shown
        )
    return _("Somebody changed this to “%(present)s” meanwhile; you wrote “%(said)s”.") % shown


def _in_words(name: str, text: str) -> str:
    if name == "category" and text.isascii() and text.isdigit() and len(text) < 10:
        category = Category.objects.filter(pk=int(text)).first()
        text = category.name if category else text
    elif name == "unit" and text in Unit.values:
        text = str(Unit(text).label)
    elif name == "ready_from" and text:
        text = _day_in_words(text)
    return text or _("nothing")


def _day_in_words(text: str) -> str:
    try:
        return formats.day(dt.date.fromisoformat(text))
    except ValueError:
        return text
