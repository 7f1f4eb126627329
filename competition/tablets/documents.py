"""Login cards on paper: A4, eight on a page. Above the fold the code to scan, below it the PIN, so that one look gives only half."""

import io
from collections.abc import Sequence
from typing import Any

from competition.rules.sentences import Sentence, sentence
from competition.tablets.services import NewCard
from competition.typesetting import lettering
from competition.typesetting.lettering import FOR_TEXT, FOR_TITLES, SONG
from competition.typesetting.pages import MM
from competition.typesetting.symbol import operators
from competition.web.language import say

COLUMNS, ROWS = 2, 4
WIDTH, HEIGHT = 90 * MM, 66 * MM
_LEFT, _BOTTOM = 15 * MM, 16.5 * MM
_CODE = 34 * MM
_FOLD = 20 * MM
"""How high above the lower edge a card is folded."""
_CLOSING = "。，；：、）”"
_EDGE, _INK, _GREY = (0.6, 0.6, 0.62), (0.13, 0.13, 0.15), (0.36, 0.36, 0.38)

WORDS: dict[str, Sentence] = {
    "title": sentence("Login card of a judge"),
    "scan": sentence("1. Scan the code with the tablet's camera and open the link."),
    "type": sentence("2. Unfold it and type the PIN."),
    "keep": sentence("Keep the card with you. If it is lost, tell the organiser at once."),
    "fold": sentence("Fold back along this line"),
    "pin": sentence("PIN"),
}


def card_address(token: str, base_url: str) -> str:
    """What the code says. The token stands after the #, so that it reaches no server and no log."""
    return f"{base_url.rstrip('/')}/tablet#{token}"


def cards_pdf(event: str, cards: Sequence[NewCard], *, base_url: str) -> bytes:
    """The cards of one event as a file to print; whoever has this file has the cards."""
    from reportlab.lib.pagesizes import A4  # slow to import, and only documents need it
    from reportlab.pdfgen.canvas import Canvas

    file = io.BytesIO()
    with lettering.drawing:
        lettering.typeface(SONG)
        canvas = Canvas(file, pagesize=A4, initialFontName=SONG)
        canvas.setTitle(f"{say(WORDS['title'])} · {event}")
        for number, card in enumerate(cards):
            place = number % (COLUMNS * ROWS)
            if number and not place:
                canvas.showPage()
            x = _LEFT + place % COLUMNS * WIDTH
            y = _BOTTOM + (ROWS - 1 - place // COLUMNS) * HEIGHT
            _draw_card(canvas, card, event, card_address(card.token, base_url), x, y)
        canvas.save()
    return file.getvalue()


def _draw_card(canvas: Any, new: NewCard, event: str, address: str, x: float, y: float) -> None:
    canvas.setStrokeColorRGB(*_EDGE)
    canvas.setLineWidth(0.4)
    canvas.setDash()
    canvas.rect(x, y, WIDTH, HEIGHT)
    canvas.addLiteral(operators(address, x + WIDTH - _CODE - 3 * MM, y + HEIGHT - _CODE - 3 * MM, _CODE))
    beside = WIDTH - _CODE - 9 * MM
    top = y + HEIGHT - 9 * MM
    _write(canvas, new.card.judge.account.name, x + 4 * MM, top, 14, beside, faces=FOR_TITLES)
    below = _write(canvas, event, x + 4 * MM, top - 7 * MM, 9, beside, lines=2)
    below = _write(canvas, say(WORDS["scan"]), x + 4 * MM, below - 3 * MM, 8, beside, lines=2)
    _write(canvas, say(WORDS["type"]), x + 4 * MM, below - 1.5 * MM, 8, beside, lines=2)
    _write(
        canvas, say(WORDS["keep"]), x + 4 * MM, y + _FOLD + 3 * MM, 7, WIDTH - 8 * MM, lines=1, colour=_GREY
    )
    canvas.setStrokeColorRGB(*_EDGE)
    canvas.setDash(2, 2)
    canvas.line(x, y + _FOLD, x + WIDTH, y + _FOLD)
    canvas.setDash()
    _write(canvas, say(WORDS["fold"]), x + 4 * MM, y + _FOLD - 4 * MM, 6.5, WIDTH, colour=_GREY)
    _write(canvas, say(WORDS["pin"]), x + 4 * MM, y + 6 * MM, 9, WIDTH, colour=_GREY)
    spaced = f"{new.pin[:3]} {new.pin[3:]}"
    _write(canvas, spaced, x + 16 * MM, y + 5.2 * MM, 20, WIDTH, faces=FOR_TITLES)


def _write(
    canvas: Any,
    text: str,
    x: float,
    y: float,
    size: float,
    width: float,
    *,
    lines: int = 1,
    faces: tuple[str, ...] = FOR_TEXT,
    colour: tuple[float, float, float] = _INK,
) -> float:
    """Set the text from here on in at most so many lines of this width; the rest is left out. Where the next line would stand."""
    canvas.setFillColorRGB(*colour)
    for line in _broken(lettering.drawable(text), size, width, faces)[:lines]:
        at = x
        for run in lettering.runs(line, faces):
            canvas.setFont(run.face, size)
            canvas.drawString(at, y, run.text)
            at += lettering.typeface(run.face).stringWidth(run.text, size)
        y -= size * 1.3
    return y


def _broken(text: str, size: float, width: float, faces: tuple[str, ...]) -> list[str]:
    """Lines no wider than that: English is broken between words, Chinese between any two characters, but never
    before a closing mark: that one may stand a little out."""
    lines, line = [], ""
    for character in text:
        if line and character not in _CLOSING and _wide(line + character, size, faces) > width:
            head, blank, tail = line.rpartition(" ")
            is_word = bool(blank) and character != " " and (tail + character).isascii()
            lines.append(head if is_word else line)
            line = (tail if is_word else "") + character.lstrip()
        else:
            line += character
    return [*lines, line]


def _wide(text: str, size: float, faces: tuple[str, ...]) -> float:
    return sum(
        float(lettering.typeface(run.face).stringWidth(run.text, size)) for run in lettering.runs(text, faces)
    )
