"""``{% once nav %}…{% endonce %}``: a part of the frame that is the same on every page, drawn once per language."""

from __future__ import annotations

from typing import Any

from django import template
from django.template.base import FilterExpression, NodeList, Parser, Token
from django.template.context import Context
from django.utils.safestring import SafeString
from django.utils.translation import get_language

register = template.Library()


class OnceNode(template.Node):
    """Keeps what it drew for each language and each set of the named values.

    Its content sees these values and nothing else of the page, neither request nor user, so that it cannot keep
    something of one visitor for the next. Name only variables of few values.
    """

    def __init__(self, nodelist: NodeList, values: dict[str, FilterExpression]) -> None:
        self.nodelist, self._values = nodelist, values
        self._drawn: dict[tuple[Any, ...], SafeString] = {}

    def render(self, context: Context) -> SafeString:
        """Return the content as it was drawn before, or draw it."""
        values = {name: value.resolve(context, ignore_failures=True) for name, value in self._values.items()}
        key = (get_language(), *values.values())
        drawn = self._drawn.get(key)
        if drawn is None:
            bare = Context(values)
            with bare.bind_template(context.template):  # type: ignore[arg-type]  # set while a template is drawn
                drawn = self._drawn[key] = self.nodelist.render(bare)
        return drawn


@register.tag
def once(parser: Parser, token: Token) -> OnceNode:
    """Draw the content once per process, language and the values of the variables named."""
    names = token.split_contents()[1:]
    nodelist = parser.parse(("endonce",))
    parser.delete_first_token()
    return OnceNode(nodelist, {name: parser.compile_filter(name) for name in names})
