"""The pins: one version of a package everywhere, hashes for all, and no index named."""

import re
from pathlib import Path

import pytest

REQUIREMENTS = Path(__file__).resolve().parents[3] / "requirements"
PIN = re.compile(r"^([a-z0-9][a-z0-9._-]*)==(\S+)(.*)$", re.MULTILINE)
FILES = ["base", "dev", "production"]


def _pins(name: str) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for package, version, _ in PIN.findall((REQUIREMENTS / f"{name}.txt").read_text()):
        found.setdefault(package, set()).add(version)
    return found


@pytest.mark.parametrize("name", FILES)
def test_pins_have_hashes_and_name_no_index(name: str) -> None:
    text = (REQUIREMENTS / f"{name}.txt").read_text()
    assert not re.search(r"https?://|--(extra-)?index-url|--find-links|/opt/", text)
    without = [
        block.split()[0] for block in re.split(r"\n(?=[a-z0-9])", text) if "--hash=sha256:" not in block
    ]
    assert without == []


@pytest.mark.parametrize("name", ["dev", "production"])
def test_what_is_tested_and_deployed_is_what_the_demo_has(name: str) -> None:
    base, other = _pins("base"), _pins(name)
    assert {package: other.get(package) for package in base} == base


@pytest.mark.parametrize("name", FILES)
def test_no_gpl_encoders_come_along(name: str) -> None:
    assert "pillow-heif" not in _pins(name)
