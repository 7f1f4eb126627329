"""A printed document as PDF: A4, headings repeated, page x of y, every face embedded, text never read as markup."""

import io
from collections import Counter
from collections.abc import Sequence
from functools import partial
from types import SimpleNamespace
from typing import Any
from xml.sax.saxutils import escape

from competition.typesetting import lettering
from competition.typesetting.lettering import FOR_TEXT, FOR_TITLES, SONG, SONG_BOLD
from competition.typesetting.printed import Align, Block, Document, Signatures, Table, Text
from competition.typesetting.symbol import operators

MIME_TYPE = "application/pdf"
MM = 72 / 25.4
_MARGIN = 15 * MM
_CODE = 22 * MM
_FOOT = 12 * MM
_PADDING = 5
_SIZE = 9
_RULE = (0.72, 0.72, 0.74)
_HEAD = (0.93, 0.935, 0.945)
_INK = (0.13, 0.13, 0.15)
_GREY = (0.36, 0.36, 0.38)
_ROOM_TO_WRITE = 9 * MM
_UNDRAWN = "〓"
"""Stands for a character that no face has (the traditional mark of a missing type); it is named below the text."""


def pdf(document: Document) -> bytes:
    """The finished file; the same document gives the same bytes on any day."""
    return many_pdf([document])


def many_pdf(documents: Sequence[Document]) -> bytes:
    """Several documents in one file, each beginning on a page of its own and numbered for itself.

    Raises ValueError when there is none.
    """
    if not documents:
        raise ValueError("there is no document to print")
    with lettering.drawing:
        for face in (SONG, SONG_BOLD):
            lettering.typeface(face)
        return _printed(documents)


def _printed(documents: Sequence[Document]) -> bytes:
    from reportlab.lib.pagesizes import A4, landscape  # slow to import, and only documents need it
    from reportlab.platypus import BaseDocTemplate, Frame, NextPageTemplate, PageBreak, PageTemplate

    templates, story = [], []
    for number, document in enumerate(documents):
        width, height = landscape(A4) if document.landscape else A4
        room = (_MARGIN, _MARGIN + _FOOT, width - 2 * _MARGIN, height - 2 * _MARGIN - _FOOT)
        frame = Frame(*room, leftPadding=0, rightPadding=0, topPadding=0, bottomPadding=0)
        begin = partial(_begin, number=number)
        templates.append(PageTemplate(str(number), [frame], pagesize=(width, height), onPage=begin))
        story += [NextPageTemplate(str(number)), *([PageBreak()] if number else [])]
        story += _story(document, width - 2 * _MARGIN)
    file = io.BytesIO()
    made = BaseDocTemplate(
        file,
        pageTemplates=templates,
        title=f"{documents[0].title} {documents[0].subtitle}".strip(),
        author="匠阶 SkillsLadder",
        creator="匠阶 SkillsLadder",
        lang=documents[0].language,
        invariant=1,
        initialFontName=SONG,
    )
    made.build(story, canvasmaker=partial(_canvas_class(), documents))
    return file.getvalue()


def _begin(canvas: Any, template: Any, *, number: int) -> None:
    canvas.document_number = number


def _canvas_class() -> Any:
    from reportlab.pdfgen.canvas import Canvas

    class FootedCanvas(Canvas):  # type: ignore[misc]
        """Keeps every page until all are set, so that each foot can say how many there are."""

        def __init__(self, documents: Sequence[Document], *args: Any, **named: Any) -> None:
            super().__init__(*args, **named)
            self._documents = documents
            self._kept: list[dict[str, Any]] = []
            self.document_number = 0
            self._doc._timeStamp = _moment(documents[0])

        def showPage(self) -> None:
            self._kept.append(dict(self.__dict__))
            self._startPage()

        def save(self) -> None:
            pages = Counter(state["document_number"] for state in self._kept)
            seen: Counter[int] = Counter()
            for state in self._kept:
                self.__dict__.update(state)
                seen[self.document_number] += 1
                number = self.document_number
                _foot(self, self._documents[number], seen[number], pages[number])
                Canvas.showPage(self)
            Canvas.save(self)

    return FootedCanvas


def _foot(canvas: Any, document: Document, page: int, pages: int) -> None:
    """The line at the bottom with the page number and the hash; the code to scan on the first page."""
    width, height = canvas._pagesize
    canvas.saveState()
    canvas.setStrokeColorRGB(*_RULE)
    canvas.setLineWidth(0.5)
    canvas.line(_MARGIN, _MARGIN + _FOOT - 3 * MM, width - _MARGIN, _MARGIN + _FOOT - 3 * MM)
    canvas.setFillColorRGB(*_GREY)
    numbered = document.page_of % {"page": page, "pages": pages}
    _draw(canvas, numbered, width - _MARGIN, _MARGIN + 4 * MM, right=True)
    _draw(canvas, document.foot, _MARGIN, _MARGIN + 4 * MM)
    if document.proof is not None:
        _draw(canvas, f"{document.proof.label} {document.proof.hash}", _MARGIN, _MARGIN)
        if page == 1:
            x, y = width - _MARGIN - _CODE, height - _MARGIN - _CODE + 2 * MM
            canvas.addLiteral(operators(document.proof.address, x, y, _CODE))
            canvas.setFillColorRGB(*_GREY)
            _draw(canvas, document.proof.scan, width - _MARGIN - 2 * MM, y - 1.5 * MM, right=True, size=7)
    canvas.restoreState()


