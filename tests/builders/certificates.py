"""Certificates for tests, made by the services, and ways of reading one back from its PDF."""

import io
from typing import Any

import pypdf
import pypdfium2
import zxingcpp

from competition.accounts.services import system_actor
from competition.certificates import services
from competition.certificates.models import Certificate
from competition.competitions.models import Event
from competition.results import queries as results
from competition.results.models import ResultLine
from competition.workers.models import Worker
from tests.builders.once import built_once
from tests.builders.results import published_event
from tests.conftest import NOON


def awarded_line(event: Event, position: int = 0) -> tuple[ResultLine, Worker]:
    """A line of the released result by its position, and the first person in it."""
    revision = results.released_revision(event)
    assert revision is not None
    line = results.lines_of(revision)[position]
    return line, line.entrant.members[0].worker


@built_once
def certificate(event: Event | None = None, *, position: int = 0) -> Certificate:
    """A valid certificate of a published event (a new one when none is given), for the winner when nothing is said."""
    line, worker = awarded_line(event or published_event(["80", "90"]), position)
    return services.issue_certificate(line, worker, by=system_actor(), at=NOON)


def text_of(pdf: bytes) -> str:
    return "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages)


def fonts_of(pdf: bytes) -> dict[str, bool]:
    """Every font of a document by name, and whether it is embedded."""
    found = {}
    for page in pypdf.PdfReader(io.BytesIO(pdf)).pages:
        for font in page["/Resources"]["/Font"].values():  # type: ignore[index]
            dictionary: Any = font.get_object()
            descriptor = dictionary.get("/FontDescriptor")
            embedded = descriptor is not None and "/FontFile2" in descriptor.get_object()
            found[str(dictionary["/BaseFont"])] = embedded
    return found


def codes_of(pdf: bytes, *, dpi: int = 150) -> list[str]:
    """What a scanner reads on each page of the printed document."""
    document = pypdfium2.PdfDocument(pdf)
    images = [page.render(scale=dpi / 72).to_pil() for page in document]
    kind = zxingcpp.BarcodeFormat.QRCode
    return [code.text for image in images for code in zxingcpp.read_barcodes(image, formats=kind)]
