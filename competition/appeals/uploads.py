"""Files handed in as evidence: what is taken, and what becomes of it before it is kept.

A picture is drawn anew from its pixels, which leaves behind everything else in the file: scripts, places, thumbnails.
A PDF is kept as it came, with its properties, and the forms say so: what is signed or printed in it must stay whole.
It is recognised by its own first and last marks, never by its name.
"""

import hashlib
from dataclasses import dataclass

from competition.errors import RuleBroken
from competition.pictures import MOST_PIXELS, PictureTooLarge, PictureUnreadable, drawn_anew
from competition.rules.sentences import Sentence, sentence

MOST_FILES = 3
MOST_BYTES = 2_500_000
"""So that all of them together fit into one request (settings.upload_limit)."""
PDF = "application/pdf"


@dataclass(frozen=True)
class Upload:
    """A file as it was sent."""

    name: str
    content: bytes


@dataclass(frozen=True)
class Clean:
    """A file as it is kept. `sha256` is that of the file as it was sent, which its sender has too."""

    name: str
    media_type: str
    content: bytes
    sha256: str


def cleaned(uploads: list[Upload]) -> list[Clean]:
    """The files as they may be kept. Raises RuleBroken with everything that is wrong, file by file."""
    problems: list[Sentence] = []
    if len(uploads) > MOST_FILES:
        problems.append(sentence("At most %(most)s files can be handed in.", most=MOST_FILES))
    kept = []
    for number, upload in enumerate(uploads[:MOST_FILES], 1):
        found = _clean(number, upload)
        if isinstance(found, Clean):
            kept.append(found)
        else:
            problems.append(found)
    if problems:
        raise RuleBroken(
            *problems, next_step=sentence("Choose the files again; what you wrote is still here.")
        )
    return kept


def _clean(number: int, upload: Upload) -> Clean | Sentence:
    if not upload.content:
        return sentence("File %(number)s is empty.", number=number)
    if len(upload.content) > MOST_BYTES:
        return sentence("File %(number)s is larger than %(most)s MB.", number=number, most="2.5")
    digest = hashlib.sha256(upload.content).hexdigest()
    if upload.content.startswith(b"%PDF-"):
        if b"%%EOF" not in upload.content[-1024:]:
            return sentence("File %(number)s is a PDF that ends too early.", number=number)
        return Clean(_name(number, "pdf"), PDF, upload.content, digest)
    return _picture(number, upload.content, digest)


def _picture(number: int, content: bytes, digest: str) -> Clean | Sentence:
    try:
        picture = drawn_anew(content)
    except PictureTooLarge:
        return sentence(
            "The picture in file %(number)s has more than %(most)s million pixels.",
            number=number,
            most=MOST_PIXELS // 1_000_000,
        )
    except PictureUnreadable:
        return sentence("File %(number)s is no PDF, JPEG or PNG that can be read.", number=number)
    return Clean(_name(number, picture.ending), picture.media_type, picture.content, digest)


def _name(number: int, ending: str) -> str:
    """The name a file is kept and given out under; the sender's own may hold anything, and is forgotten."""
    return f"evidence-{number}.{ending}"