def _moment(document: Document) -> Any:
    """ReportLab knows two clocks, now and the year 2000; a document is as old as what it was printed from."""
    moment = document.made
    return SimpleNamespace(
        t=0,
        YMDhms=(moment.year, moment.month, moment.day, moment.hour, moment.minute, moment.second),
        dhh=0,
        dmm=0,
        tzname="UTC",
    )


def _draw(canvas: Any, text: str, x: float, y: float, *, right: bool = False, size: float = 8) -> None:
    runs = lettering.runs(_safe(text), FOR_TEXT)
    if right:
        x -= sum(lettering.typeface(run.face).stringWidth(run.text, size) for run in runs)
    for run in runs:
        canvas.setFont(run.face, size)
        canvas.drawString(x, y, run.text)
        x += lettering.typeface(run.face).stringWidth(run.text, size)


# --- what stands on the pages ---------------------------------------------------------------------


def _story(document: Document, width: float) -> list[Any]:
    from reportlab.platypus import Spacer

    beside = width - (_CODE + 4 * MM if document.proof else 0)
    parts = [_indented(_paragraph(document.title, 15, FOR_TITLES), width - beside)]
    if document.subtitle:
        parts.append(_indented(_paragraph(document.subtitle, 11, FOR_TEXT, colour=_GREY), width - beside))
    parts.append(Spacer(0, 2 * MM))
    for label, value in document.above:
        parts.append(_indented(_paragraph(value, _SIZE, FOR_TEXT, label=label), width - beside))
    least = _CODE + 2 * MM if document.proof else 0
    head = sum(part.wrap(width, 1000)[1] for part in parts)
    parts.append(Spacer(0, max(5 * MM, least - head + 5 * MM)))
    for block in document.blocks:
        parts += [*_block(block, width), Spacer(0, 4 * MM)]
    if lost := _lost(document):
        named = lettering.described(lost)
        parts.append(_paragraph(f"{_UNDRAWN} = {named}", 8, FOR_TEXT, colour=_GREY))
    return parts


def _block(block: Block, width: float) -> list[Any]:
    from reportlab.platypus import Spacer

    match block:
        case Text(title, paragraphs):
            return [
                *_heading(title),
                *(_paragraph(paragraph, _SIZE, FOR_TEXT, after=1.2 * MM) for paragraph in paragraphs),
            ]
        case Table():
            notes = [_paragraph(note, 8, FOR_TEXT, colour=_GREY) for note in block.notes]
            if not block.rows and block.empty:
                return [
                    *_heading(block.title),
                    _paragraph(block.empty, _SIZE, FOR_TEXT, colour=_GREY),
                    *notes,
                ]
            below = [Spacer(0, 1.2 * MM), *notes] if notes else []
            return [*_heading(block.title), _table(block, width), *below]
        case Signatures():
            return [_signatures(block, width)]


def _heading(title: str) -> list[Any]:
    from reportlab.platypus import CondPageBreak

    return [CondPageBreak(30 * MM), _paragraph(title, 11, FOR_TITLES, after=1.5 * MM)] if title else []


def _table(table: Table, width: float) -> Any:
    from reportlab.platypus import LongTable, TableStyle

    share = width / sum(column.width for column in table.columns)
    widths = [column.width * share for column in table.columns]
    cells = [[_paragraph(column.heading, _SIZE, FOR_TITLES, align=column.align) for column in table.columns]]
    cells += [
        [
            _cell(text, widths[number] - 2 * _PADDING, table.columns[number].align)
            for number, text in enumerate(row)
        ]
        for row in table.rows
    ]
    style = [
        ("FONT", (0, 0), (-1, -1), SONG, _SIZE),
        ("TEXTCOLOR", (0, 0), (-1, -1), _INK),
        ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
        ("BACKGROUND", (0, 0), (-1, 0), _HEAD),
        ("LINEBELOW", (0, 0), (-1, -1), 0.4, _RULE),
        ("LEFTPADDING", (0, 0), (-1, -1), _PADDING),
        ("RIGHTPADDING", (0, 0), (-1, -1), _PADDING),
        ("TOPPADDING", (0, 0), (-1, -1), 2.5),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 3.5),
        *(
            [("TOPPADDING", (0, 1), (-1, -1), 5.5), ("BOTTOMPADDING", (0, 1), (-1, -1), 6.5)]
            if table.roomy
            else []
        ),
        *(
            ("ALIGN", (number, 0), (number, -1), column.align.value)
            for number, column in enumerate(table.columns)
        ),
    ]
    heights = None
    if table.ruled:
        style.append(("GRID", (0, 0), (-1, -1), 0.5, _GREY))
        heights = [None, *(_ROOM_TO_WRITE if not any(row) else None for row in table.rows)]
    return LongTable(cells, widths, rowHeights=heights, style=TableStyle(style), repeatRows=1)


