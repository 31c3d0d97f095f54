"""The project's own Python environment, `.venv`: made and filled from the hashed pins, by pip alone.

Standard library only: this runs before anything is installed.
"""

import hashlib
import json
import os
import platform
import shutil
import subprocess
import sys
import time
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
REQUIREMENTS = ROOT / "requirements"
SPACE_NEEDED_MB = 1200


class Problem(Exception):
    """Something that the person at the keyboard can mend; its text says how."""


def venv_dir() -> Path:
    """Return where the environment is: LANGSO_VENV (one's own, used as it is) or `.venv`."""
    return Path(os.environ.get("LANGSO_VENV") or ROOT / ".venv").resolve()


def python() -> Path:
    return venv_dir() / "bin" / "python"


def ensure(pins: str) -> None:
    """Make `.venv` hold what `requirements/<pins>.txt` pins; do nothing where it does. Raises Problem."""
    if os.environ.get("LANGSO_VENV"):
        if not python().exists():
            raise Problem(f"LANGSO_VENV names {venv_dir()}, which has no bin/python.")
        return
    stamps = _read_stamps()
    wanted = fingerprint([REQUIREMENTS / f"{pins}.txt"])
    if stamps.get(pins) == wanted:
        return
    if not (python().exists() and (venv_dir() / "bin/pip").exists()):
        _make_venv()
    _install(pins)
    # dev.txt holds all that base.txt does, in the same versions
    covered = ["base", "dev"] if pins == "dev" else [pins]
    stamps.update({name: fingerprint([REQUIREMENTS / f"{name}.txt"]) for name in covered})
    _stamp_file().write_text(json.dumps(stamps))


def fingerprint(paths: Iterable[Path], *extra: str) -> str:
    """Return a short hash of the files' names and contents, and of `extra`."""
    digest = hashlib.sha256("\0".join(extra).encode())
    for path in sorted(paths):
        digest.update(f"\0{path.relative_to(ROOT)}\0".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def _stamp_file() -> Path:
    return venv_dir() / "langso-pins.json"


def _read_stamps() -> dict[str, str]:
    try:
        stamps: dict[str, str] = json.loads(_stamp_file().read_text())
    except (OSError, ValueError):
        return {}
    return stamps if python().exists() else {}


def _make_venv() -> None:
    free_mb = shutil.disk_usage(ROOT).free // 1_000_000
    if free_mb < SPACE_NEEDED_MB:
        raise Problem(f"{free_mb} MB of disk are free here; {SPACE_NEEDED_MB} MB are needed.")
    print("Making the Python environment in .venv …", flush=True)
    command = [sys.executable, "-m", "venv", "--clear", str(venv_dir())]
    made = subprocess.run(command, capture_output=True, text=True, check=False)
    if made.returncode:
        shutil.rmtree(venv_dir(), ignore_errors=True)
        version = f"{sys.version_info.major}.{sys.version_info.minor}"
        raise Problem(
            f"python3 -m venv failed. On Debian or Ubuntu: apt install python{version}-venv\n"
            + (made.stdout + made.stderr).strip()
        )


def _install(pins: str) -> None:
    print(f"Installing the packages of requirements/{pins}.txt (a minute or two) …", flush=True)
    # The pins are complete, so pip need not resolve; modules are compiled when first imported.
    command = [str(python()), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input"]
    command += [
        "--require-hashes",
        "--no-deps",
        "--no-compile",
        "--requirement",
        str(REQUIREMENTS / f"{pins}.txt"),
    ]
    if subprocess.run(command, cwd=ROOT, check=False).returncode:
        raise Problem(
            "pip could not install the packages (its message is above). Is there a network, and disk space?"
        )


def commit() -> str:
    """Return the short hash of the commit that is checked out, "unknown" outside a checkout."""
    done = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    return done.stdout.strip() or "unknown"


def machine() -> str:
    """Return what figures were taken on, with a yardstick: "two cores" differ threefold, and so from hour to hour."""
    began, total = time.process_time(), 0
    for number in range(10_000_000):
        total += number
    took = time.process_time() - began
    kind = f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"
    return f"{kind}, ten million additions in {took:.2f} s"
