"""Certificates drawn in this process: one file each, and one file for many."""

import io
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

from benchmarks import contest
from benchmarks.figures import Baseline, Figures, Measurement, Spent, divided, spent
from benchmarks.rivals import Bench
from competition import assets, tokens
from competition.certificates import documents, wording
from competition.competitions.models import Group
from competition.rules.titles import Title
from competition.typesetting import lettering

Snapshot = dict[str, Any]
BASE = "https://skills.example.org"
CONTEST = Title("五千人大赛", "Contest of five thousand")
SKILL = Title("焊接", "Welding")
AWARD = Title("一等奖", "First prize")


def measure(bench: Bench) -> list[Measurement]:
    """Certificates a second on one core, against a plain ReportLab page with the same texts and a QR picture."""
    count = 20 if bench.quick else 300
    snapshots = [_snapshot(number, one.name) for number, one in enumerate(contest.contestants(count), 1)]
    ours, plain = _Drawn(_single), _Drawn(_plain)
    ours.draw(snapshots[:2])
    plain.draw(snapshots[:2])
    found = []
    for name, unit, parts in (
        ("certificates, one file each", "certificates/s", [[one] for one in snapshots]),
        ("certificates, one file for all", "pages/s", [snapshots]),
    ):
        mine, theirs = ours.measured(parts), plain.measured(parts)
        baseline = Baseline("plain ReportLab page, same texts, QR as a picture", _figures(count, *theirs))
        wall, cpu = divided(mine[0].wall, theirs[0].wall), divided(mine[0].cpu, theirs[0].cpu)
        found.append(Measurement(name, unit, _figures(count, *mine), baseline, wall, cpu))
    return found


def _figures(count: int, taken: Spent, size: int) -> Figures:
    return {
        "rate": round(count / taken.wall, 1),
        "rate_per_core": round(count / taken.cpu, 1),
        "ms_each": round(taken.wall / count * 1000, 2),
        "kb_each": round(size / count / 1000, 1),
    }


class _Drawn:
    """A way to make a file of some snapshots."""

    def __init__(self, make: Callable[[Sequence[Snapshot]], bytes]) -> None:
        self.make = make

    def draw(self, snapshots: Sequence[Snapshot]) -> int:
        return len(self.make(snapshots))

    def measured(self, parts: Sequence[Sequence[Snapshot]]) -> tuple[Spent, int]:
        sizes: list[int] = []
        return spent(lambda: sizes.extend(self.draw(part) for part in parts)), sum(sizes)


def _single(snapshots: Sequence[Snapshot]) -> bytes:
    out = io.BytesIO()
    documents.write_certificates(snapshots, base_url=BASE, title=snapshots[0]["number"], out=out)
    return out.getvalue()


def _plain(snapshots: Sequence[Snapshot]) -> bytes:
    from reportlab.lib.pagesizes import A4, landscape
    from reportlab.pdfgen.canvas import Canvas

    out = io.BytesIO()
    canvas = Canvas(out, pagesize=landscape(A4), pageCompression=1)
    for snapshot in snapshots:
        _plain_page(canvas, snapshot)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def _plain_page(canvas: Any, snapshot: Snapshot) -> None:
    import qrcode
    from reportlab.lib.utils import ImageReader

    texts = snapshot["texts"]
    lines = (
        texts["title"]["zh"],
        texts["title"]["en"],
        snapshot["number"],
        snapshot["name"] + texts["honorific"],
        snapshot["unit"],
        texts["sentence"]["zh"],
        snapshot["award"]["zh"] + texts["place"]["zh"],
        texts["closing"]["zh"],
        texts["sentence"]["en"],
        texts["scan"]["zh"],
        snapshot["issuers"][0]["zh"],
        snapshot["issued_on"],
        texts["seal"],
    )
    canvas.setFont(_plain_face(), 17)
    for number, line in enumerate(lines):
        canvas.drawCentredString(420, 540 - 26 * number, line)
    picture = io.BytesIO()
    qrcode.make(documents.verification_address(snapshot, BASE)).save(picture)
    picture.seek(0)
    canvas.drawImage(ImageReader(picture), 60, 60, 85, 85)


@cache
def _plain_face() -> str:
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont

    pdfmetrics.registerFont(TTFont("Plain", str(assets.font_path(lettering.SONG))))
    return "Plain"


def _snapshot(number: int, name: str) -> Snapshot:
    """What services.certificates would keep for the winner of this place."""
    texts = wording.texts(
        competition=CONTEST, event=SKILL, award=AWARD, place=number, partners=[], group=Group.WORKER
    )
    return {
        "number": f"BENCH-2026-E1-1-{number:06}",
        "verification_id": tokens.new_verification_id(),
        "name": name,
        "unit": contest.enterprise(number % contest.ENTERPRISES),
        "award": {"id": "first", **AWARD.as_json()},
        "place": number,
        "issuers": [{"zh": "测速联合会", "en": "Federation of Measurement"}],
        "issued_on": "2026-11-20",
        "replaces": "",
        "texts": texts,
    }
