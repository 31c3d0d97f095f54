"""What can be killed: a browser with its profile on the disk, and the site in a process of its own."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

from playwright.sync_api import BrowserType, Page

import services
from tests.browser.conftest import PHONE, QUIET
from tests.conftest import absent


class OnDisk:
    """A phone whose browser can be killed and started again."""

    def __init__(self, browser_type: BrowserType, profile: Path, url: str) -> None:
        """Prepare; ``start`` starts it."""
        self.browser_type, self.profile, self.url = browser_type, profile, url

    def start(self) -> Page:
        """Start the browser of this profile and return its page."""
        try:
            executable = services.chromium()
        except services.Absent as missing:
            absent(str(missing))
        context = self.browser_type.launch_persistent_context(
            str(self.profile), executable_path=executable, args=QUIET, base_url=self.url, **PHONE
        )
        return context.pages[0]

    def kill(self) -> None:
        """End every process of the browser with this profile at once, as an empty battery does."""
        for folder in Path("/proc").iterdir():
            if not folder.name.isdigit():
                continue
            try:
                command = (folder / "cmdline").read_bytes()
            except OSError:
                continue
            if f"--user-data-dir={self.profile}".encode() in command:
                os.kill(int(folder.name), signal.SIGKILL)


class Server:
    """The site in a process of its own, on the database of the test, that can be killed and started again."""

    def __init__(self, url: str) -> None:
        """Prepare; ``start`` starts it."""
        self.port, self.url = services.free_port(), url
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it and wait until it answers."""
        environment = {
            **os.environ,
            "DATABASE_URL": self.url,
            "DJANGO_SETTINGS_MODULE": "config.settings.test",
        }
        command = [
            sys.executable,
            "manage.py",
            "runserver",
            "--noreload",
            "--insecure",
            f"127.0.0.1:{self.port}",
        ]
        self.process = subprocess.Popen(
            command,
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        for _ in range(200):
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{self.port}/song/", timeout=2).read()
                return
            except OSError:
                time.sleep(0.2)
        raise AssertionError("the server did not start")

    def kill(self) -> None:
        """End it at once."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()
