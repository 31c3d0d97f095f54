"""Every drawing that a template asks for by name is there; an unknown one is an error page while DEBUG is on."""

import re
from pathlib import Path

from base.shell import icons

ROOT = Path(__file__).resolve().parents[4]


def test_every_icon_named_in_a_template_is_drawn() -> None:
    folders = ("base", "cms", "learning", "marketplace", "media", "search")
    used = {
        (name, str(template.relative_to(ROOT)))
        for folder in folders
        for template in (ROOT / folder).rglob("*.html")
        for name in re.findall(r'{%\s*icon "([^"]+)"', template.read_text(encoding="utf-8"))
    }
    assert used
    unknown = set()
    for name, template in used:
        try:
            icons.path(name)
        except KeyError:
            unknown.add((name, template))
    assert unknown == set()
