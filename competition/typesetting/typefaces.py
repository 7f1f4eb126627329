"""ReportLab's TrueType faces, corrected. Imported only when a document is drawn.

Three corrections, each seen with ReportLab 5.1.0 (pinned) and each guarded by a test that reads a finished PDF:
characters outside the BMP get a ToUnicode entry in UTF-16, so that 𬭊 can be copied and searched; every subset gets a
tag of its own, so that documents may be merged and printed together; streams are stored as bytes, not as text.
"""

from hashlib import sha256
from typing import Any

from reportlab import rl_config
from reportlab.pdfbase import ttfonts

_BLOCK = 100
"""The format allows at most so many entries in one block of a character map."""


def unicode_map(font_name: str, subset: list[int]) -> str:
    """The ToUnicode map of a subset: glyph code → UTF-16BE."""
    entries = [
        f"<{code:02X}> <{chr(point).encode('utf-16-be').hex().upper()}>" for code, point in enumerate(subset)
    ]
    blocks = [entries[start : start + _BLOCK] for start in range(0, len(entries), _BLOCK)]
    lines = [
        "/CIDInit /ProcSet findresource begin",
        "12 dict begin",
        "begincmap",
        f"/CIDSystemInfo << /Registry ({font_name}) /Ordering ({font_name}) /Supplement 0 >> def",
        f"/CMapName /{font_name} def",
        "/CMapType 2 def",
        "1 begincodespacerange",
        "<00> <FF>",
        "endcodespacerange",
    ]
    for block in blocks:
        lines += [f"{len(block)} beginbfchar", *block, "endbfchar"]
    lines += ["endcmap", "CMapName currentdict /CMap defineresource pop", "end", "end"]
    return "\n".join(lines)


class Typeface(ttfonts.TTFont):  # type: ignore[misc]
    """A face whose subsets are tagged by their content. Documents are written under `lettering.drawing`."""

    def addObjects(self, doc: Any) -> None:
        subsets = self.state[doc].subsets
        ttfonts.SUBSETN = lambda number: subset_tag(self.fontName, subsets[number])
        super().addObjects(doc)


def subset_tag(font_name: str, subset: list[int]) -> bytes:
    """Six capital letters that two different subsets do not share."""
    number = int.from_bytes(sha256(f"{font_name} {subset}".encode()).digest()[:8])
    letters = []
    for _ in range(6):
        number, letter = divmod(number, 26)
        letters.append(65 + letter)
    return bytes(letters)


ttfonts.makeToUnicodeCMap = unicode_map
rl_config.useA85 = 0
