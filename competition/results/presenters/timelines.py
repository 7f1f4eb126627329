"""The road from the last signed sheet to a final result: what is done, by whom and when, and the one next action."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from competition.accounts.queries import account_by_id
from competition.competitions.models import Event
from competition.competitions.queries import moves_of, rule_set_of
from competition.rechecks import queries as rechecks
from competition.results import queries
from competition.results.models import Publication, ResultFinal, ResultRevision
from competition.results.presenters.revisions import Abilities
from competition.results.queries import Notice, Outlook
from competition.rules.lifecycle import EventState, Move
from competition.rules.procedure import Finality
from competition.rules.sentences import Sentence, sentence


class Progress(StrEnum):
    """How a step of the road stands."""

    DONE = "done"
    NOW = "now"
    LATER = "later"


LABELS: dict[Progress, tuple[Sentence, str]] = {
    Progress.DONE: (sentence("Done"), "success"),
    Progress.NOW: (sentence("Now"), "info"),
    Progress.LATER: (sentence("Later"), "neutral"),
}


@dataclass(frozen=True)
class RoadStep:
    """One step; `hint` says who did it and when, or what it waits for."""

    title: Sentence
    hint: Sentence | None
    status: Sentence
    tone: str
    href: None = None


@dataclass(frozen=True)
class NextAction:
    """What is to be done now; `anchor` is the part of the page where it is done, None where there is nothing to press."""

    sentence: Sentence
    anchor: str | None
    label: Sentence | None


@dataclass(frozen=True)
class Road:
    """Everything the publication page says about where a result stands."""

    steps: tuple[RoadStep, ...]
    next: NextAction
    obstacles: tuple[Sentence, ...]
    may_declare: bool


@dataclass(frozen=True)
class _Facts:
    event: Event
    waiting: ResultRevision | None
    publication: Publication | None
    final: ResultFinal | None
    at: datetime

    @property
    def is_open(self) -> bool:
        """Whether the marking goes on (for the first time or again), or was closed and waits for its result."""
        return self.event.state in (EventState.SCORING, EventState.SCORED)

    @property
    def public(self) -> Publication | None:
        """The publication of this round; None while a correction is on its way."""
        return None if self.is_open else self.publication


def road(
    event: Event,
    outlook: Outlook,
    waiting: ResultRevision | None,
    may: Abilities,
    obstacles: Sequence[Sentence],
    at: datetime,
) -> Road:
    """The road of an event's result at a moment, for one reader. `obstacles`: what keeps the published result from being final."""
    publication = queries.newest_publication(event.id)
    final = queries.final_of(publication.revision) if publication else None
    facts = _Facts(event, waiting if event.state == EventState.SCORED else None, publication, final, at)
    public = facts.public
    is_ready = public is not None and final is None and not obstacles
    return Road(
        steps=tuple(_steps(facts, outlook)),
        next=_next(facts, outlook, may, obstacles),
        obstacles=tuple(obstacles) if public is not None and final is None else (),
        may_declare=is_ready and may.approve,
    )


def _steps(facts: _Facts, outlook: Outlook) -> Iterator[RoadStep]:
    event, waiting, public = facts.event, facts.waiting, facts.public
    closed = event.state in (EventState.SCORED, EventState.PUBLISHED)
    done, now, later = Progress.DONE, Progress.NOW, Progress.LATER
    yield _step(sentence("Marking closed"), done if closed else now, _closing(event) if closed else None)
    checked = closed and not rechecks.blockers(event)
    if rule_set_of(event).procedure.recheck is not None:
        yield _step(sentence("Sheets checked again"), done if checked else now if closed else later, None)
    prepared = waiting or (public.revision if public else None)
    yield _step(
        sentence("Computed from the marks, first approval"),
        done if prepared else now if checked else later,
        _prepared(prepared) if prepared else None,
    )
    yield _step(
        sentence("Computed again by the verifier, second approval, public"),
        done if public else now if waiting else later,
        _published(public) if public else None,
    )
    notice = queries.notice_of(public) if public else None
    running = notice is not None and notice.until is not None and facts.at < notice.until
    if rule_set_of(event).procedure.publication.notice_days or (public and public.notice_until):
        yield _step(
            sentence("Public notice"),
            now if running else done if notice is not None and notice.has_begun else later,
            _notice(notice, facts.at) if notice else None,
        )
    final = facts.final if public else None
    yield _step(
        sentence("Final"),
        done if final else later if notice is None or running or not notice.has_begun else now,
        sentence("%(name)s, %(at)s", name=final.by_name or "–", at=final.at) if final else None,
    )


