"""Where the real data for tests is, when somebody has it: `../shared` beside the project, or LANGSO_SHARED."""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def _find() -> Path | None:
    named = os.environ.get("LANGSO_SHARED")
    folder = Path(named) if named else ROOT.parent / "shared"
    return folder if (folder / "data").is_dir() else None


SHARED: Path | None = _find()
