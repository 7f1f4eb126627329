"""Read judges, panels, and who may not judge whom.

Source: docs/sources.md, domain §4.3 (numbers), §4.4 (a judge recuses from the own delegation at scoring level, not from the event).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.orm import joinedload

from competition.accounts.models import Account
from competition.accounts.queries import accounts_with_role
from competition.competitions import queries as competitions
from competition.competitions.models import Event
from competition.database import session
from competition.draws import queries as draws
from competition.errors import NotFound
from competition.organisations.queries import scope_of
from competition.panels.models import Judge, Seat, SeatKind
from competition.registration import queries as registration
from competition.registration.models import Entrant
from competition.rules.access import Actor, Permission, Role
from competition.rules.ruleset import OwnDelegation
from competition.rules.scheme import Group, Judgement, Panel
from competition.rules.sentences import Sentence, sentence

ALTERNATES = 3
"""How many alternates a module may have."""
SHADOWS = 3
"""How many shadow judges a module may have."""
_ORDER = (SeatKind.LEAD, SeatKind.MEMBER, SeatKind.ALTERNATE, SeatKind.SHADOW)
_ON_PANEL = frozenset({SeatKind.LEAD, SeatKind.MEMBER})


# --- judges ---------------------------------------------------------------------------------------


def judge_of(actor: Actor) -> Judge | None:
    """The signed-in person as a judge, or None."""
    if actor.account_id is None:
        return None
    found: Judge | None = session.scalar(select(Judge).where(Judge.account_id == actor.account_id))
    return found


def judge_by_id(judge_id: UUID) -> Judge:
    """The judge, or NotFound."""
    found: Judge | None = session.get(Judge, judge_id)
    if found is None:
        raise NotFound()
    return found


def may_correct(actor: Actor, judge: Judge) -> bool:
    """Whether the person may say where a judge belongs: only who reaches the judge's organisation (recusal rests on it)."""
    if judge.organisation is None:
        return actor.may_ever(Permission.PANELS_JUDGE_MANAGE)
    return actor.may(Permission.PANELS_JUDGE_MANAGE, scope_of(judge.organisation))


def judge_to_correct(actor: Actor, judge_id: UUID) -> Judge:
    """The judge, when the person may correct the details; else NotFound."""
    judge = judge_by_id(judge_id)
    if not may_correct(actor, judge):
        raise NotFound()
    return judge


def judge_of_account(account: Account) -> Judge | None:
    found: Judge | None = session.scalar(select(Judge).where(Judge.account_id == account.id))
    return found


def judges_page(text: str = "", *, page: int = 1, size: int = 50) -> tuple[list[Judge], int]:
    """Judges whose name or user name contains the text, by name, and how many there are."""
    query = select(Judge).join(Judge.account)
    if text:
        like = f"%{text.lower()}%"
        query = query.where(or_(func.lower(Account.name).like(like), Account.username.like(like)))
    total = session.scalar(select(func.count()).select_from(query.subquery())) or 0
    rows = session.scalars(
        query.options(joinedload(Judge.account), joinedload(Judge.organisation))
        .order_by(Account.name, Account.username)
        .limit(size)
        .offset((page - 1) * size)
    )
    return list(rows), total


def events_of_judge(judge: Judge) -> list[Event]:
    """The events in which the judge has or had a seat, latest first."""
    ids = select(Seat.event_id).where(Seat.judge_id == judge.id)
    found = session.scalars(
        select(Event).where(Event.id.in_(ids)).order_by(Event.created_at.desc(), Event.id)
    )
    return list(found)


# --- panels ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class PanelSize:
    """How many seats a module has, and how many of them must be taken before it can be marked."""

    seats: int
    needed: int

    @property
    def labels(self) -> tuple[str, ...]:
        return tuple(f"J{number}" for number in range(1, self.seats + 1))