def _step(title: Sentence, progress: Progress, hint: Sentence | None) -> RoadStep:
    label, tone = LABELS[progress]
    return RoadStep(title, hint, label, tone)


def _closing(event: Event) -> Sentence | None:
    moves = [move for move in moves_of(event) if move.move == Move.CLOSE_SCORING]
    if not moves:
        return None
    account = account_by_id(moves[-1].by_id) if moves[-1].by_id else None
    return sentence("%(name)s, %(at)s", name=account.name if account else "–", at=moves[-1].at)


def _prepared(revision: ResultRevision) -> Sentence:
    return sentence(
        "Revision %(number)s: %(name)s, %(at)s",
        number=revision.number,
        name=revision.prepared_by_name,
        at=revision.prepared_at,
    )


def _published(publication: Publication) -> Sentence:
    approvals = queries.approvals_of(publication.revision)
    return sentence("%(name)s, %(at)s", name=approvals[-1].by_name if approvals else "–", at=publication.at)


def _notice(notice: Notice, at: datetime) -> Sentence:
    until = notice.until
    if not notice.has_begun:
        return sentence("Begins when the award ceremony lets the result go")
    if until is None:
        return sentence("The rules know no notice period.")
    if at < until:
        return sentence("Until %(until)s: %(left)s left", until=until, left=time_left(until - at))
    return sentence("Until %(until)s", until=until)


def time_left(left: timedelta) -> Sentence:
    """How long, in words: days and hours, below a day hours and minutes."""
    minutes = -(-int(left.total_seconds()) // 60)
    days, hours = minutes // 1440, minutes % 1440 // 60
    if days:
        return sentence("%(days)s d %(hours)s h", days=days, hours=hours)
    return sentence("%(hours)s h %(minutes)s min", hours=hours, minutes=minutes % 60)


def _next(facts: _Facts, outlook: Outlook, may: Abilities, obstacles: Sequence[Sentence]) -> NextAction:
    if facts.event.state == EventState.SCORING:
        return NextAction(sentence("Close the marking when every sheet is signed and confirmed."), None, None)
    if facts.waiting is not None:
        return _next_approval(facts.waiting, may)
    if facts.event.state == EventState.SCORED:
        return _next_preparation(outlook, may)
    return _next_final(facts, may, obstacles)


def _next_preparation(outlook: Outlook, may: Abilities) -> NextAction:
    if outlook.ties and may.prepare:
        return NextAction(
            sentence("Decide the tie; the result is prepared with it."), "prepare", sentence("Decide a tie")
        )
    if outlook.problems:
        return NextAction(
            sentence("Clear what stands in the way."), "obstacles", sentence("What stands in the way")
        )
    if may.prepare:
        return NextAction(sentence("Prepare the result."), "prepare", sentence("Prepare the result"))
    return NextAction(
        sentence("The chief judge or an organiser of this event prepares the result."), None, None
    )


def _next_approval(waiting: ResultRevision, may: Abilities) -> NextAction:
    if may.approve and not may.stands_already:
        return NextAction(
            sentence("Look at revision %(number)s and approve it.", number=waiting.number),
            "waiting",
            sentence("To the approval"),
        )
    return NextAction(
        sentence(
            "A second person must approve revision %(number)s: the supervisor or another organiser.",
            number=waiting.number,
        ),
        None,
        None,
    )


def _next_final(facts: _Facts, may: Abilities, obstacles: Sequence[Sentence]) -> NextAction:
    if facts.publication is None:
        return NextAction(sentence("Nothing is to be done here yet."), None, None)
    if facts.final is not None:
        return NextAction(
            sentence("Nothing: the result is final. Certificates, promotions and advancement rest on it."),
            None,
            None,
        )
    until = queries.notice_of(facts.publication).until
    if until is not None and facts.at < until:
        return NextAction(
            sentence(
                "Wait: the notice period runs until %(until)s, %(left)s from now. Certificates, promotions and advancement follow then.",
                until=until,
                left=time_left(until - facts.at),
            ),
            None,
            None,
        )
    if obstacles:
        return NextAction(
            sentence("Settle what is still open; the result can be declared final then."),
            "final",
            sentence("What is still open"),
        )
    if rule_set_of(facts.event).procedure.publication.final is Finality.AUTOMATIC:
        return NextAction(
            sentence("Nothing: by its rules the result becomes final by itself in a moment."), None, None
        )
    if may.approve:
        return NextAction(sentence("Declare the result final."), "final", sentence("To the declaration"))
    return NextAction(sentence("The supervisor or an organiser declares the result final."), None, None)
