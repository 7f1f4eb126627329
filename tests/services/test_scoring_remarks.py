"""Notes and photos beside the marks: kept once, without anything but the picture, and never a change of a mark."""

import io
from uuid import uuid4

import pytest
from PIL import Image

from competition.accounts.queries import actor_of
from competition.errors import Conflict, NotFound, RuleBroken
from competition.scoring import queries, services
from competition.scoring.models import RemarkKind
from competition.scoring.services import RemarkSent
from competition.transactions import transaction
from tests.builders import competitions, scoring
from tests.conftest import NOON

GPS = 0x8825


@pytest.fixture
def sheet(app):
    with transaction():
        event = scoring.scoring_event(1, rule_set=competitions.rule_set("pairs"), team_size=2)
        yield next(sheet for sheet in queries.sheets_of(event, "A") if sheet.lead)


def photo(width=640, height=480, form="JPEG"):
    """A picture with a place in it, as a phone would take it."""
    picture, exif = Image.new("RGB", (width, height), "gray"), Image.Exif()
    exif.get_ifd(GPS)[1] = "N"
    exif[0x010F] = "Camera of a person"
    content = io.BytesIO()
    picture.save(content, format=form, exif=exif)
    return content.getvalue()


def sent(kind=RemarkKind.NOTE, text="起弧处咬边", content=b"", aspect="A1", **changes):
    return RemarkSent(changes.get("id", uuid4()), aspect, kind, text, content, "2026-06-01T12:00:00+08:00")


def take(sheet, remark):
    return services.take_remark(sheet, remark, by=actor_of(sheet.judge.account), at=NOON)


def test_a_note_is_kept_and_sent_twice_it_is_one(sheet):
    note = sent()
    assert take(sheet, note).id == take(sheet, note).id
    assert [one.text for one in queries.remarks_of(sheet)] == ["起弧处咬边"]


def test_an_id_that_carried_something_else_is_a_conflict(sheet):
    note = sent()
    take(sheet, note)
    with pytest.raises(Conflict):
        take(sheet, sent(text="别的话", id=note.id))


def test_a_photo_keeps_its_pixels_and_nothing_else(sheet):
    raw = photo()
    assert b"Camera of a person" in raw
    kept = take(sheet, sent(RemarkKind.PHOTO, "", raw))
    content = queries.photo_of(sheet, kept.id)
    assert b"Camera of a person" not in content and not Image.open(io.BytesIO(content)).getexif()
    assert kept.content is not None and content[:20] not in kept.content, "it is sealed at rest"


def test_a_photo_is_kept_no_larger_than_it_is_looked_at(sheet):
    kept = take(sheet, sent(RemarkKind.PHOTO, "", photo(4000, 3000)))
    assert max(Image.open(io.BytesIO(queries.photo_of(sheet, kept.id))).size) <= 2000


@pytest.mark.parametrize("content", [b"", b"<svg onload=alert(1)>", b"\xff\xd8\xff\xe0 no picture"])
def test_what_is_no_picture_is_refused(sheet, content):
    with pytest.raises(RuleBroken):
        take(sheet, sent(RemarkKind.PHOTO, "", content))


def test_a_picture_of_too_many_pixels_is_refused_before_it_is_drawn(sheet):
    bomb = io.BytesIO()
    Image.new("1", (20_000, 20_000)).save(bomb, format="PNG")
    assert len(bomb.getvalue()) < 2_500_000
    with pytest.raises(RuleBroken, match="40"):
        take(sheet, sent(RemarkKind.PHOTO, "", bomb.getvalue()))


def test_an_empty_note_and_an_item_of_another_sheet_are_refused(sheet):
    for remark in (sent(text="  "), sent(aspect="Z9")):
        with pytest.raises(RuleBroken):
            take(sheet, remark)


def test_remarks_change_nothing_of_what_is_signed(sheet):
    scoring.mark_sheet(sheet)
    before = queries.content_hash(sheet, queries.marks_of_sheet(sheet))
    scoring.sign(sheet)
    take(sheet, sent())
    assert queries.content_hash(sheet, queries.marks_of_sheet(sheet)) == before
    assert queries.signer_of(sheet).content_hash == before


def test_a_photo_is_found_beside_its_own_sheet_only(sheet):
    kept = take(sheet, sent(RemarkKind.PHOTO, "", photo()))
    other = next(one for one in queries.sheets_of(queries.event_of(sheet)) if one.id != sheet.id)
    with pytest.raises(NotFound):
        queries.photo_of(other, kept.id)
