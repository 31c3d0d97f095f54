"""Compile the translations (`locale/*/LC_MESSAGES/*.po`) that are newer than their compiled form; needs no gettext."""

import sys
from pathlib import Path

from babel.messages import mofile, pofile

ROOT = Path(__file__).resolve().parent.parent


def compile_messages(root: Path = ROOT) -> list[Path]:
    """Return the files written. A machine-made or unsure ("fuzzy") translation is left out."""
    written = []
    for source in sorted(root.glob("**/locale/*/LC_MESSAGES/*.po")):
        target = source.with_suffix(".mo")
        if ".venv" in source.parts or (target.exists() and target.stat().st_mtime >= source.stat().st_mtime):
            continue
        with source.open("rb") as text:
            catalogue = pofile.read_po(text, locale=source.parts[-3])
        scratch = target.with_suffix(".mo.new")
        with scratch.open("wb") as binary:
            mofile.write_mo(binary, catalogue, use_fuzzy=False)
        scratch.replace(target)
        written.append(target)
    return written


if __name__ == "__main__":
    for path in compile_messages():
        sys.stdout.write(f"compiled {path.relative_to(ROOT)}\n")
