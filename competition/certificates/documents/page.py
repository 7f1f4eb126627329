"""One certificate on one page: where each text stands. Lengths are points from the lower left corner."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from urllib.parse import urlsplit

from competition.certificates.documents.artwork import HEIGHT, MM, WIDTH
from competition.typesetting import lettering
from competition.typesetting.lettering import FOR_NAMES, FOR_TEXT, FOR_TITLES
from competition.typesetting.symbol import operators

_INK = (0.13, 0.13, 0.15)
_GREY = (0.36, 0.36, 0.38)
_RED = (0.64, 0.13, 0.10)
_SEAL = (0.80, 0.42, 0.38)

_LEFT, _RIGHT = 38 * MM, WIDTH - 38 * MM
_MIDDLE = WIDTH / 2
_CODE = 30 * MM
_NO_LINE_BEGINS_WITH = "，。、；：！？）》”’】"
_NO_LINE_ENDS_WITH = "（《“‘【"

Snapshot = Mapping[str, Any]


def draw_page(canvas: Any, snapshot: Snapshot, *, address: str) -> None:
    """Draw the certificate on the present page of the canvas."""
    texts = snapshot["texts"]
    canvas.doForm("artwork")
    pen = _Pen(canvas)
    pen.centred(texts["title"]["zh"], _MIDDLE, HEIGHT - 52 * MM, 44, FOR_TITLES, _RED, spacing=16)
    pen.centred(texts["title"]["en"], _MIDDLE, HEIGHT - 60 * MM, 11, FOR_TEXT, _GREY, spacing=1.5)
    number = f"{texts['number']['zh']} {texts['number']['en']} {snapshot['number']}"
    pen.right(number, _RIGHT, HEIGHT - 69 * MM, 9.5, FOR_TEXT, _GREY)
    below = _sentence(pen, snapshot, _recipient(pen, snapshot))
    _award(pen, snapshot, below)
    _code(pen, canvas, snapshot, address)
    _issuers(pen, canvas, snapshot)


def _recipient(pen: "_Pen", snapshot: Snapshot) -> float:
    """Name, honorific and unit; a long unit stands on a line of its own. Where the sentence may begin."""
    y = HEIGHT - 83 * MM
    honorific = " " + snapshot["texts"]["honorific"]
    room = _RIGHT - _LEFT - pen.width(honorific, 17, FOR_TEXT)
    x = pen.left(
        snapshot["name"], _LEFT, y, pen.fitting(snapshot["name"], 30, room, FOR_NAMES), FOR_NAMES, _INK
    )
    x = pen.left(honorific, x, y, 17, FOR_TEXT, _INK)
    unit = f"（{snapshot['unit']}）" if snapshot["unit"] else ""
    if pen.width(unit, 13, FOR_TEXT) <= _RIGHT - x:
        pen.left(unit, x, y, 13, FOR_TEXT, _GREY)
        return y - 13 * MM
    y -= 7.5 * MM
    pen.left(unit, _LEFT, y, pen.fitting(unit, 13, _RIGHT - _LEFT, FOR_TEXT), FOR_TEXT, _GREY)
    return y - 9.5 * MM


def _sentence(pen: "_Pen", snapshot: Snapshot, y: float) -> float:
    """The sentence up to the award, on two lines if that can be; where the next text may stand."""
    text = "\u3000\u3000" + snapshot["texts"]["sentence"]["zh"]
    size, lines = 17.0, pen.wrapped(text, 17, _RIGHT - _LEFT)
    while len(lines) > 2 and size > 8:
        size -= 0.5
        lines = pen.wrapped(text, size, _RIGHT - _LEFT)
    for line in lines:
        pen.left(line, _LEFT, y, size, FOR_TEXT, _INK)
        y -= size * 1.65
    return y


def _award(pen: "_Pen", snapshot: Snapshot, below: float) -> None:
    texts = snapshot["texts"]
    award, place = snapshot["award"]["zh"], texts["place"]["zh"]
    y = min(below - 5 * MM, HEIGHT - 117 * MM)
    size = pen.fitting(award, 34, 150 * MM, FOR_TITLES)
    width = pen.width(award, size, FOR_TITLES)
    x = _MIDDLE - width / 2
    pen.left(award, x, y, size, FOR_TITLES, _RED)
    if place:
        pen.left(f"（{place}）", x + width + 4, y, 15, FOR_TEXT, _INK)
    y -= 12 * MM
    pen.left("\u3000\u3000" + texts["closing"]["zh"], _LEFT, y, 17, FOR_TEXT, _INK)
    english = texts["sentence"]["en"]
    if english:
        y -= 9 * MM
        pen.centred(english, _MIDDLE, y, pen.fitting(english, 10, _RIGHT - _LEFT, FOR_TEXT), FOR_TEXT, _GREY)


def _code(pen: "_Pen", canvas: Any, snapshot: Snapshot, address: str) -> None:
    texts = snapshot["texts"]
    x, y = _LEFT - 3 * MM, 25 * MM
    canvas.saveState()
    canvas.addLiteral(operators(address, x, y, _CODE))
    canvas.restoreState()
    x += _CODE + 2 * MM
    y += _CODE / 2
    pen.left(f"{texts['scan']['zh']} {texts['scan']['en']}", x, y + 7, 10.5, FOR_TEXT, _INK)
    pen.left(urlsplit(address).netloc, x, y - 7, 9.5, FOR_TEXT, _INK)
    if snapshot["replaces"]:
        replaced = f"{texts['replaces']['zh']} {snapshot['replaces']}"
        pen.left(replaced, x, y - 20, 8, FOR_TEXT, _GREY)


def _issuers(pen: "_Pen", canvas: Any, snapshot: Snapshot) -> None:
    x, top = _RIGHT - 36 * MM, 53 * MM
    _seal(pen, canvas, snapshot, x, 45 * MM)
    for issuer in snapshot["issuers"]:
        pen.centred(issuer["zh"], x, top, pen.fitting(issuer["zh"], 14, 84 * MM, FOR_TEXT), FOR_TEXT, _INK)
        top -= 7.5 * MM
    day = date.fromisoformat(snapshot["issued_on"])
    pen.centred(f"{day.year}年{day.month}月{day.day}日", x, top - 1 * MM, 13, FOR_TEXT, _INK)


def _seal(pen: "_Pen", canvas: Any, snapshot: Snapshot, x: float, y: float) -> None:
    """The place of the seal: a fine broken ring."""
    canvas.saveState()
    canvas.setStrokeColorRGB(*_SEAL)
    canvas.setLineWidth(0.5)
    canvas.setDash(2, 2)
    canvas.circle(x, y, 19 * MM)
    canvas.restoreState()
    pen.centred(snapshot["texts"]["seal"], x, y - 15 * MM, 8, FOR_TEXT, _SEAL)


class _Pen:
    """Puts text on a canvas, each character with a face that has it."""

    def __init__(self, canvas: Any) -> None:
        self._canvas = canvas

    def width(self, text: str, size: float, faces: tuple[str, ...], spacing: float = 0) -> float:
        drawn = sum(
            lettering.typeface(run.face).stringWidth(run.text, size) for run in lettering.runs(text, faces)
        )
        return float(drawn + spacing * max(0, len(text) - 1))

    def fitting(self, text: str, size: float, width: float, faces: tuple[str, ...]) -> float:
        """The size, made smaller when the text would be wider than the width."""
        needed = self.width(text, size, faces)
        return size if needed <= width else size * width / needed

    def left(
        self,
        text: str,
        x: float,
        y: float,
        size: float,
        faces: tuple[str, ...],
        colour: tuple[float, float, float],
        spacing: float = 0,
    ) -> float:
        """Draw from x to the right; where the text ends. The spacing is put back, because it would go on."""
        self._canvas.setFillColorRGB(*colour)
        pen = self._canvas.beginText(x, y)
        pen.setCharSpace(spacing)
        for run in lettering.runs(text, faces):
            lettering.typeface(run.face)
            pen.setFont(run.face, size)
            pen.textOut(run.text)
        pen.setCharSpace(0)
        self._canvas.drawText(pen)
        return x + self.width(text, size, faces, spacing)

    def centred(
        self,
        text: str,
        x: float,
        y: float,
        size: float,
        faces: tuple[str, ...],
        colour: tuple[float, float, float],
        spacing: float = 0,
    ) -> None:
        start = x - self.width(text, size, faces, spacing) / 2
        self.left(text, start, y, size, faces, colour, spacing)

    def right(
        self,
        text: str,
        x: float,
        y: float,
        size: float,
        faces: tuple[str, ...],
        colour: tuple[float, float, float],
    ) -> None:
        self.left(text, x - self.width(text, size, faces), y, size, faces, colour)

    def wrapped(self, text: str, size: float, width: float) -> list[str]:
        """Lines no wider than the width. Chinese breaks anywhere but around punctuation, Latin words stay whole."""
        lines, line = [], ""
        for part in _unbreakable(text):
            if line and self.width(line + part, size, FOR_TEXT) > width:
                lines.append(line.rstrip(" "))
                line = ""
            line += part
        return [*lines, line] if line else lines


def _unbreakable(text: str) -> list[str]:
    parts: list[str] = []
    for character in text:
        joined = bool(parts) and (
            character in _NO_LINE_BEGINS_WITH
            or parts[-1][-1] in _NO_LINE_ENDS_WITH
            or (character.isascii() and parts[-1][-1].isascii() and parts[-1][-1] != " ")
        )
        if joined:
            parts[-1] += character
        else:
            parts.append(character)
    return parts