def panel_size(module: Group) -> PanelSize:
    """What the rule set asks of a module: as many seats as its largest panel, and as many as measure together; else one."""
    aspects = competitions.aspects_of(module)
    methods = [aspect.method for aspect in aspects]
    together = [aspect.conferring for aspect in aspects if aspect.conferring is not None]
    seats = [method.judges for method in methods if isinstance(method, Judgement | Panel)] + together
    needed = [method.judges for method in methods if isinstance(method, Judgement)] + together
    needed += [method.minimum for method in methods if isinstance(method, Panel)]
    return PanelSize(max(seats, default=1), max(needed, default=1))


def seat_number(label: str) -> int:
    """J3 is 3."""
    return int(label[1:])


def is_shadow(label: str) -> bool:
    """S1, S2 …: seats that mark what the panel marks and count nowhere."""
    return label.startswith("S")


def seats_of(event: Event, module: str | None = None) -> list[Seat]:
    """The seats taken now: by module, judges before alternates and shadows, in the order of their labels."""
    query = (
        select(Seat)
        .where(Seat.event_id == event.id, Seat.released_at.is_(None))
        .options(
            joinedload(Seat.judge).joinedload(Judge.account),
            joinedload(Seat.judge).joinedload(Judge.organisation),
        )
    )
    if module is not None:
        query = query.where(Seat.module == module)
    return sorted(session.scalars(query), key=_in_order)


def _in_order(seat: Seat) -> tuple[str, int, int]:
    return seat.module, max(1, _ORDER.index(SeatKind(seat.kind))), seat_number(seat.label)


def seat_for(event: Event, seat_id: UUID) -> Seat:
    """A seat of the event that is taken now, or NotFound."""
    found: Seat | None = session.get(Seat, seat_id)
    if found is None or found.event_id != event.id or found.released_at is not None:
        raise NotFound()
    return found


def seats_of_judge(judge: Judge, event: Event) -> list[Seat]:
    """The judge's seats in the event now."""
    return [seat for seat in seats_of(event) if seat.judge_id == judge.id]


def chiefs_of(event: Event) -> list[Account]:
    """The chief judges of the event, by name."""
    return accounts_with_role(Role.CHIEF_JUDGE, scope_id=event.id)


# --- recusal --------------------------------------------------------------------------------------


def conflict(judge: Judge, entrant: Entrant) -> Sentence | None:
    """Why this judge must not mark this entrant, or None.

    The judge's organisation must not be the delegation's, contain it, or lie inside it, unless the rule set
    allows it; and nobody ever marks the own work.
    """
    if any(member.worker.account_id == judge.account_id for member in entrant.members):
        return sentence("%(judge)s takes part in the event.", judge=judge.account.name)
    allowed = competitions.rule_set_of(entrant.event).own_delegation is OwnDelegation.ALLOWED
    if allowed or judge.organisation is None:
        return None
    own, theirs = judge.organisation, entrant.delegation.organisation
    if not (own.path.startswith(theirs.path) or theirs.path.startswith(own.path)):
        return None
    return sentence(
        "%(judge)s belongs to %(own)s and must not mark the delegation of %(delegation)s.",
        judge=judge.account.name,
        own=own.name,
        delegation=theirs.name,
    )


def judge_for(seat: Seat, entrant: Entrant, alternates: Iterable[Judge]) -> Judge | Sentence:
    """Who marks this entrant from this seat: its judge, else the first alternate without a conflict, else the reason why not.

    `alternates` are the module's alternates who do not mark this entrant from another seat yet.
    """
    return _judge_or_alternate(seat.judge, entrant, alternates)


def _judge_or_alternate(judge: Judge, entrant: Entrant, alternates: Iterable[Judge]) -> Judge | Sentence:
    reason = conflict(judge, entrant)
    if reason is None:
        return judge
    free = (alternate for alternate in alternates if conflict(alternate, entrant) is None)
    return next(free, reason)


