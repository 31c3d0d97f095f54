"""The project's own commands: what they say when they cannot go on, and what they start and end."""

import json
import os
import shutil
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


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder of its own for the demo: one that runs in this folder has its lock."""
    shutil.copytree(ROOT / "scripts", tmp_path / "scripts")
    return tmp_path


def demo(folder: Path, port: int) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(folder / "scripts/demo.py")]
    env = os.environ | {"PORT": str(port)}
    return subprocess.run(command, env=env, capture_output=True, text=True, timeout=60, check=False)


def test_demo_on_a_taken_port_says_so_in_one_line_and_starts_nothing(folder: Path) -> None:
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        port = holder.getsockname()[1]
        done = demo(folder, port)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == (
        f"Port {port} is not to be had here (Address already in use). Choose another: make demo PORT={port + 1}\n"
    )


RUNNING = """
import subprocess, time
import demo
with demo.alone(demo.LOCK, demo.ADDRESS) as helper:
    child = subprocess.Popen(["sleep", "60"], start_new_session=True)
    helper.end_with_us(child)
    print(child.pid, flush=True)
    time.sleep(60)
"""


def running(folder: Path) -> tuple[subprocess.Popen[str], int]:
    """Start a demo with one process that is no site; return it and the pid of that process."""
    (folder / "var").mkdir(exist_ok=True)
    process = subprocess.Popen(
        [sys.executable, "-c", RUNNING], cwd=folder / "scripts", env=os.environ | {"PORT": "8123"},
        stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdout is not None
    return process, int(process.stdout.readline())


def test_second_demo_of_a_folder_is_refused_with_where_the_first_is(folder: Path) -> None:
    first, _child = running(folder)
    try:
        done = demo(folder, services.free_port())
    finally:
        first.terminate()
        first.communicate()
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == (
        f"A demo of this folder is running already: http://localhost:8123 (process {first.pid}). "
        f"Use it, or end it first: Ctrl-C where it was started, or kill {first.pid}\n"
    )


def test_what_a_killed_demo_started_ends_and_the_next_may_begin(folder: Path) -> None:
    first, child = running(folder)
    first.kill()
    first.communicate()
    second, _child = running(folder)
    is_left = _is_running(child)
    second.kill()
    second.communicate()
    assert not is_left


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
