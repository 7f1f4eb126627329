"""Made-up notes and photos beside marks: what a judge keeps in case somebody asks."""

from datetime import datetime
from functools import cache
from io import BytesIO
from uuid import uuid5

from competition.competitions.queries import rule_set_of
from competition.rules.access import Actor
from competition.scoring.models import RemarkKind, Sheet
from competition.scoring.queries import event_of, items_of
from competition.scoring.services import RemarkSent, take_remark

NOTE = "焊缝左端起弧处有轻微咬边，已与副裁判共同查看。"


def remark_on(sheet: Sheet, *, by: Actor, at: datetime) -> None:
    """A note and a photo about the first item of a sheet."""
    aspect = items_of(rule_set_of(event_of(sheet)), sheet.module, sheet.seat_label)[0].aspect.id
    for kind, text, photo in ((RemarkKind.NOTE, NOTE, b""), (RemarkKind.PHOTO, "", _weld())):
        known = uuid5(sheet.id, kind)
        take_remark(sheet, RemarkSent(known, aspect, kind, text, photo, at.isoformat()), by=by, at=at)


@cache
def _weld() -> bytes:
    """A bead of weld on a plate, as a picture."""
    from PIL import Image, ImageDraw  # slow to import, and only this picture needs it

    picture = Image.new("RGB", (640, 240), "#8d949b")
    pen = ImageDraw.Draw(picture)
    pen.rectangle((0, 112, 640, 128), fill="#5c646b")
    for number in range(58):
        left = 20 + number * 10
        pen.ellipse(
            (left, 96 + number * 7 % 5, left + 34, 144 - number * 5 % 4), fill="#b9bec2", outline="#4b5258"
        )
    content = BytesIO()
    picture.save(content, format="JPEG", quality=80)
    return content.getvalue()
