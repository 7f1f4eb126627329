"""Which face draws which character on a document: one face for the whole text where there is one, mixed faces last.

Kai (LXGW WenKai) for names, Song (Noto Serif SC) for the rest, HanaMin for what neither has. A character that no face
can draw is never replaced by a box: a certificate is refused before it is issued, and the answer lists it.
"""

import threading
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import groupby
from pathlib import Path
from typing import Any

from competition import assets

KAI = "LXGWWenKai-Regular"
SONG = "NotoSerifSC-Regular"
SONG_BOLD = "NotoSerifSC-Bold"

FOR_NAMES = (KAI, SONG)
FOR_TEXT = (SONG, KAI)
FOR_TITLES = (SONG_BOLD, SONG, KAI)

drawing = threading.RLock()
"""Held while a document is written: the parsed fonts keep a reading position."""


class CannotDraw(Exception):
    """No face has these characters."""

    def __init__(self, characters: tuple[str, ...]) -> None:
        super().__init__(described(characters))
        self.characters = characters


@dataclass(frozen=True)
class Run:
    """Neighbouring characters drawn with one face."""

    face: str
    text: str


_rare_folder: Path | None = None


def keep_rare_parts_in(folder: Path) -> None:
    """Say where the parts of HanaMin are kept once they have been unpacked; called when the application is made."""
    global _rare_folder
    _rare_folder = folder


@lru_cache(maxsize=10_000)
def runs(text: str, faces: tuple[str, ...]) -> tuple[Run, ...]:
    """The text cut into runs. Raises CannotDraw with every character that no face has."""
    text = drawable(text)
    if lost := undrawable(text):
        raise CannotDraw(lost)
    whole = next((name for name in faces if all(has(name, c) for c in text)), None)
    if whole is not None:
        return (Run(whole, text),) if text else ()
    if all(_rare_face(c) for c in text):
        chosen = [(_rare_face(c) or "", c) for c in text]
    else:
        chosen = [(_face_of(c, faces), c) for c in text]
    return tuple(
        Run(face, "".join(c for _, c in run)) for face, run in groupby(chosen, key=lambda pair: pair[0])
    )


def undrawable(text: str) -> tuple[str, ...]:
    """The characters of the text that no face can draw, each once, in order."""
    everywhere = (SONG, KAI)
    return tuple(
        dict.fromkeys(
            c for c in drawable(text) if not any(has(name, c) for name in everywhere) and not _rare_face(c)
        )
    )


def described(characters: tuple[str, ...]) -> str:
    """𱍐 (U+31350), … : the character may not show on the reader's screen, its number always does."""
    return ", ".join(f"{c} (U+{ord(c):04X})" for c in characters)


def drawable(text: str) -> str:
    """The text without variation selectors, which choose between shapes that our faces do not have."""
    return "".join(c for c in text if not (0xFE00 <= ord(c) <= 0xFE0F or 0xE0100 <= ord(c) <= 0xE01EF))


@cache
def has(name: str, character: str) -> bool:
    """Whether a face has ink for the character: an entry in the character map is not enough."""
    if character in " \u3000":
        return True
    parsed = typeface(name).face
    glyph = parsed.charToGlyph.get(ord(character))
    return glyph is not None and parsed.glyphPos[glyph + 1] > parsed.glyphPos[glyph]


def typeface(name: str) -> Any:
    """The face, parsed and registered with ReportLab once per process."""
    with drawing:
        return _typeface(name)


@cache
def _typeface(name: str) -> Any:
    from reportlab.pdfbase import pdfmetrics  # slow to import, and only documents need it

    from competition.typesetting.typefaces import Typeface

    path = _rare_path(name) if name.startswith("HanaMin") else assets.font_path(name)
    made = Typeface(name, str(path), asciiReadable=False, shapable=False)
    pdfmetrics.registerFont(made)
    return made


@cache
def _rare_face(character: str) -> str | None:
    path = assets.rare_font_path(character, _folder())
    if path is None or not has(path.stem, character):
        return None
    return path.stem


def _face_of(character: str, faces: tuple[str, ...]) -> str:
    found = next((name for name in (*faces, SONG, KAI) if has(name, character)), None) or _rare_face(
        character
    )
    assert found is not None, "undrawable() was asked before"
    return found


def _rare_path(name: str) -> Path:
    return _folder() / f"{name}.ttf"


def _folder() -> Path:
    if _rare_folder is None:
        raise RuntimeError("Nobody said where rare fonts are kept: create_app has not run")
    return _rare_folder
