"""A Chromium for the journeys: an installed one, else Playwright's download, else the system's package, else one line to type.

Never skipped in silence: without a browser the gate stops.
"""

import os
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

VARIABLE = "COMPETITION_TEST_BROWSER"
"""Names the browser to use; the gate sets it for the tests it starts."""

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "microsoft-edge")
_PLACES = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    r"C:\Program Files\Google\Chrome\Application\chrome.exe",
    r"C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe",
)


class BrowserMissing(Exception):
    """No browser could be had; the message ends with the line to type."""


@cache
def browser_executable() -> Path:
    """A Chromium that starts, fetched when there is none."""
    for find in (_named, _installed, _playwrights, _downloaded, _from_the_system):
        found = find()
        if found is not None and _starts(found):
            return found
    raise BrowserMissing(
        "The journeys need a browser, and none could be found or fetched. Install one and start again:\n  "
        + (
            "sudo apt-get install -y chromium"
            if shutil.which("apt-get")
            else "install Google Chrome or Chromium"
        )
    )


def launch_arguments() -> list[str]:
    """What the tests pass to the browser: quiet, and without the sandbox that refuses to run as root."""
    quiet = [
        "--disable-background-networking",
        "--disable-component-update",
        "--no-first-run",
        "--disable-sync",
    ]
    return [*quiet, "--no-sandbox"] if _is_root() else quiet


def _named() -> Path | None:
    name = os.environ.get(VARIABLE)
    if name and not Path(name).is_file():
        raise BrowserMissing(f"{VARIABLE} names {name}, which is no file. Correct it or unset it.")
    return Path(name) if name else None


def _installed() -> Path | None:
    for name in _NAMES:
        if found := shutil.which(name):
            return Path(found)
    return next((Path(place) for place in _PLACES if Path(place).is_file()), None)


def _playwrights() -> Path | None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = Path(playwright.chromium.executable_path)
    return path if path.is_file() else None


def _downloaded() -> Path | None:
    print("No browser is installed: fetching Playwright's Chromium (about 180 MB)", flush=True)
    if subprocess.call([sys.executable, "-m", "playwright", "install", "chromium"]):
        return None
    found = _playwrights()
    if found is not None and not _starts(found) and _may_install():
        # The download works, the machine lacks libraries for it.
        subprocess.call([*_as_root(), sys.executable, "-m", "playwright", "install-deps", "chromium"])
    return found


def _from_the_system() -> Path | None:
    if not shutil.which("apt-get") or not _may_install():
        return None
    print("Installing the system's Chromium with apt-get", flush=True)
    subprocess.call([*_as_root(), "apt-get", "update", "-qq"])
    if subprocess.call([*_as_root(), "apt-get", "install", "-y", "-qq", "chromium"]):
        return None
    return _installed()


def _starts(executable: Path) -> bool:
    from playwright.sync_api import Error, sync_playwright

    try:
        with sync_playwright() as playwright:
            playwright.chromium.launch(executable_path=executable, args=launch_arguments()).close()
    except Error as problem:
        print(f"{executable} does not start: {str(problem).splitlines()[0]}")
        return False
    return True


def _is_root() -> bool:
    return sys.platform != "win32" and os.geteuid() == 0


def _may_install() -> bool:
    if _is_root():
        return True
    return (
        bool(shutil.which("sudo")) and subprocess.call(["sudo", "-n", "true"], stderr=subprocess.DEVNULL) == 0
    )


def _as_root() -> list[str]:
    return [] if _is_root() else ["sudo", "-n"]
