"""Who walks through the full house, and an example of everything an address can name."""

from collections.abc import Iterator
from contextvars import Context
from typing import Any

from flask import Flask
from itsdangerous import URLSafeTimedSerializer
from sqlalchemy import select
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from competition import clock
from competition.accounts.models import Account, RoleGrant
from competition.accounts.services import grant_role, open_account, system_actor
from competition.appeals.models import Appeal
from competition.certificates.models import Certificate
from competition.competitions.models import Competition, Event, RuleSetVersion
from competition.database import db
from competition.draws.models import Draw
from competition.drills.models import Attempt, Drill, DrillState, Question
from competition.floor.models import FloorEntry
from competition.jobs.models import Operation
from competition.judge_statistics.models import CalibrationPiece
from competition.organisations.models import Organisation
from competition.panels.models import Judge, Seat
from competition.paper.models import PaperPhoto, PrintedSheet
from competition.promotions.models import PromotionCase, PromotionTable
from competition.rechecks.models import SheetCheck
from competition.registration.models import Delegation, Entrant, EntrantMember, EntrantState
from competition.results.models import ResultRevision
from competition.rules.access import Role, ScopeKind
from competition.rules.floor import Kind as FloorKind
from competition.scoring.models import MarkOperation, RemarkKind, SheetRemark
from competition.tablets.models import Device, LoginCard
from competition.transactions import transaction
from tests.demonstration import TODAY

CAST = (
    "stranger", "admin", "organiser", "elsewhere", "supervisor", "chief", "judge", "codes", "leader", "worker",
    "promotion", "auditor", "clerk",
)  # fmt: skip
"""`elsewhere` organises in another province; the others are the accounts of the demonstration."""


def open_elsewhere() -> None:
    """An organiser who must not see anything of this province."""
    with transaction():
        if db.session.scalar(select(Account).where(Account.username == "elsewhere")):
            return
        account = open_account(
            username="elsewhere",
            name="外省组委",
            password="nothing to see here",
            by=system_actor(),
            at=TODAY,
            must_change=False,
        )
        place = db.session.scalars(select(Organisation).where(Organisation.name == "陕西省")).one()
        grant_role(
            account, role=Role.ORGANISER, scope_kind=ScopeKind.ORGANISATION, scope_id=place.id, path=place.path,
            place=place.name, by=system_actor(), at=TODAY,
        )  # fmt: skip


def one(query: Any) -> Any:
    found = db.session.scalars(query.limit(1)).first()
    assert found is not None, query
    return found


def examples() -> dict[str, Any]:
    """For every name in an address, an id that exists, all of the Jiangsu welding event where there is one."""
    competition = one(select(Competition).where(Competition.code == "JS-2026"))
    event = one(select(Event).where(Event.competition_id == competition.id, Event.code == "W"))
    entrant = one(select(Entrant).where(Entrant.event_id == event.id, Entrant.state == EntrantState.APPROVED))
    member = one(select(EntrantMember).where(EntrantMember.entrant_id == entrant.id))
    certificate = one(select(Certificate).where(Certificate.event_id == event.id))
    check = one(select(SheetCheck).where(SheetCheck.event_id == event.id, SheetCheck.is_right.is_(False)))
    violation = one(
        select(FloorEntry).where(FloorEntry.event_id == event.id, FloorEntry.kind == FloorKind.VIOLATION)
    )
    return {
        "account_id": one(select(Account).where(Account.username == "judge2")).id,
        "appeal_id": one(select(Appeal).where(Appeal.event_id == event.id)).id,
        "attempt_id": one(select(Attempt)).id,
        "card_id": one(select(LoginCard).where(LoginCard.event_id == event.id)).id,
        "case_id": one(select(PromotionCase)).id,
        "certificate_id": certificate.id,
        "check_id": check.id,
        "code": violation.code,
        "competition_id": competition.id,
        "delegation_id": one(select(Delegation).where(Delegation.competition_id == competition.id)).id,
        "device_id": one(select(Device).where(Device.event_id == event.id)).id,
        "draw_id": one(select(Draw).where(Draw.event_id == event.id)).id,
        "drill_id": one(select(Drill).where(Drill.state == DrillState.OPEN)).id,
        "entrant_id": entrant.id,
        "entry_id": violation.id,
        "event_id": event.id,
        "grant_id": one(select(RoleGrant).join(Account).where(Account.username == "judge2")).id,
        "judge_id": one(select(Judge)).id,
        "number": 1,
        "op_id": one(
            select(MarkOperation).where(
                MarkOperation.event_id == event.id, MarkOperation.answer == "rejected"
            )
        ).op_id,
        "operation_id": one(select(Operation)).id,
        "picture_id": one(select(PaperPhoto).where(PaperPhoto.event_id == event.id)).id,
        "print_id": one(select(PrintedSheet).where(PrintedSheet.event_id == event.id)).id,
        "piece_id": one(select(CalibrationPiece).where(CalibrationPiece.event_id == event.id)).id,
        "organisation_id": one(select(Organisation).where(Organisation.name == "江海重工集团")).id,
        "question_id": one(select(Question)).id,
        "revision_id": one(select(ResultRevision).where(ResultRevision.event_id == event.id)).id,
        "seat_id": one(select(Seat).where(Seat.event_id == event.id)).id,
        "photo_id": one(
            select(SheetRemark).where(
                SheetRemark.sheet_id == check.sheet_id, SheetRemark.kind == RemarkKind.PHOTO
            )
        ).id,
        "sheet_id": check.sheet_id,
        "table_id": one(select(PromotionTable)).id,
        "text": certificate.verification_id,
        "verification_id": certificate.verification_id,
        "version_id": one(select(RuleSetVersion).where(RuleSetVersion.event_id == event.id)).id,
        "worker_id": member.worker_id,
    }


