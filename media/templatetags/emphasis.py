"""``{{ text|emphasis }}``: plain text with ``**bold**`` and line breaks, for steps and boxes that stand out."""

from django import template
from django.utils.safestring import SafeString, mark_safe

from media.blocks import inline_html

register = template.Library()


@register.filter
def emphasis(text: str) -> SafeString:
    """Escape everything, then make ``**words**`` bold and keep line breaks."""
    return mark_safe("<br>".join(inline_html(line) for line in str(text).splitlines()))  # inline_html escapes
