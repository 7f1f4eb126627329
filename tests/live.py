"""The real server in a process of its own, and a real browser that looks at it."""

import os
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from competition.gate.browser import browser_executable, launch_arguments
from tests.faults.servers import Born, free_port, nursery_here


@contextmanager
def served(instance: Path, *, database: Path, keys: Path) -> Iterator[str]:
    """Serve an installation with `competition serve`; yields its address."""
    port = free_port()
    environment = {
        **os.environ,
        "COMPETITION_INSTANCE": str(instance),
        "COMPETITION_KEYS_FILE": str(keys),
        "COMPETITION_BASE_URL": f"http://127.0.0.1:{port}",
        "DATABASE_URL": f"sqlite:///{database}",
    }
    log = instance / "server.log"
    process = nursery_here().command("serve", "--port", str(port), environment=environment, log=log)
    try:
        _wait_for(f"http://127.0.0.1:{port}/healthz", process, log)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.end()


def _wait_for(address: str, process: "subprocess.Popen[bytes] | Born", log: Path) -> None:
    deadline = time.monotonic() + 180
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise RuntimeError("the server stopped:\n" + log.read_text("utf-8"))
        try:
            urllib.request.urlopen(address, timeout=10).read()
            return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError("the server did not answer:\n" + log.read_text("utf-8"))


@contextmanager
def chromium() -> Iterator[Browser]:
    """A headless browser of the machine."""
    executable = browser_executable()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=executable, args=launch_arguments(), timeout=120_000
        )
        yield browser
        browser.close()
