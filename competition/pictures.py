"""Pictures that somebody sends, drawn anew from their pixels: nothing else of the file is kept, whatever it held.

What the file says about place, camera and person (EXIF, thumbnails, text) stays behind, and so does anything that is not a picture at
all. The size in pixels is read before a single one of them is drawn.
"""

import io
from dataclasses import dataclass

from competition.errors import RuleBroken
from competition.rules.sentences import sentence

MOST_PIXELS = 40_000_000
LONGEST_SIDE = 2000
"""Of a photo beside a sheet, in pixels: enough to read what is written on it."""
TYPES = {"JPEG": ("image/jpeg", "jpg"), "PNG": ("image/png", "png")}


class PictureUnreadable(Exception):
    """No JPEG or PNG that can be read."""


class PictureTooLarge(Exception):
    """More than MOST_PIXELS pixels."""


@dataclass(frozen=True)
class Picture:
    """A picture as it is kept: its type, the ending of its file and its bytes."""

    media_type: str
    ending: str
    content: bytes


def drawn_anew(content: bytes, *, longest_side: int | None = None, quality: int = 90) -> Picture:
    """The picture upright, in its own format and without anything but its pixels; made smaller where a longest side is given.

    Raises PictureUnreadable and PictureTooLarge.
    """
    from PIL import Image, ImageOps  # slow to import, and only those who send pictures need it

    try:
        with Image.open(io.BytesIO(content), formats=tuple(TYPES)) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                raise PictureTooLarge
            media_type, ending = TYPES[str(picture.format)]
            if longest_side is not None:
                picture.draft("RGB", (longest_side, longest_side))
            upright = ImageOps.exif_transpose(picture)
            mode = "RGBA" if ending == "png" and "A" in upright.getbands() else "RGB"
            pixels = upright.convert(mode)
    except Image.DecompressionBombError as problem:
        raise PictureTooLarge from problem
    except (OSError, ValueError, SyntaxError) as problem:
        raise PictureUnreadable from problem
    if longest_side is not None:
        pixels.thumbnail((longest_side, longest_side))
    drawn = io.BytesIO()
    pixels.save(drawn, format="JPEG" if ending == "jpg" else "PNG", quality=quality)
    return Picture(media_type, ending, drawn.getvalue())


def photo(content: bytes) -> Picture:
    """A photo beside a sheet as it is kept. Raises RuleBroken for what is none, or too large to be looked at."""
    try:
        return drawn_anew(content, longest_side=LONGEST_SIDE, quality=85)
    except PictureTooLarge:
        raise RuleBroken(
            sentence("The photo has more than %(most)s million pixels.", most=MOST_PIXELS // 1_000_000)
        ) from None
    except PictureUnreadable:
        raise RuleBroken(sentence("This is no photo that can be read.")) from None
