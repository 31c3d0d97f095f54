"""What the scripts of a page weigh, packed: all that it may load by itself or on use, not only what its HTML names."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final
from urllib.parse import urljoin

import brotli
import pytest
from django.contrib.staticfiles import finders
from django.test import Client

# static and dynamic imports of modules
INNER: Final = re.compile(r"""\bimport\s*\(?\s*(?:[^"'()]*?\sfrom\s*)?["'](\.{1,2}/[^"']+\.js)["']""")
ON_EVERY_PAGE: Final = ("shell/site.js", "shell/search.js", "offline/start.js", "offline/store.js")
FORM: Final = ("offline/forms.js", "offline/queue.js", "offline/kinds.js")
PACK: Final = ("offline/pack_button.js", "offline/packs.js")
PUBLIC: Final = 8 * 1024
DESK: Final = 25 * 1024
WORKER: Final = 8_000
CARRIED: Final = (
    "offline/carry.js",
    "offline/vendor/noble-ed25519.js",
)  # only who opens a file from a memory card


def packed(name: str) -> int:
    """Return the bytes of a static file as they go over the line."""
    path = finders.find(name)
    assert path, name
    return len(brotli.compress(Path(str(path)).read_bytes()))


def reached(*names: str) -> set[str]:
    """Return these scripts and all that they may ever import."""
    found: set[str] = set()
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        if name in found:
            continue
        found.add(name)
        text = Path(str(finders.find(name))).read_text(encoding="utf-8")
        waiting += [urljoin(f"/{name}", inner).lstrip("/") for inner in INNER.findall(text)]
    return found


def test_worker_is_within_its_budget_with_its_configuration(client: Client) -> None:
    configuration = client.get("/sw.js").content
    assert configuration.startswith(b"self.LANGSO=")
    scripts = ("offline/store.js", "offline/send.js", "offline/worker.js")
    assert len(brotli.compress(configuration)) + sum(packed(name) for name in scripts) <= WORKER


@pytest.mark.parametrize(
    ("page", "scripts"),
    [
        ("a lesson with its form", (*ON_EVERY_PAGE, *FORM)),
        ("a course while it is saved", (*ON_EVERY_PAGE, *PACK)),
    ],
)
def test_scripts_of_a_public_page_are_within_their_budget(page: str, scripts: tuple[str, ...]) -> None:
    assert sum(packed(name) for name in scripts) <= PUBLIC, page


def test_desk_page_may_load_everything_there_is_and_stays_within_its_budget() -> None:
    """All that any desk form can come to load: photo, form, mending, saving, the pickup day's own."""
    everything = reached("shell/site.js", "shell/photo.js", "offline/saved.js", "marketplace/pickup.js")
    assert {"offline/forms.js", "offline/mend.js", "offline/packs.js"} <= everything
    assert sum(packed(name) for name in everything.difference(CARRIED)) <= DESK


def test_our_scripts_hold_no_words_of_the_interface() -> None:
    """Words come from the server, in the person's language."""
    folder = Path(str(finders.find("offline/worker.js"))).parent
    vietnamese = re.compile("[À-ỹ]")
    wordy = [path.name for path in folder.glob("*.js") if vietnamese.search(path.read_text(encoding="utf-8"))]
    assert wordy == []


def test_worker_keeps_to_what_chrome_80_understands() -> None:
    folder = Path(str(finders.find("offline/worker.js"))).parent
    too_new = re.compile(
        r"\|\|=|&&=|\?\?=|\bat\(-|\breplaceAll\(|Object\.hasOwn|structuredClone|#\w+\s*[(=;]|randomUUID"
    )
    found = {path.name: too_new.findall(path.read_text(encoding="utf-8")) for path in folder.glob("*.js")}
    assert {name: new for name, new in found.items() if new} == {}