def routes(app: Flask) -> Iterator[tuple[str, Rule]]:
    """Every method and rule of the application, assets aside."""
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: rule.endpoint):
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            if not rule.endpoint.startswith("assets."):
                yield method, rule


def address(app: Flask, rule: Rule, known: dict[str, Any], **chosen: Any) -> str:
    """The address of a rule with the examples in its places."""
    values = {name: chosen.get(name, known.get(name, OTHERS.get(name))) for name in rule.arguments}
    unknown = [name for name, value in values.items() if value is None]
    assert not unknown, f"{rule} names {unknown}; give an example in tests/house.py"
    with app.test_request_context():
        adapter = app.url_map.bind("127.0.0.1")
        path: str = adapter.build(
            rule.endpoint, values, method=next(iter(rule.methods - {"HEAD", "OPTIONS"}))
        )
    return path


OTHERS: dict[str, Any] = {
    "role_name": "auditor",
    "import_id": "00000000-0000-7000-8000-000000000000",
    "name": "workshop",
    "starter": "workshop",
    "module": "theory",
    "part": "practice",
    "kind": "organisation",
    "label": "J1",
    "seat": "B.J1",
    "file_format": "pdf",
    "program": "verify_results.py",
}


class Visitor:
    """Somebody of the cast with a browser; every request stands for itself, apart from the test's own session."""

    def __init__(self, app: Flask, who: str) -> None:
        self.client = app.test_client()
        session: dict[str, Any] = {"csrf_token": "0" * 40}
        if who != "stranger":
            session |= self._signed_in(who)
        Context().run(self._keep, session)
        signer = URLSafeTimedSerializer(app.secret_key or "", salt="wtf-csrf-token")
        self.token = str(signer.dumps(session["csrf_token"]))

    def _signed_in(self, username: str) -> dict[str, Any]:
        """What the sign-in page would have put into the session."""
        account = db.session.scalars(select(Account).where(Account.username == username)).one()
        moment = int(clock.now().timestamp())
        return {"_user_id": f"{account.id}:{account.epoch}", "_fresh": True, "since": moment, "seen": moment}

    def _keep(self, session: dict[str, Any]) -> None:
        with self.client.session_transaction() as cookie:
            cookie.update(session)

    def ask(self, path: str, method: str = "GET", **kwargs: Any) -> TestResponse:
        """One request; every other method than GET carries the form's token, as our own pages send it."""
        headers = {"X-CSRFToken": self.token, "Sec-Fetch-Site": "same-origin"} if method != "GET" else {}
        db.session.remove()
        response: TestResponse = Context().run(
            lambda: self.client.open(path, method=method, headers=headers, **kwargs)
        )
        db.session.remove()
        return response

    def reads(self, language: str) -> "Visitor":
        self.client.set_cookie("language", language)
        return self
