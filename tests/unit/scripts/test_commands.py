"""The project's own commands: what they say when they cannot go on, and what they start and end."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

import environment
import services

ROOT = Path(__file__).resolve().parents[3]


def test_demo_on_a_taken_port_says_so_in_one_line_and_starts_nothing() -> None:
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        port = holder.getsockname()[1]
        env = os.environ | {"PORT": str(port)}
        command = [sys.executable, str(ROOT / "scripts/demo.py")]
        done = subprocess.run(command, env=env, capture_output=True, text=True, timeout=30, check=False)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == (
        f"Port {port} is not to be had here (Address already in use). Choose another: make demo PORT={port + 1}\n"
    )


def test_own_environment_without_python_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANGSO_VENV", str(tmp_path))
    with pytest.raises(environment.Problem, match="has no bin/python"):
        environment.ensure("dev")


def test_installed_environment_is_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LANGSO_VENV", raising=False)
    monkeypatch.setattr(environment, "venv_dir", lambda: tmp_path)
    monkeypatch.setattr(environment, "_install", lambda pins: pytest.fail("installed again"))
    python = tmp_path / "bin/python"
    python.parent.mkdir()
    python.touch()
    pins = environment.fingerprint([environment.REQUIREMENTS / "base.txt"])
    (tmp_path / "langso-pins.json").write_text(json.dumps({"base": pins}))
    environment.ensure("base")


def test_ending_a_service_ends_what_it_started_too() -> None:
    code = "import subprocess, time; print(subprocess.Popen(['sleep', '60']).pid, flush=True); time.sleep(60)"
    process = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, start_new_session=True)
    assert process.stdout is not None
    child = int(process.stdout.readline())
    services.end(process, stop=signal.SIGTERM)
    deadline = time.monotonic() + 5
    while _is_running(child) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert (process.poll() is not None, _is_running(child)) == (True, False)


def test_free_port_is_free_and_so_is_its_companion() -> None:
    port = services.free_port(also=100)
    for number in (port, port + 100):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", number))


def _is_running(pid: int) -> bool:
    """Whether it runs; one that ended and waits to be fetched by its new parent does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False
