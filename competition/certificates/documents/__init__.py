"""Certificates as PDF: drawn from the snapshot alone, so that the same snapshot gives the same bytes on any day.

A4 across, every face embedded, text only ever as text (nothing in a name is read as markup). One document holds the
artwork once and shares its fonts between pages, so a batch is one small file.
"""

import io
from collections.abc import Iterable, Mapping
from datetime import date
from types import SimpleNamespace
from typing import Any, BinaryIO
from urllib.parse import urlsplit

from competition.certificates.documents.artwork import HEIGHT, WIDTH, artwork
from competition.certificates.documents.page import draw_page
from competition.typesetting import lettering

Snapshot = Mapping[str, Any]


def certificate_pdf(snapshot: Snapshot, *, base_url: str) -> bytes:
    """One certificate."""
    out = io.BytesIO()
    write_certificates([snapshot], base_url=base_url, title=snapshot["number"], out=out)
    return out.getvalue()


def write_certificates(snapshots: Iterable[Snapshot], *, base_url: str, title: str, out: BinaryIO) -> None:
    """Many certificates, one page each, as one document. There must be at least one."""
    with lettering.drawing:
        canvas = None
        for snapshot in snapshots:
            canvas = canvas or _canvas(snapshot, title)
            draw_page(canvas, snapshot, address=verification_address(snapshot, base_url))
            canvas.showPage()
        if canvas is None:
            raise ValueError("there is no certificate to draw")
        out.write(canvas.getpdfdata())


def verification_address(snapshot: Snapshot, base_url: str) -> str:
    """What the QR code says: the page that answers for this certificate."""
    return f"{base_url}/c/{snapshot['verification_id']}"


def printed_domain(base_url: str) -> str:
    """The domain as people compare it."""
    return urlsplit(base_url).netloc


def _canvas(first: Snapshot, title: str) -> Any:
    from reportlab.pdfgen.canvas import Canvas  # slow to import, and only certificates need it

    lettering.typeface(lettering.SONG)
    canvas = Canvas(
        io.BytesIO(),
        pagesize=(WIDTH, HEIGHT),
        pageCompression=1,
        invariant=1,
        initialFontName=lettering.SONG,
        lang="zh-CN",
    )
    # ReportLab knows two clocks, now and the year 2000; a certificate is as old as its date.
    day = date.fromisoformat(first["issued_on"])
    canvas._doc._timeStamp = SimpleNamespace(
        t=0, YMDhms=(day.year, day.month, day.day, 0, 0, 0), dhh=8, dmm=0, tzname="CST"
    )
    canvas.setTitle(f"{first['texts']['title']['zh']} {title}")
    canvas.setAuthor("、".join(issuer["zh"] for issuer in first["issuers"]))
    canvas.setCreator("匠阶 SkillsLadder")
    canvas.setViewerPreference("DisplayDocTitle", "true")
    canvas.beginForm("artwork")
    canvas.addLiteral(artwork())
    canvas.endForm()
    return canvas


__all__ = ["certificate_pdf", "printed_domain", "verification_address", "write_certificates"]
