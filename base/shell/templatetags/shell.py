"""The shell's template tags and filters: icons, money, dates, form fields, pagination. `{% load shell %}`."""

from datetime import date, datetime, time
from decimal import Decimal
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from django import forms, template
from django.conf import settings
from django.core.paginator import Page
from django.forms.boundfield import BoundField
from django.template.context import Context
from django.utils import formats as django_formats
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from base.shell import addresses, formats, icons

register = template.Library()


def _in_vietnamese() -> bool:
    return (get_language() or "vi").startswith("vi")


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """An inline drawing. Beside a word it is hidden from screen readers; alone, give it a `label`.

    An unknown name (an editor's category without a drawing) gives the leaf, or an error while DEBUG is on.
    """
    try:
        path = icons.path(name)
    except KeyError:
        if settings.DEBUG and name:
            raise
        path = icons.path("leaf")
    return _drawn(path, format_html('role="img" aria-label="{}"', label)) if label else _hidden(path)


@lru_cache(maxsize=256)
def _hidden(path: str) -> SafeString:
    return _drawn(path, mark_safe('aria-hidden="true"'))


def _drawn(path: str, named: SafeString) -> SafeString:
    return format_html('<svg class="icon" viewBox="0 0 24 24" {}><path d="{}"/></svg>', named, path)


@register.filter
def vnd(amount: int | Decimal | None) -> str:
    """25000 -> "25.000 ₫"; nothing for None."""
    return "" if amount in (None, "") else formats.vnd(amount)


@register.filter
def ngay(value: date | datetime | None) -> str:
    """A date in full: "thứ Hai, 24 tháng 11"; in another language, that language's own long date."""
    if not value:
        return ""
    if _in_vietnamese():
        return formats.day(value)
    if isinstance(value, datetime):
        value = formats.local(value)
    return django_formats.date_format(value, "DATE_FORMAT")


@register.filter
def gio(value: time | datetime | None) -> str:
    """An hour: "20 giờ", "20 giờ 30"; in another language "20:30"."""
    if value is None or value == "":
        return ""
    if _in_vietnamese():
        return formats.hour(value)
    if isinstance(value, datetime):
        value = formats.local(value).time()
    return value.strftime("%H:%M")


@register.filter
def phone(value: str | None) -> str:
    """ "+84912345678" -> "0912 345 678"."""
    return formats.phone(str(value)) if value else ""


@register.simple_tag
def vi() -> SafeString:
    """The ``lang`` of what sellers write, for pages in another language: a voice reads it as what it is."""
    return mark_safe("" if _in_vietnamese() else ' lang="vi"')


@register.simple_tag
def to(name: str) -> str:
    """The address of one of the frame's own pages, by short name (addresses.py)."""
    return addresses.address(name)


@register.simple_tag
def is_demo() -> bool:
    """Whether this is a demonstration site, whose pages must say "dữ liệu mẫu"."""
    return bool(getattr(settings, "IS_DEMO", False))


@register.simple_block_tag
def page_title(content: str) -> SafeString:
    """The text of <title>: "Chợ · Làng Số", or the site's name alone."""
    inside = content.strip()
    return mark_safe(f"{inside} · Làng Số" if inside else "Làng Số")  # `content` is rendered template


@register.simple_block_tag
def wrap(content: str, element: str) -> SafeString:
    """The content inside an element, or nothing when a page left the block empty (no empty headings)."""
    inside = content.strip()
    return mark_safe(f"<{element}>{inside}</{element}>" if inside else "")  # `element` is written by us


@register.simple_block_tag
def brand(content: str) -> SafeString:
    """The left of the top bar: the site's name, or "‹ …" when the page filled block `back` with an address
    (and, after a space, block `back_text` with where it leads)."""
    address, _space, text = content.strip().partition(" ")
    if not address:
        return format_html('<a class="name" href="{}">{} Làng Số</a>', addresses.address("home"), _mark())
    return format_html(
        '<a class="name" href="{}">{} {}</a>',
        mark_safe(address),  # both parts are rendered template, escaped there
        icon("back"),
        mark_safe(text.strip()) or _("Back"),
    )


def _mark() -> SafeString:
    return mark_safe(
        '<svg class="mark" viewBox="0 0 24 24" aria-hidden="true"><path d="M12 0l12 12-12 12L0 12z"/></svg>'
    )


def _label(bound: BoundField, label: str, *, is_group: bool) -> SafeString:
    optional = ""
    if not bound.field.required:
        optional = format_html(" <small>({})</small>", _("not required"))
    if is_group:
        return format_html("<legend>{}{}</legend>", label, optional)
    return format_html('<label for="{}">{}{}</label>', bound.id_for_label, label, optional)


def _notes(bound: BoundField, help_text: str) -> tuple[SafeString, SafeString]:
    """Help and error, with the ids that Django's own aria-describedby names."""
    id_ = bound.auto_id
    hint = (
        format_html('<p class="hint" id="{}_helptext">{}</p>', id_, help_text) if help_text else mark_safe("")
    )
    error = mark_safe("")
    if bound.errors:
        text = format_html_join(mark_safe("<br>"), "{}", ((e,) for e in bound.errors))
        error = format_html('<p class="err" id="{}_error">{} {}</p>', id_, icon("warning"), text)
    return hint, error