@dataclass(frozen=True)
class ModulePanel:
    """The judges of a module by seat, in the order of the seats, and its alternates in their order."""

    judges: Mapping[str, Judge]
    alternates: tuple[Judge, ...]

    def with_judge(self, label: str, judge: Judge) -> "ModulePanel":
        judges = {**self.judges, label: judge}
        return ModulePanel({key: judges[key] for key in sorted(judges, key=seat_number)}, self.alternates)

    def for_entrant(self, entrant: Entrant) -> dict[str, Judge | Sentence]:
        """Who marks this entrant from each seat, or why nobody can; no judge twice."""
        free = list(self.alternates)
        panel: dict[str, Judge | Sentence] = {}
        for label, judge in self.judges.items():
            chosen = panel[label] = _judge_or_alternate(judge, entrant, free)
            free = [alternate for alternate in free if alternate is not chosen]
        return panel


def panel_of(seats: Iterable[Seat], module: str) -> ModulePanel:
    """The panel of a module out of the seats of an event."""
    own = sorted((seat for seat in seats if seat.module == module), key=_in_order)
    return ModulePanel(
        {seat.label: seat.judge for seat in own if seat.kind in _ON_PANEL},
        tuple(seat.judge for seat in own if seat.kind == SeatKind.ALTERNATE),
    )


@dataclass(frozen=True)
class Uncovered:
    """A seat whose judge must not mark an entrant, with nobody to step in."""

    label: str
    judge: Judge
    entrant: Entrant
    reason: Sentence


def uncovered(panel: ModulePanel, entrants: Iterable[Entrant]) -> list[Uncovered]:
    """The pairs of seat and entrant of one module for which there is no judge."""
    return [
        Uncovered(label, panel.judges[label], entrant, chosen)
        for entrant in entrants
        for label, chosen in panel.for_entrant(entrant).items()
        if isinstance(chosen, Sentence)
    ]


def conflicts_of(judge: Judge, event: Event) -> list[Entrant]:
    """The approved entrants of the event that this judge must not mark."""
    return [entrant for entrant in registration.approved_entrants(event) if conflict(judge, entrant)]


# --- readiness ------------------------------------------------------------------------------------


def readiness(event: Event, *, with_codes: bool = False) -> tuple[Sentence, ...]:
    """What the panels still lack before marking can start; () when they are ready.

    `with_codes` names judge, delegation and code of every pair without a judge: for the organiser only, because a code
    beside a delegation says whose work it is. Otherwise such pairs are counted.
    """
    found: list[Sentence] = []
    if not chiefs_of(event):
        found.append(sentence("No chief judge is appointed; nobody could confirm the sheets."))
    seats = seats_of(event)
    entrants = registration.approved_entrants(event)
    codes = _codes_of(event) if with_codes else {}
    for module in competitions.modules_of(competitions.rule_set_of(event)):
        own = [seat for seat in seats if seat.module == module.id]
        taken = {seat.label for seat in own}
        open_labels = [label for label in panel_size(module).labels if label not in taken]
        missing = [label for label in open_labels if seat_number(label) <= panel_size(module).needed]
        if missing:
            found.append(
                sentence(
                    "%(module)s: these seats are not taken: %(labels)s.",
                    module=module.title,
                    labels=", ".join(missing),
                )
            )
        found += _said(module, uncovered(panel_of(own, module.id), entrants), codes, with_codes=with_codes)
    return tuple(found)


def _codes_of(event: Event) -> dict[UUID, str]:
    draw = draws.current_draw(event)
    return {place.entrant_id: place.code for place in draws.places_of(draw)} if draw else {}


def _said(
    module: Group, pairs: Sequence[Uncovered], codes: dict[UUID, str], *, with_codes: bool
) -> Iterable[Sentence]:
    if with_codes:
        for pair in pairs:
            yield sentence(
                "%(module)s, seat %(label)s, code %(code)s: %(reason)s No alternate is free. Assign an alternate.",
                module=module.title,
                label=pair.label,
                code=codes.get(pair.entrant.id, "–"),
                reason=pair.reason,
            )
        return
    for label in dict.fromkeys(pair.label for pair in pairs):
        own = [pair for pair in pairs if pair.label == label]
        yield sentence(
            "%(module)s, seat %(label)s: %(judge)s must not mark %(count)s of the entrants, and no alternate is free."
            " Assign an alternate.",
            module=module.title,
            label=label,
            judge=own[0].judge.account.name,
            count=len(own),
        )
