"""The road from the last signed sheet to a final result: a re-check, an appeal and its ruling, the end of the window."""

from datetime import datetime, timedelta
from io import BytesIO

from competition.appeals.models import Appeal
from competition.appeals.queries import appeal_window, delegations_led
from competition.appeals.services import file_appeal, receive_appeal, record_hearing, rule_on
from competition.appeals.uploads import Upload, cleaned
from competition.competitions.models import Event
from competition.demonstration.cast import Cast
from competition.demonstration.chance import seed_for
from competition.rechecks import queries as rechecks
from competition.rechecks.models import SigningRole
from competition.rechecks.services import (
    draw_scope,
    find_sheet_right,
    reject_error,
    report_error,
    sign_recheck,
)
from competition.results.queries import final_revision
from competition.results.services import declare_final
from competition.rules.appeals import Effect, Ground, Ruling

RECHECKED = {
    "recheck": {"top": {"percent": 30}, "sample_percent": 15, "error_threshold_percent": 5},
    "appeals": {"base": "published", "minutes": 120},
}
"""What many rule texts ask for: the top 30 % and 15 % of the others, and two hours for the leaders."""
IN_NOTICE = {
    "appeals": {"base": "published", "minutes": 20 * 24 * 60, "tiers": 2, "second_minutes": 24 * 60},
    "publication": {"notice_days": 30},
}
"""So long that whoever looks at the demonstration can still appeal and object."""


def recheck(event: Event, *, cast: Cast, at: datetime) -> None:
    """The supervisor draws, checks and signs; one reported error turns out to be none."""
    supervisor, chief = cast.actor("supervisor"), cast.actor("chief")
    draw_scope(event, seed=seed_for("recheck", event.competition.code, event.code), by=supervisor, at=at)
    standing = rechecks.standing_of(event)
    assert standing is not None
    sheets = rechecks.sheets_at(event, [item.sheet.id for item in standing.items])
    for number, (sheet, item) in enumerate(zip(sheets, standing.items, strict=True)):
        moment = at + timedelta(minutes=1 + number)
        if number:
            find_sheet_right(sheet, content_hash=item.content_hash, by=supervisor, at=moment)
            continue
        check = report_error(
            sheet,
            content_hash=item.content_hash,
            aspect="",
            found="合计看似多加1分",
            should_be="合计应少1分",
            note="与纸质评分表核对",
            by=supervisor,
            at=moment,
        )
        reject_error(check, reason="重新加总后与原表一致。", by=chief, at=moment)
    done = at + timedelta(minutes=2 + len(standing.items))
    sign_recheck(event, role=SigningRole.SUPERVISOR, by=supervisor, at=done)
    sign_recheck(event, role=SigningRole.CHIEF, by=chief, at=done)


def appeal(event: Event, *, text: str, ground: Ground, cast: Cast, at: datetime) -> Appeal:
    """The leader appeals, and the arbiter confirms receipt."""
    leader, arbiter = cast.actor("leader"), cast.actor("arbiter")
    filed = file_appeal(
        event,
        delegations_led(leader, event)[0],
        grounds=[ground],
        text=text,
        evidence=cleaned([Upload("电流记录.png", _current_record())]),
        by=leader,
        at=at,
    )
    receive_appeal(filed, by=arbiter, at=at + timedelta(minutes=10))
    return filed


def _current_record() -> bytes:
    """A made-up record of a welding current, as a picture."""
    from PIL import Image, ImageDraw  # slow to import, and only this picture needs it

    picture = Image.new("RGB", (480, 200), "white")
    pen = ImageDraw.Draw(picture)
    heights = [100 + (number * 37 % 17 if number < 60 else number * 53 % 61) for number in range(96)]
    pen.line([(number * 5, height) for number, height in enumerate(heights)], fill="navy", width=2)
    pen.line([(0, 190), (480, 190)], fill="gray")
    content = BytesIO()
    picture.save(content, format="PNG")
    return content.getvalue()


def dismiss(filed: Appeal, *, reason: str, cast: Cast, at: datetime) -> None:
    """The arbiter hears both sides and dismisses the appeal."""
    arbiter = cast.actor("arbiter")
    record_hearing(filed, note="听取领队与裁判长陈述，调阅监控录像和设备点检记录。", by=arbiter, at=at)
    rule_on(
        filed,
        ruling=Ruling.DISMISSED,
        effect=Effect.NONE,
        reason=reason,
        by=arbiter,
        at=at + timedelta(minutes=20),
    )


def close_window(event: Event, *, cast: Cast) -> None:
    """When the window for appeals is over, the organiser declares the result final, if it is not yet."""
    window = appeal_window(event)
    if window is not None and final_revision(event) is None:
        declare_final(event, by=cast.actor("organiser"), at=window.closes_at + timedelta(minutes=5))
