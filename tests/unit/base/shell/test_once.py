"""``{% once %}`` draws a part of the frame once, and sees nothing of the page but the values it names."""

from __future__ import annotations

from django.template import Context, Template
from django.utils import translation

LOAD = "{% load i18n once %}"


def test_content_is_drawn_once_for_each_value_and_language() -> None:
    template = Template(
        LOAD + "{% once nav %}{% get_current_language as code %}{{ code }} {{ nav }}{% endonce %}"
    )
    seen = []
    for language, nav in (("vi", "home"), ("vi", "learn"), ("en", "home"), ("vi", "home")):
        with translation.override(language):
            seen.append(template.render(Context({"nav": nav})))
    assert seen == ["vi home", "vi learn", "en home", "vi home"]
    node = next(node for node in template.nodelist if hasattr(node, "_drawn"))
    assert len(node._drawn) == 3


def test_content_sees_nothing_of_the_visitor() -> None:
    template = Template(LOAD + "{% once nav %}{{ nav }}|{{ user }}|{{ request.path }}{% endonce %}")
    first = template.render(Context({"nav": "home", "user": "Lò Thị Pành"}))
    assert (first, template.render(Context({"nav": "home", "user": "Y Blưn"}))) == ("home||", "home||")


def test_values_are_escaped_as_everywhere() -> None:
    template = Template(LOAD + "{% once nav %}{{ nav }}{% endonce %}")
    assert template.render(Context({"nav": "<b>"})) == "&lt;b&gt;"
