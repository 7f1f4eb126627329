"""What a certificate says. These words are part of the document, in both languages, and are kept in its snapshot."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from competition.competitions.models import Group
from competition.rules.titles import Title

LEGAL_TIME = ZoneInfo("Asia/Shanghai")
"""A certificate carries the date of the country's legal time, wherever the server stands."""

HONORIFICS = {Group.WORKER: "同志", Group.TEACHER: "老师", Group.STUDENT: "同学", Group.OPEN: "选手"}


def texts(
    *, competition: Title, event: Title, award: Title, place: int | None, partners: list[str], group: Group
) -> dict[str, Any]:
    """Every fixed and composed text of a certificate. `partners` are the names of the others of a pair or team."""
    together = f"与{'、'.join(partners)}组队，" if partners else ""
    parts = [award.en + (f" (place {place})" if place else ""), event.en, competition.en]
    return {
        "title": {"zh": "获奖证书", "en": "CERTIFICATE OF AWARD"},
        "number": {"zh": "证书编号", "en": "No."},
        "honorific": HONORIFICS[Group(group)],
        "sentence": {
            "zh": f"在“{competition.zh}”{_event_name(event.zh)}中，{together}荣获",
            "en": " · ".join(parts) if all(parts) else "",
        },
        "place": {"zh": f"第 {place} 名" if place else "", "en": f"place {place}" if place else ""},
        "closing": {"zh": "特发此证。", "en": ""},
        "scan": {"zh": "扫码核验", "en": "Scan to verify"},
        "seal": "盖章处",
        "replaces": {"zh": "补发，替换证书", "en": "Replaces"},
    }


def _event_name(name: str) -> str:
    return name if name.endswith("赛项") else name + "赛项"


def legal_date(at: datetime) -> str:
    """The date of a moment in legal time, as it is stored: 2026-11-20."""
    return at.astimezone(LEGAL_TIME).date().isoformat()
