"""The built front end and the fonts: where they lie, which file a name means, whether they fit their sources.

Standard library only (the bootstrap and the build hook read this file before anything is installed). In a checkout
the assets are `static/dist`; in an installed wheel they are `competition/_data/static/dist`.
"""

import hashlib
import json
import mimetypes
import os
from functools import cache
from pathlib import Path
from typing import Any

SKIP = "COMPETITION_SKIP_ASSETS"
_PACKAGE = Path(__file__).resolve().parent
_CHECKOUT = _PACKAGE.parent
_STAMPED = (
    "static/src",
    "static/build.mjs",
    "static/package-lock.json",
    "competition/build_hook.py",
)


class AssetMissing(Exception):
    """A page or a document asks for an asset that was not built; the message says what to run."""


def in_checkout() -> bool:
    """Is this the source tree (and not an installed wheel)?"""
    return (_CHECKOUT / "static" / "package.json").is_file()


def templates_folder() -> Path:
    return (_CHECKOUT if in_checkout() else _PACKAGE / "_data") / "templates"


def dist_folder() -> Path:
    return (_CHECKOUT if in_checkout() else _PACKAGE / "_data") / "static" / "dist"


def asset_name(name: str) -> str:
    """The served file name of a logical name: "app.css" → "app.22fd6ff9a7f7.css"."""
    names = _manifest(dist_folder() / "manifest.json")
    if name in names:
        return names[name]
    if os.environ.get(SKIP):
        return name
    raise AssetMissing(f"The front end has no {name}. {_WHAT_TO_RUN}")


def asset_path(name: str) -> Path:
    """The file of a logical name."""
    return dist_folder() / asset_name(name)


def served_file(served_name: str) -> Path | None:
    """The file behind a served name, or None: only what the manifest lists is served, never a font or a path."""
    known = served_name in _manifest(dist_folder() / "manifest.json").values()
    return dist_folder() / served_name if known else None


KEPT_ON_TABLETS = (
    "app.css",
    "app.js",
    "favicon.svg",
    "icons.svg",
    "mark.svg",
    "scoring.css",
    "scoring.js",
)
"""What the judge's page needs without a network; its service worker keeps them."""


def judges_worker(prefix: str) -> str:
    """The service worker of the judges' pages, which knows the files of its own build; they are served below `prefix`.

    Any change of a file makes it another worker: that is how tablets learn of a new build.
    """
    files = [prefix + asset_name(name) for name in KEPT_ON_TABLETS]
    script = _read(asset_path("worker.js"))
    version = hashlib.sha256("\n".join([*files, script]).encode()).hexdigest()[:12]
    return f"const BUILD={json.dumps({'version': version, 'assets': files})};\n{script}\n"


def media_type(path: Path) -> str:
    """The media type by file name, the same on every machine."""
    own = {
        ".js": "text/javascript",
        ".css": "text/css",
        ".svg": "image/svg+xml",
        ".wasm": "application/wasm",
    }
    return own.get(path.suffix) or mimetypes.guess_type(path.name)[0] or "application/octet-stream"


def font_path(name: str) -> Path:
    """The TrueType file of a face: "NotoSerifSC-Regular", "NotoSerifSC-Bold" or "LXGWWenKai-Regular"."""
    path = dist_folder() / "fonts" / f"{name}.ttf"
    if not path.is_file():
        raise AssetMissing(f"The font {name} is missing. {_WHAT_TO_RUN}")
    return path


def rare_font_path(character: str, folder: Path) -> Path | None:
    """The TrueType file of the HanaMin part that draws a rare character, made in `folder` when first asked for.

    None when no part has the character (then nothing of ours can draw it). A part takes about half a second to make.
    """
    fonts = dist_folder() / "fonts"
    code = ord(character)
    for part, ranges in _fonts_manifest(fonts / "fonts.json")["rare"].items():
        if any(first <= code <= last for first, last in ranges):
            return _as_truetype(fonts / "rare" / part, folder)
    return None


def stamp_problem() -> str | None:
    """None when the built front end fits its sources; else one sentence that says what to run."""
    dist = dist_folder()
    if os.environ.get(SKIP):
        return None
    if not (dist / "manifest.json").is_file():
        return f"The front end is not built. {_WHAT_TO_RUN}"
    if in_checkout() and _read(dist / "stamp") != source_stamp(_CHECKOUT):
        return f"The built front end is older than its sources. {_WHAT_TO_RUN}"
    return None


def source_stamp(root: Path) -> str:
    """One hash over everything the front end is built from."""
    digest = hashlib.sha256()
    for path in sorted(file for part in _STAMPED for file in _files(root / part)):
        digest.update(path.relative_to(root).as_posix().encode() + b"\0")
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


_WHAT_TO_RUN = "Run `python3 -m competition demo` or `python3 -m competition test` in the source tree: both build what is missing."


def _files(path: Path) -> list[Path]:
    if path.is_file():
        return [path]
    return [file for file in path.rglob("*") if file.is_file() and not file.name.startswith(".")]


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8").strip() if path.is_file() else ""


def _manifest(path: Path) -> dict[str, str]:
    try:
        names: dict[str, str] = _json(path, path.stat().st_mtime_ns)
        return names
    except FileNotFoundError:
        return {}


def _fonts_manifest(path: Path) -> dict[str, Any]:
    if not path.is_file():
        raise AssetMissing(f"The fonts are missing. {_WHAT_TO_RUN}")
    manifest: dict[str, Any] = _json(path, path.stat().st_mtime_ns)
    return manifest


@cache
def _json(path: Path, _changed: int) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def _as_truetype(woff2: Path, folder: Path) -> Path:
    target = folder / f"{woff2.stem}.ttf"
    if target.is_file():
        return target
    from fontTools.ttLib import TTFont  # slow to import, and needed for rare names only

    folder.mkdir(parents=True, exist_ok=True)
    font = TTFont(woff2)
    font.flavor = None
    unfinished = folder / f"{woff2.stem}.{os.getpid()}.part"
    font.save(unfinished)
    unfinished.replace(target)
    return target
