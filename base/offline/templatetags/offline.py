"""What pages tell the scripts of a phone: where the worker is, and on pages of one person, whose they are."""

from __future__ import annotations

from django import template
from django.conf import settings
from django.template.context import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from base.intake.authors import author_key

register = template.Library()

WORKER = mark_safe(' data-sw="/sw.js"')


@register.simple_tag
def worker() -> SafeString:
    """The attribute that lets scripts register the worker; nothing while it is switched off."""
    return WORKER if settings.OFFLINE_ENABLED else mark_safe("")


@register.simple_tag(takes_context=True)
def whose(context: Context) -> SafeString:
    """Whose page this is, by key and name, both empty when nobody is signed in. Never on a page that is kept."""
    user = context.get("user")
    if user is None:
        return mark_safe("")
    name = user.get_full_name() if user.is_authenticated else ""
    return format_html(' data-author="{}" data-name="{}"', author_key(user), name)