def _choices(bound: BoundField) -> SafeString:
    """Radio buttons or tick boxes as large rows; with pictures, as tiles."""
    widget = bound.field.widget
    icon_for = getattr(widget, "icon_for", None)
    options = []
    for choice in bound:
        name = icon_for(choice.data["value"]) if icon_for else ""
        picture = icon(name) if name else mark_safe("")
        options.append((choice.tag(), picture, choice.choice_label))
    kind = "tiles" if icon_for else "opts"
    rows = format_html_join("", '<label class="opt">{}{}<span>{}</span></label>', options)
    return format_html('<div class="{}">{}</div>', kind, rows)


@register.simple_tag
def field(
    bound: BoundField, label: str = "", help_text: str = "", unit: str = "", **attrs: Any
) -> SafeString:
    """One form field: label, help, control, and its error beside it.

    Optional fields say "không bắt buộc" in words. `unit` stands right of the control ("₫", "kg"). Other
    arguments become attributes, with `_` for `-`: `{% field form.price inputmode="numeric" %}`.
    """
    if bound.is_hidden:
        return mark_safe(f"{bound}{bound.errors}")
    if help_text:
        bound.help_text = help_text  # Django's aria-describedby looks at it
    text = label or str(bound.label)
    hint, error = _notes(bound, str(bound.help_text or ""))
    widget = bound.field.widget
    if bound.use_fieldset:
        described = format_html(' aria-describedby="{}"', bound.aria_describedby) if hint or error else ""
        return format_html(
            '<fieldset id="{}"{}>{}{}{}{}</fieldset>',
            bound.auto_id, described, _label(bound, text, is_group=True), hint, error, _choices(bound),
        )  # fmt: skip
    attributes = {name.replace("_", "-"): value for name, value in attrs.items()}
    if isinstance(widget, forms.CheckboxInput):
        box = format_html(
            '<label class="opt">{}<span>{}</span></label>', bound.as_widget(attrs=attributes), text
        )
        return format_html("<div>{}{}{}</div>", box, hint, error)
    classes = [widget.attrs.get("class", ""), "field", "bad" if bound.errors else ""]
    attributes["class"] = " ".join(filter(None, classes))
    control = bound.as_widget(attrs=attributes)
    if unit:
        control = format_html('<div class="unit">{}<span>{}</span></div>', control, unit)
    return format_html("<div>{}{}{}{}</div>", _label(bound, text, is_group=False), control, error, hint)


@register.simple_tag
def errors(form: forms.BaseForm) -> SafeString:
    """What is wrong with a form, at its top: each line leads to its field. Nothing when all is well."""
    if not form.is_bound or form.is_valid():
        return mark_safe("")
    lines = [format_html("<li>{}</li>", text) for text in form.non_field_errors()]
    for bound in form:
        target = f"{bound.auto_id}_0" if bound.use_fieldset else bound.id_for_label
        lines += [
            format_html('<li><a href="#{}"><b>{}</b> {}</a></li>', target, bound.label, text)
            for text in bound.errors
        ]
    return format_html(
        '<div class="box warn" role="alert" tabindex="-1"><h2>{} {}</h2><ul>{}</ul></div>',
        icon("warning"),
        _("Please look at this again"),
        mark_safe("".join(lines)),
    )


@register.simple_tag(takes_context=True)
def pages(context: Context, page: Page[Any], keep: str = "", param: str = "trang") -> SafeString:
    """Previous and next page. `keep` names the query parameters that stay ("q nhom"): only those that the
    page's cache key knows, or one visitor's address would stand in everybody's page.
    """
    if not page.has_other_pages():
        return mark_safe("")
    query = context["request"].GET if "request" in context else {}
    kept = [(name, query[name]) for name in keep.split() if query.get(name)]

    def link(number: int, rel: str, text: SafeString) -> SafeString:
        target = urlencode([*kept, (param, number)]) if number > 1 else urlencode(kept)
        return format_html('<a class="btn quiet" rel="{}" href="?{}">{}</a>', rel, target, text)

    before = after = mark_safe("")
    if page.has_previous():
        text = format_html("{} {}", icon("back"), _("Previous page"))
        before = link(page.previous_page_number(), "prev", text)
    if page.has_next():
        text = format_html("{} {}", _("Next page"), icon("next"))
        after = link(page.next_page_number(), "next", text)
    if getattr(page, "paginator", None) is None:  # a list that is not counted
        where = _("Page %(number)s") % {"number": page.number}
    else:
        where = _("Page %(number)s of %(total)s") % {"number": page.number, "total": page.paginator.num_pages}
    return format_html(
        '<nav class="pages" aria-label="{}">{}<span>{}</span>{}</nav>', _("Pages"), before, where, after
    )


@register.simple_tag
def progress(done: int, total: int, label: str = "") -> SafeString:
    """A bar that is done/total full, drawn with SVG attributes because style= is forbidden."""
    share = 100 * min(max(done, 0), total) // total if total else 0
    text = label or _("%(done)s of %(total)s") % {"done": done, "total": total}
    return format_html(
        '<svg class="bar" viewBox="0 0 100 4" preserveAspectRatio="none" role="img" aria-label="{}">'
        '<rect width="{}" height="4"/></svg>',
        text,
        share,
    )