def _cell(text: str, width: float, align: Align) -> Any:
    """The text itself where it fits on one line in the usual face; set by the face that has each character otherwise."""
    if not text:
        return ""
    text = _safe(text)
    runs = () if "\n" in text else lettering.runs(text, FOR_TEXT)
    if len(runs) == 1 and runs[0].face == SONG and lettering.typeface(SONG).stringWidth(text, _SIZE) <= width:
        return runs[0].text
    return _paragraph(text, _SIZE, FOR_TEXT, align=align)


def _signatures(block: Signatures, width: float) -> Any:
    from reportlab.platypus import KeepTogether, Spacer, TableStyle
    from reportlab.platypus import Table as PlainTable

    rows = [
        [
            _paragraph(role, _SIZE, FOR_TEXT),
            _paragraph(name, _SIZE, FOR_TEXT),
            "",
            _paragraph(block.date, _SIZE, FOR_TEXT),
            "",
        ]
        for role, name in block.lines
    ]
    style = TableStyle(
        [
            ("FONT", (0, 0), (-1, -1), SONG, _SIZE),
            ("VALIGN", (0, 0), (-1, -1), "BOTTOM"),
            ("LINEBELOW", (2, 0), (2, -1), 0.6, _INK),
            ("LINEBELOW", (4, 0), (4, -1), 0.6, _INK),
            ("LEFTPADDING", (0, 0), (-1, -1), 2),
        ]
    )
    widths = [width * share for share in (0.2, 0.2, 0.3, 0.1, 0.2)]
    return KeepTogether([Spacer(0, 4 * MM), PlainTable(rows, widths, rowHeights=12 * MM, style=style)])


def _indented(paragraph: Any, right: float) -> Any:
    paragraph.style.rightIndent = right
    return paragraph


def _paragraph(
    text: str,
    size: float,
    faces: tuple[str, ...],
    *,
    align: Align = Align.LEFT,
    colour: tuple[float, float, float] = _INK,
    after: float = 0,
    label: str = "",
) -> Any:
    """A paragraph; a label stands before it in grey, so that one sees where the words of the document begin."""
    from reportlab.lib.colors import Color
    from reportlab.lib.enums import TA_CENTER, TA_LEFT, TA_RIGHT
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.platypus import Paragraph

    runs = [run for line in _lines(text) for run in line]
    before = f'<font color="{Color(*_GREY).hexval()}">{_marked(label, faces)}</font>\u3000' if label else ""
    style = ParagraphStyle(
        "text",
        fontName=runs[0].face if runs else SONG,
        fontSize=size,
        leading=size * 1.45,
        textColor=Color(*colour),
        alignment={Align.LEFT: TA_LEFT, Align.RIGHT: TA_RIGHT, Align.CENTRE: TA_CENTER}[align],
        wordWrap="CJK" if any(ord(c) > 0x2E7F for c in label + text) else None,
        spaceAfter=after,
    )
    return Paragraph(before + "<br/>".join(_marked(line, faces) for line in text.split("\n")), style)


def _marked(line: str, faces: tuple[str, ...]) -> str:
    return "".join(
        f'<font name="{run.face}">{escape(run.text)}</font>' for run in lettering.runs(_safe(line), faces)
    )


def _lines(text: str) -> list[tuple[lettering.Run, ...]]:
    return [lettering.runs(_safe(line), FOR_TEXT) for line in text.split("\n")]


def _safe(text: str) -> str:
    """The text with the mark of a missing type for what no face can draw: a list must be printed all the same."""
    lost = set(lettering.undrawable(text.replace("\n", " ")))
    return "".join(_UNDRAWN if c in lost else c for c in text) if lost else text


def _lost(document: Document) -> tuple[str, ...]:
    texts = [document.title, document.subtitle, *(value for pair in document.above for value in pair)]
    for block in document.blocks:
        match block:
            case Table():
                texts += [cell for row in block.rows for cell in row]
            case Text():
                texts += block.paragraphs
            case Signatures():
                texts += [name for _, name in block.lines]
    return lettering.undrawable("".join(dict.fromkeys("".join(texts).replace("\n", ""))))
